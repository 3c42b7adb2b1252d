import { cn } from "#components/ui/class-names.ts";

const STEPS = ["Owner and team", "First source", "First webhook"];

/** Where the first run is: at its first step. The others are on the overview. */
export const FirstSteps = () => (
  <ol className="mb-[18px] flex gap-[18px] text-faint text-xs max-md:gap-2.5">
    {STEPS.map((step, i) => (
      <li
        key={step}
        aria-current={i === 0 ? "step" : undefined}
        className={cn("flex items-center gap-1.5 whitespace-nowrap", i === 0 && "font-medium text-ink")}
      >
        <b
          className={cn(
            "grid size-[18px] place-items-center rounded-full bg-press font-semibold text-[11px] text-muted",
            i === 0 && "bg-accent-solid text-on-accent",
          )}
        >
          {i + 1}
        </b>
        {step}
      </li>
    ))}
  </ol>
);
