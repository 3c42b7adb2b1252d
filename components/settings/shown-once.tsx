"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { useCopy } from "#components/ui/use-copy.ts";

interface ShownOnceProps {
  /** What was made, and that it goes. */
  title: ReactNode;
  note?: ReactNode;
  secret: string;
  /** How to try it. */
  tryIt?: ReactNode;
  onDone: () => void;
}

/** A secret on its only appearance. It is kept nowhere but in the page, until the person says that they have it. */
export function ShownOnce({ title, note, secret, tryIt, onDone }: ShownOnceProps) {
  const { isCopied, copy } = useCopy(secret);
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="Shown once"
      className="mb-4 grid gap-2.5 rounded-lg border border-accent-solid bg-surface px-3.5 py-3 shadow-[0_0_0_1px_var(--accent-solid)] outline-none"
    >
      <div className="flex items-center gap-2 max-md:flex-wrap">
        <Icon name="key" className="text-delivered" />
        <p className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{title}</p>
        {note ? <span className="text-muted text-xs max-md:basis-full max-md:pl-6">{note}</span> : null}
      </div>
      <div className="flex gap-2 max-md:flex-wrap">
        <code className="min-h-7 min-w-0 flex-1 rounded-md bg-inset px-2.5 py-1 font-mono text-[12.5px] [overflow-wrap:anywhere] max-md:basis-full">
          {secret}
        </code>
        <Button kind="primary" icon={isCopied ? "check" : "copy"} onClick={copy} className="max-md:flex-1">
          {isCopied ? "Copied" : "Copy"}
        </Button>
        <Button onClick={onDone} className="max-md:flex-1">
          I have it
        </Button>
      </div>
      {tryIt ? <div className="text-muted text-xs [overflow-wrap:anywhere]">{tryIt}</div> : null}
    </section>
  );
}
