"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

const LINE_PX = 19;

interface LinesProps {
  label: string;
  count: number;
  /** What stands on a line, its number included. */
  line: (index: number) => ReactNode;
  /** The line that is brought into sight when it changes. */
  showing?: number | undefined;
  onKeyDown?: (event: KeyboardEvent) => void;
  className?: string;
}

/** Lines of code of which only those in sight exist. */
export function Lines({ label, count, line, showing, onKeyDown, className }: LinesProps) {
  const scroller = useRef<HTMLElement>(null);
  const shown = useRef<number | undefined>(undefined);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    initialRect: { width: 0, height: 600 },
  });
  if (showing !== shown.current) {
    shown.current = showing;
    if (showing !== undefined) queueMicrotask(() => virtual.scrollToIndex(showing, { align: "auto" }));
  }
  const items = virtual.getVirtualItems();
  const [before, after] = [items[0]?.start ?? 0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)];
  return (
    <section
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      className={cn("max-h-[480px] overflow-auto font-mono text-xs leading-[19px] tracking-[-0.01em]", className)}
    >
      <Gap px={before} />
      {items.map((item) => (
        <div key={item.key} className="relative h-[19px] w-max min-w-full whitespace-nowrap">
          {line(item.index)}
        </div>
      ))}
      <Gap px={after} />
    </section>
  );
}

// An SVG, whose height is an attribute: the policy takes no style from the server.
const Gap = ({ px }: { px: number }) =>
  px > 0 ? <svg aria-hidden="true" width="1" height={px} className="block" /> : null;

export const LineNumber = ({ children }: { children: ReactNode }) => (
  <span className="inline-block w-[38px] shrink-0 select-none pr-1.5 text-right text-faint">{children}</span>
);

/** A text line by line, with numbers: code, or a body that is not JSON. */
export function CodeView({ label, text, className }: { label: string; text: string; className?: string }) {
  const lines = text.slice(0, MAX_CHARS).split("\n", MAX_LINES);
  const isCut = text.length > MAX_CHARS || lines.length === MAX_LINES;
  return (
    <>
      <Lines
        label={label}
        count={lines.length}
        className={className ?? ""}
        line={(index) => (
          <>
            <LineNumber>{index + 1}</LineNumber>
            <span className="whitespace-pre pl-4 text-ink-2">
              {visibleText(lines[index]?.slice(0, MAX_LINE_CHARS) ?? "")}
            </span>
          </>
        )}
      />
      {isCut ? <CutNote shown={Math.min(text.length, MAX_CHARS)} total={text.length} /> : null}
    </>
  );
}

const MAX_CHARS = 2_000_000;
const MAX_LINES = 100_000;
const MAX_LINE_CHARS = 10_000;

export const CutNote = ({ shown, total }: { shown: number; total: number }) => (
  <p className="px-5 py-2 text-muted text-xs">
    The first {shown.toLocaleString("en-US")} of {total.toLocaleString("en-US")} characters are shown. Copy the value or
    download the body to have it whole.
  </p>
);
