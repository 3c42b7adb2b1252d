import { spanWords } from "#components/data/span-words.ts";
import { placeTries, type Try } from "./retry-times.ts";

const WIDE = { width: 920, left: 14, right: 890, label: 64 };
const SMALL = { width: 400, left: 14, right: 372, label: 54 };

interface RetryLineProps {
  /** Between the tries. */
  waits: readonly number[];
  /** On a card: without the waits and the numbers of the tries. */
  isSmall?: boolean;
}

/** The tries of a rule on a logarithmic axis, with the band in which jitter lets each fall. */
export const RetryLine = ({ waits, isSmall = false }: RetryLineProps) =>
  isSmall ? (
    <Drawing waits={waits} size={SMALL} isSmall />
  ) : (
    <>
      <div className="max-md:hidden">
        <Drawing waits={waits} size={WIDE} isSmall={false} />
      </div>
      <div className="md:hidden">
        <Drawing waits={waits} size={SMALL} isSmall />
      </div>
    </>
  );

const sentenceOf = (tries: readonly Try[]) =>
  `Tries at once${tries
    .slice(1)
    .map(({ atMs }) => `, ${spanWords(atMs)}`)
    .join("")} after the first, each within ten percent`;

interface DrawingProps {
  waits: readonly number[];
  size: typeof WIDE;
  isSmall: boolean;
}

function Drawing({ waits, size, isSmall }: DrawingProps) {
  const tries = placeTries(waits, size);
  const y = isSmall ? 10 : 30;
  const height = isSmall ? 36 : 74;
  return (
    <svg
      viewBox={`0 0 ${size.width} ${height}`}
      width={size.width}
      height={height}
      role="img"
      aria-label={sentenceOf(tries)}
      className="block h-auto max-w-full font-sans text-[11px]"
    >
      <path d={`M${size.left} ${y}H${size.right + 10}`} className="stroke-line-strong" />
      {isSmall ? null : <Hops tries={tries} waits={waits} y={y} />}
      {tries.map((one, index) => (
        <g key={one.number}>
          {index === 0 ? null : (
            <rect
              x={one.fromX}
              y={y - 3}
              width={Math.max(one.toX - one.fromX, 1)}
              height={6}
              rx={3}
              className="fill-retrying-bg"
            />
          )}
          <circle
            cx={one.x}
            cy={y}
            r={isSmall ? 4 : 5}
            strokeWidth={1.75}
            className={index === 0 ? "fill-ink stroke-ink" : "fill-surface stroke-retrying-solid"}
          />
          {one.hasLabel ? <Label one={one} y={y} isFirst={index === 0} isSmall={isSmall} /> : null}
        </g>
      ))}
    </svg>
  );
}

function Label({ one, y, isFirst, isSmall }: { one: Try; y: number; isFirst: boolean; isSmall: boolean }) {
  const anchor = isFirst ? "start" : "middle";
  const x = isFirst ? one.x - 5 : one.x;
  const time = isFirst ? (isSmall ? "first" : "at once") : spanWords(one.atMs);
  return (
    <>
      {isSmall ? null : (
        <text x={x} y={y + 22} textAnchor={anchor} className="fill-ink-2">
          {isFirst ? "first" : `try ${one.number}`}
        </text>
      )}
      <text x={x} y={y + (isSmall ? 20 : 36)} textAnchor={anchor} className={isSmall ? "fill-muted" : "fill-faint"}>
        {time}
      </text>
    </>
  );
}

/** An arc from each try to the next, with the wait where there is room for it. */
const Hops = ({ tries, waits, y }: { tries: readonly Try[]; waits: readonly number[]; y: number }) =>
  tries.slice(1).map((one, index) => {
    const from = tries[index]?.x ?? one.x;
    return (
      <g key={one.number}>
        <path
          d={`M${from} ${y}C${from + 12} ${y - 24} ${one.x - 12} ${y - 24} ${one.x} ${y}`}
          className="fill-none stroke-line-strong"
        />
        {one.x - from > 56 ? (
          <text x={(from + one.x) / 2} y={9} textAnchor="middle" className="fill-muted">
            {spanWords(waits[index] ?? 0)}
          </text>
        ) : null}
      </g>
    );
  });
