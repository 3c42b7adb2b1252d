import { useId } from "react";
import { cn } from "#components/ui/class-names.ts";
import { spanWords } from "./span-words.ts";
import { layOutWaterfall, type Mark, type Phase, type Row, type WaterfallInput } from "./waterfall-layout.ts";

const WIDE = { width: 530, left: 108, right: 444 };
const NARROW = { width: 362, left: 74, right: 280 };
/** With more attempts than this only the last ones show their phases. */
const MAX_OPEN = 3;

const PHASES: Record<Phase, { word: string; fill: string; dot: string }> = {
  dns: { word: "DNS", fill: "fill-phase-dns", dot: "bg-phase-dns" },
  connect: { word: "Connect", fill: "fill-phase-connect", dot: "bg-phase-connect" },
  tls: { word: "TLS", fill: "fill-phase-tls", dot: "bg-phase-tls" },
  wait: { word: "Wait", fill: "fill-phase-wait", dot: "bg-phase-wait" },
  read: { word: "Read", fill: "fill-phase-read", dot: "bg-phase-read" },
};

const FILLS = {
  held: "fill-hold-solid",
  scheduled: "fill-scheduled-solid",
  delivered: "fill-delivered-solid",
  failed: "fill-failed-solid",
};

function shownValue({ value, durationMs }: Row): string {
  const words = spanWords(durationMs);
  if (value === "until") return durationMs > 0 ? `in ${words}` : "due";
  if (value === "offset") return durationMs > 0 ? `+${words}` : "0";
  return words;
}

/** The drawing in a sentence. */
const sentenceOf = (rows: readonly Row[]) =>
  rows.map((row) => [row.label, row.code?.text, row.note, shownValue(row)].filter(Boolean).join(" ")).join(", ");

/** An event's way in time. The axis is linear; attempts open into their phases on a scale of their own. */
export const Waterfall = ({ event }: { event: WaterfallInput }) => (
  <div>
    <div className="mb-1.5 flex items-center justify-end gap-3 text-2xs text-muted max-md:hidden">
      {Object.values(PHASES).map(({ word, dot }) => (
        <span key={word} className="inline-flex items-center gap-1">
          <span className={cn("size-2 rounded-[2px]", dot)} />
          {word}
        </span>
      ))}
    </div>
    <div className="max-md:hidden">
      <Drawing event={event} size={WIDE} isShort={false} />
    </div>
    <div className="md:hidden">
      <Drawing event={event} size={NARROW} isShort />
    </div>
  </div>
);

function Drawing({ event, size, isShort }: { event: WaterfallInput; size: typeof WIDE; isShort: boolean }) {
  const hatch = useId();
  const from = event.attempts.length - MAX_OPEN;
  const shown = new Set(event.attempts.slice(Math.max(from, 0)).map((attempt) => attempt.number));
  const { rows, ticks, nowX, height, axis } = layOutWaterfall(event, size, (number) => shown.has(number));
  return (
    <svg
      viewBox={`0 0 ${size.width} ${height}`}
      width={size.width}
      height={height}
      role="img"
      aria-label={sentenceOf(rows)}
      className="block h-auto max-w-full font-sans"
    >
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className="fill-retrying-bg" />
          <rect width="1.8" height="5" className="fill-retrying-solid" opacity=".65" />
        </pattern>
      </defs>
      {ticks.map(({ x, ms }, i) => (
        <g key={ms}>
          <path d={`M${x} 20V${height}`} className="stroke-line" />
          {nowX !== undefined && Math.abs(x - nowX) < 34 ? null : (
            <text
              x={x}
              y="12"
              textAnchor={i === 0 ? "start" : x > axis.right - 20 ? "end" : "middle"}
              className="fill-faint text-[10.5px]"
            >
              {ms === 0 ? "0" : spanWords(ms)}
            </text>
          )}
        </g>
      ))}
      {nowX === undefined ? null : <path d={`M${nowX} 18V${height}`} className="stroke-accent-solid" />}
      {rows.map((row) => (
        <RowMarks
          key={`${row.label} ${row.y}`}
          row={row}
          width={size.width}
          left={size.left}
          right={size.right}
          hatch={hatch}
          isShort={isShort}
        />
      ))}
      {nowX === undefined ? null : (
        <g>
          <rect x={nowX - 14} y="2" width="28" height="14" rx="3" className="fill-accent-solid" />
          <text x={nowX} y="12" textAnchor="middle" className="fill-on-accent font-semibold text-[10.5px]">
            now
          </text>
        </g>
      )}
    </svg>
  );
}

