import { cn } from "./class-names.ts";
import { EVENT_STATES, type EventState } from "./event-state.tsx";

interface Segment {
  state: EventState;
  count: number;
}

interface ProgressBarProps {
  /** What goes on: "Replay of 2,318 events". */
  label: string;
  segments: readonly Segment[];
  total: number;
  className?: string;
}

const shareOf = (count: number, total: number) => (total > 0 ? (100 * count) / total : 0);

/** How far something is, by what became of it. Drawn as SVG, whose widths are no inline styles. */
export function ProgressBar({ label, segments, total, className }: ProgressBarProps) {
  const done = segments.reduce((sum, segment) => sum + segment.count, 0);
  const starts = segments.map((_, i) => segments.slice(0, i).reduce((sum, segment) => sum + segment.count, 0));
  const words = segments.map(({ state, count }) => `${count} ${EVENT_STATES[state].word.toLowerCase()}`);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={[`${done} of ${total}`, ...words].join(", ")}
      className={cn("h-1.5 overflow-hidden rounded-[3px] bg-press", className)}
    >
      <svg width="100%" height="100%" aria-hidden="true" className="block">
        {segments.map(({ state, count }, i) => (
          <rect
            key={state}
            x={`${shareOf(starts[i] ?? 0, total)}%`}
            width={`${shareOf(count, total)}%`}
            height="100%"
            className={EVENT_STATES[state].fill}
          />
        ))}
      </svg>
    </div>
  );
}
