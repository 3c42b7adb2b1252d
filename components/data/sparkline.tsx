const WIDTH = 100;
const HEIGHT = 24;
const INSET = 1;

/** The line's points in a 100 × 24 box; values that are missing leave no point. */
function toPoints(values: (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known, 0) || 1;
  const step = WIDTH / Math.max(values.length - 1, 1);
  const y = (value: number) => HEIGHT - INSET - (value / top) * (HEIGHT - 2 * INSET);
  const points = values.flatMap((value, i) => (value === null ? [] : { x: i * step, y: y(value) }));
  const [first] = points;
  // A line needs two points: a single one is drawn as level over one step, for as a dot it would look like dust.
  if (first && points.length === 1) points.push({ ...first, x: first.x < step ? first.x + step : first.x - step });
  return points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ");
}

/** The shape of a number over time, from zero; the number itself stands beside it. */
export function Sparkline({ values, colour }: { values: (number | null)[]; colour: string }) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`h-6 w-full overflow-visible ${colour}`}
      aria-hidden="true"
    >
      <polyline
        points={toPoints(values)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