interface RowMarksProps {
  row: Row;
  width: number;
  left: number;
  right: number;
  hatch: string;
  isShort: boolean;
}

/** Text on the lines of the axis has the surface behind it. */
const halo = "stroke-4 stroke-surface [paint-order:stroke] [stroke-linejoin:round]";
/** About six px a letter, in what is left before the column of values. */
const cutTo = (text: string, px: number) =>
  text.length * 5.8 <= px ? text : `${text.slice(0, Math.max(Math.floor(px / 5.8) - 1, 0))}…`;

function RowMarks({ row, width, left, right, hatch, isShort }: RowMarksProps) {
  const strong = row.isStrong ? "font-medium fill-ink" : "fill-ink-2";
  const room = width - row.noteX - shownValue(row).length * 6.2 - 8 - (row.code ? row.code.text.length * 7 + 4 : 0);
  return (
    <g transform={`translate(0 ${row.y})`}>
      <text x="0" y="14" className={cn("text-xs", strong)}>
        {row.label}
      </text>
      {row.marks.map((mark) => (
        <MarkShape key={`${mark.kind} ${mark.x}`} mark={mark} hatch={hatch} />
      ))}
      <text x={row.noteX} y="14" className={cn("fill-muted text-2xs", halo)}>
        {row.code ? (
          <tspan className={cn("font-medium", row.code.isDelivered ? "fill-delivered" : "fill-failed")}>
            {row.code.text}{" "}
          </tspan>
        ) : null}
        {room > 30 && !(isShort && row.code) ? cutTo(row.note, room) : ""}
      </text>
      <text x={width} y="14" textAnchor="end" className={cn("text-[11.5px]", strong)}>
        {shownValue(row)}
      </text>
      {row.lens.length > 0 ? <Lens row={row} left={left} right={right} /> : null}
    </g>
  );
}

function MarkShape({ mark, hatch }: { mark: Mark; hatch: string }) {
  switch (mark.kind) {
    case "tick":
      return <path d={`M${mark.x} 4v12`} className="stroke-2 stroke-ink-2 [stroke-linecap:round]" />;
    case "diamond":
      return <path d={`m${mark.x} 4 6 6-6 6-6-6z`} className="fill-surface stroke-[1.5] stroke-retrying-solid" />;
    case "backoff":
      return <rect x={mark.x} y="6" width={mark.width} height="8" rx="1.5" fill={`url(#${hatch})`} />;
    case "future":
      return (
        <rect
          x={mark.x}
          y="6.5"
          width={mark.width}
          height="7"
          rx="1.5"
          fill="none"
          strokeDasharray="3 3"
          className="stroke-retrying-solid opacity-80"
        />
      );
    case "held":
    case "scheduled":
      return <rect x={mark.x} y="6" width={mark.width} height="8" rx="1.5" className={FILLS[mark.kind]} />;
    default:
      return <rect x={mark.x} y="4" width={mark.width} height="12" rx="1.5" className={FILLS[mark.kind]} />;
  }
}

function Lens({ row, left, right }: { row: Row; left: number; right: number }) {
  const mark = row.marks[0];
  if (!mark || !("width" in mark)) return null;
  return (
    <g transform="translate(0 14)">
      <path
        d={`M${mark.x} 2.5 L${left} 12 H${right} L${mark.x + mark.width} 2.5z`}
        className="fill-line-strong opacity-40"
      />
      {row.lens.map(({ phase, x, width }) => (
        <rect key={phase} x={x} y="12" width={width} height="8" className={PHASES[phase].fill} />
      ))}
      <text x={left} y="33" className={cn("fill-ink-2 text-[10.5px]", halo)}>
        {row.lens.map(({ phase, ms }, i) => (
          <tspan key={phase}>
            {i > 0 ? " · " : ""}
            <tspan className="fill-muted">{PHASES[phase].word}</tspan> {Math.round(ms).toLocaleString("en-US")}
          </tspan>
        ))}
        {" ms"}
      </text>
    </g>
  );
}
