import type { IssueBars as Bars } from "#server/contracts/issue.ts";

const STEP = 5;
const BAR = 4;

interface IssueBarsProps {
  bars: Bars;
  /** The fill of what is bad. */
  bar: string;
  height: number;
  /** Counts what was good too, in pale green below. */
  hasGood?: boolean;
  className?: string;
}

/** Thirty minutes, a bar each. What it shows stands in words beside it. */
export function IssueBars({ bars, bar, height, hasGood = false, className = "" }: IssueBarsProps) {
  const good = bars.good.map((count) => (hasGood ? count : 0));
  const top = Math.max(1, ...bars.bad.map((count, place) => count + (good[place] ?? 0)));
  const scale = (count: number) => (count === 0 ? 0 : Math.max(1, (count / top) * (height - 1)));
  const width = bars.bad.length * STEP;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className={`block ${className}`}
    >
      <path
        d={`M0 ${height - 0.5}H${width}`}
        strokeDasharray="2 2"
        vectorEffect="non-scaling-stroke"
        className="stroke-line-strong"
      />
      {bars.bad.map((count, place) => {
        const [lower, upper] = [scale(good[place] ?? 0), scale(count)];
        const x = place * STEP;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a minute is its place
          <g key={place}>
            {lower > 0 ? (
              <rect x={x} y={height - lower} width={BAR} height={lower} className="fill-delivered-soft" />
            ) : null}
            {upper > 0 ? <rect x={x} y={height - lower - upper} width={BAR} height={upper} className={bar} /> : null}
          </g>
        );
      })}
    </svg>
  );
}
