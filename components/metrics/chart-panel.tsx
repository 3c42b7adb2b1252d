import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";

/** The heights that panels have before their numbers and after. */
export const THROUGHPUT_HEIGHT = "min-h-[292px]";
export const LINES_HEIGHT = "min-h-[230px]";
export const TYPES_HEIGHT = "min-h-[204px] pointer-coarse:min-h-[264px]";

interface ChartPanelProps {
  title: string;
  /** The one number of the panel, or what its buckets are. */
  end?: ReactNode;
  /** What the colours mean. */
  legend?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A chart with its title and its number. */
export const ChartPanel = ({ title, end, legend, children, className }: ChartPanelProps) => (
  <section className={cn("min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-4", className)}>
    <header className="flex min-h-6 flex-wrap items-baseline gap-x-4 gap-y-1">
      <h2 className="font-semibold">{title}</h2>
      {legend}
      {end === undefined ? null : <span className="ml-auto text-muted text-xs">{end}</span>}
    </header>
    <div className="mt-2">{children}</div>
  </section>
);

export interface Key {
  word: string;
  fill: string;
  isDashed?: boolean;
}

/** What the colours of a chart mean. */
export const Legend = ({ keys }: { keys: readonly Key[] }) => (
  <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-muted text-xs">
    {keys.map(({ word, fill, isDashed }) => (
      <li key={word} className="flex items-center gap-1.5">
        <svg width={10} height={10} aria-hidden="true">
          {isDashed ? (
            <path d="M0 5H10" stroke={fill} strokeWidth={2} strokeDasharray="4 2" />
          ) : (
            <rect width={10} height={10} rx={2} fill={fill} />
          )}
        </svg>
        {word}
      </li>
    ))}
  </ul>
);

/** The number of a panel; what it was in the span before stands beside it. */
export const KeyNumber = ({ value, unit, before }: { value: string; unit?: string; before?: string | undefined }) => (
  <>
    <b className="font-semibold text-ink text-sm">{value}</b>
    {unit ? ` ${unit}` : null}
    {before === undefined || before === "–" ? null : <span className="text-faint"> before {before}</span>}
  </>
);
