"use client";

import type { ReactNode } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Tabs } from "#components/ui/tabs.tsx";

interface Sample<V extends string> {
  value: V;
  label: string;
  code: string;
}

interface CodeSamplesProps<V extends string> {
  /** Names the whole. */
  label: string;
  /** Names what is chosen. */
  kind: string;
  samples: readonly Sample<V>[];
  value: V;
  onChange: (value: V) => void;
  children?: ReactNode;
}

/** The same in several kinds of code, one of which is shown, to be copied; below it what belongs to it. */
export function CodeSamples<V extends string>({
  label,
  kind,
  samples,
  value,
  onChange,
  children,
}: CodeSamplesProps<V>) {
  const code = samples.find((sample) => sample.value === value)?.code ?? "";
  return (
    <section aria-label={label} className="relative overflow-hidden rounded-lg border border-line bg-surface">
      <div className="absolute top-1.5 right-2 z-10">
        <CopyButton text={code} what="code" />
      </div>
      <Tabs
        label={kind}
        value={value}
        onChange={onChange}
        tabs={samples.map((sample) => ({
          value: sample.value,
          label: sample.label,
          content: (
            // Scrolls sideways, so the keyboard has to get there.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
            <pre tabIndex={0} className="overflow-x-auto px-4 py-3 font-mono text-[11.5px] text-ink-2 leading-[19px]">
              {sample.code}
            </pre>
          ),
        }))}
      />
      {children}
    </section>
  );
}
