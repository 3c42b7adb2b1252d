import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";

interface StepProps {
  number: number;
  title: ReactNode;
  state: "done" | "now" | "later" | "failed";
  /** At the right of the title. */
  note?: ReactNode;
  children?: ReactNode;
}

const LOOKS = {
  done: "bg-delivered-bg text-delivered",
  now: "bg-accent-solid text-on-accent",
  later: "bg-press text-muted",
  failed: "bg-failed-bg text-failed",
};
const WORDS = { done: "done", now: "to do now", later: "later", failed: "needs a look" };

/** One step of a list; the present one is amber. */
export const Step = ({ number, title, state, note, children }: StepProps) => (
  <li
    aria-current={state === "now" ? "step" : undefined}
    className="relative flex gap-[11px] pt-2.5 pb-3 before:absolute before:top-8 before:-bottom-2 before:left-[8.5px] before:border-line before:border-l last:before:hidden"
  >
    <span
      className={cn(
        "mt-px grid size-[18px] shrink-0 place-items-center rounded-full font-semibold text-[11px] leading-none",
        LOOKS[state],
      )}
    >
      {state === "done" ? <Icon name="check" size={12} /> : number}
    </span>
    <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-1.5">
      <div className="flex items-baseline gap-2">
        <h3 className="min-w-0 flex-1 font-medium">
          {title}
          <span className="sr-only"> ({WORDS[state]})</span>
        </h3>
        {note === undefined ? null : <span className="shrink-0 text-muted text-xs">{note}</span>}
      </div>
      {children}
    </div>
  </li>
);

export const Steps = ({ children }: { children: ReactNode }) => <ol className="px-4 pt-1 pb-4">{children}</ol>;

export const Help = ({ children }: { children: ReactNode }) => (
  <p className="text-muted text-xs [overflow-wrap:anywhere]">{children}</p>
);
