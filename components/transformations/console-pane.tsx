"use client";

import { cn } from "#components/ui/class-names.ts";
import { Count } from "#components/ui/count.tsx";
import { formatDuration } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { visibleText } from "#server/contracts/visible-text.ts";
import type { ConsoleLine } from "#server/contracts/why.ts";
import { PaneHead } from "./pane.tsx";
import type { Run } from "./use-run.ts";

const LOOKS: Record<ConsoleLine["level"], string> = {
  log: "text-muted",
  info: "text-queued",
  warn: "text-hold",
  error: "text-failed",
  debug: "text-faint",
};

interface ConsolePaneProps {
  run: Run;
  /** What ran: `v12`, or `v13 draft`. */
  what: string;
}

/** What the code said in its last run, and how long it took. */
export function ConsolePane({ run: { answer }, what }: ConsolePaneProps) {
  const lines = answer?.console ?? [];
  return (
    <section aria-label="Console" className="shrink-0 border-line border-t">
      <PaneHead
        title="Console"
        end={
          answer ? (
            <span className="text-muted text-xs">
              last run {formatDuration(answer.duration_ms)}, {what}
            </span>
          ) : undefined
        }
      >
        <Count count={String(lines.length)} />
      </PaneHead>
      <section
        aria-label="Lines of the console"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys
        tabIndex={0}
        className="h-24 overflow-auto border-line border-t"
      >
        {lines.length === 0 ? (
          <p className="px-5 py-2.5 text-muted text-xs max-md:px-3.5">What the code logs stands here.</p>
        ) : (
          <ul>
            {lines.map(({ level, text }, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: lines never change places
                key={index}
                className="flex items-start gap-3 border-line border-b px-5 py-[5px] last:border-b-0 max-md:px-3.5"
              >
                <span className={cn("inline-flex w-14 shrink-0 items-center gap-[5px] text-xs", LOOKS[level])}>
                  <Icon name={level === "warn" || level === "error" ? "warning" : "terminal"} size={14} />
                  {level}
                </span>
                <span className="whitespace-pre-wrap font-mono text-xs leading-[18px] [overflow-wrap:anywhere]">
                  {visibleText(text)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </section>
  );
}
