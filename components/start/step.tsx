import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";

export type StepState = "done" | "now" | "later";

const LOOKS: Record<StepState, string> = {
  done: "border-line bg-surface",
  now: "border-accent-solid bg-surface shadow-[0_0_0_1px_var(--accent-solid)]",
  later: "border-line border-dashed max-md:bg-canvas",
};

interface StepProps {
  number: number;
  title: string;
  state: StepState;
  children: ReactNode;
}

/** One step of three. What is done has its tick, and what is to do now the one amber frame. */
export function Step({ number, title, state, children }: StepProps) {
  return (
    <li
      aria-current={state === "now" ? "step" : undefined}
      className={cn("grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border p-4", LOOKS[state])}
    >
      <h3 className="flex items-center gap-[9px] font-semibold text-base tracking-tight">
        {state === "done" ? (
          <Icon name="delivered" className="text-delivered" />
        ) : (
          <span
            className={cn(
              "grid size-[18px] place-items-center rounded-full font-semibold text-[11px]",
              state === "now" ? "bg-accent-solid text-on-accent" : "bg-press",
            )}
          >
            {number}
          </span>
        )}
        {title}
        {state === "done" ? <span className="sr-only">, done</span> : null}
      </h3>
      {children}
    </li>
  );
}

/** What leads from one step to the next, green once the first of them is done. */
export const Wire = ({ isDone }: { isDone: boolean }) => (
  <li
    aria-hidden="true"
    className={cn(
      "max-lg:ml-6 max-lg:h-4 max-lg:w-[3px] lg:w-full",
      isDone ? "bg-edge-flow lg:h-[3px]" : "bg-edge-idle lg:h-0.5",
    )}
  />
);
