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

/** The line and the ground below it. */
function toArea(points: string): string {
  const xs = points.split(" ").map((point) => point.split(",")[0]);
  return `${xs[0]},${HEIGHT} ${points} ${xs.at(-1)},${HEIGHT}`;
}

/** The shape of a number over time, from zero; the number itself stands beside it. */
export function Sparkline({ values, colour }: { values: (number | null)[]; colour: string }) {
  const points = toPoints(values);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`block h-9 w-full ${colour}`}
      aria-hidden="true"
    >
      {points === "" ? null : <polygon points={toArea(points)} fill="currentColor" opacity=".07" />}
      <polyline
        points={points}
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
