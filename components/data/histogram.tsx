"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { EVENT_STATES, type EventState } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { type Brush, type Bucket, brushBetween, brushOfSpan, edgeAfterKey, spanOfBrush, withEdge } from "./buckets.ts";
import { NumbersTable } from "./numbers-table.tsx";
import { localOffsetAt, type Span, writeTyped, type Zone, zoneName } from "./time-range.ts";

/** One of the colours that a bar is stacked of. */
export interface Series {
  key: string;
  word: string;
  fill: string;
}

interface HistogramProps {
  label: string;
  /** From the bottom of a bar to its top, as the counts of a bucket are. */
  series: readonly Series[];
  /** Zero-filled: see fillBuckets. */
  buckets: readonly Bucket[];
  axis: Span;
  zone: Zone;
  /** The span that the list is narrowed to. */
  selected: Span | undefined;
  onSelect: (span: Span) => void;
}

const HEIGHT = 52;
const LABELS = 7;
const DAY_MS = 86_400_000;

/** What is well is pale, so that the eye lands on what is not. */
export const seriesOf = (state: EventState): Series => ({
  key: state,
  word: EVENT_STATES[state].word,
  fill: state === "DELIVERED" ? "fill-delivered-soft" : EVENT_STATES[state].fill,
});
const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

export function Histogram({ label, series, buckets, axis, zone, selected, onSelect }: HistogramProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; edge: "start" | "end" | undefined; brush: Brush }>();
  const size = buckets.length;
  const brush = drag?.brush ?? (selected && brushOfSpan(selected, axis, size));
  const shareAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    return rect ? (event.clientX - rect.left) / rect.width : 0;
  };
  const isDays = axis.toMs - axis.fromMs > 2 * DAY_MS;
  const clock = (ms: number) => {
    const typed = writeTyped(ms, zone, localOffsetAt);
    return isDays ? typed.slice(5, 16) : typed.slice(11, 16);
  };

  const grab = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const edge = (event.target as Element).closest<HTMLElement>("[data-edge]")?.dataset.edge as
      | "start"
      | "end"
      | undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = shareAt(event);
    setDrag({ from, edge, brush: edge && brush ? brush : brushBetween(from, from, size) });
  };
  // Worked out from the event at hand: the state of a fast drag may be one move behind when it is let go.
  const brushAt = (event: PointerEvent) => {
    if (!drag) return undefined;
    const at = shareAt(event);
    return drag.edge ? withEdge(drag.brush, drag.edge, Math.round(at * size), size) : brushBetween(drag.from, at, size);
  };
  const pull = (event: PointerEvent) => {
    const next = brushAt(event);
    if (drag && next) setDrag({ ...drag, brush: next });
  };
  const release = (event: PointerEvent) => {
    const next = brushAt(event);
    if (next) onSelect(spanOfBrush(next, axis, size));
    setDrag(undefined);
  };
  const move = (edge: "start" | "end", event: KeyboardEvent) => {
    const present = brush ?? { start: 0, end: size };
    const to = edgeAfterKey(present[edge], event.key, size);
    if (to === undefined) return;
    event.preventDefault();
    onSelect(spanOfBrush(withEdge(present, edge, to, size), axis, size));
  };

  return (
    <figure
      aria-label={label}
      className="relative m-0 border-line border-b bg-surface px-5 pt-2.5 pb-[18px] max-md:px-3"
    >
      <div
        ref={box}
        className="relative touch-pan-y select-none"
        onPointerDown={grab}
        onPointerMove={pull}
        onPointerUp={release}
        onPointerCancel={() => setDrag(undefined)}
      >
        <Bars series={series} buckets={buckets} brush={brush} />
        {(["start", "end"] as const).map((edge) => (
          <EdgeHandle
            key={edge}
            edge={edge}
            at={(brush ?? { start: 0, end: size })[edge]}
            size={size}
            words={clock(axis.fromMs + ((axis.toMs - axis.fromMs) * (brush ?? { start: 0, end: size })[edge]) / size)}
            isShown={brush !== undefined}
            onKeyDown={(event) => move(edge, event)}
          />
        ))}
      </div>
      <div
        aria-hidden="true"
        className="absolute inset-x-5 bottom-0.5 flex justify-between text-[10.5px] text-faint leading-[14px] max-md:inset-x-3"
      >
        {Array.from({ length: LABELS }, (_, i) => axis.fromMs + ((axis.toMs - axis.fromMs) * i) / (LABELS - 1)).map(
          (ms, i) => (
            <span key={ms} className={cn(i % 2 === 1 && "max-md:hidden")}>
              {clock(ms)}
            </span>
          ),
        )}
      </div>
      <NumbersTable
        caption={`${label}, ${zoneName(zone, axis.toMs, localOffsetAt)}`}
        corner="From"
        columns={series}
        rows={buckets.map(({ fromMs, counts }) => ({
          key: fromMs,
          name: clock(fromMs),
          cells: series.map((_, i) => formatCount(counts[i] ?? 0)),
        }))}
      />
    </figure>
  );
}

function Bars({ series, buckets, brush }: Pick<HistogramProps, "series" | "buckets"> & { brush: Brush | undefined }) {
  const top = Math.max(1, ...buckets.map((bucket) => sumOf(bucket.counts)));
  const size = buckets.length;
  return (
    <svg
      viewBox={`0 0 ${size * 20} ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="block"
    >
      {buckets.map((bucket, at) => {
        const isOut = brush !== undefined && (at < brush.start || at >= brush.end);
        return (
          <g key={bucket.fromMs} opacity={isOut ? 0.6 : 1}>
            {series.map(({ key, fill }, i) => {
              const below = (sumOf(bucket.counts.slice(0, i)) / top) * HEIGHT;
              const height = ((bucket.counts[i] ?? 0) / top) * HEIGHT;
              return (
                <rect
                  key={key}
                  x={at * 20 + 1}
                  width={18}
                  y={HEIGHT - below - height}
                  height={height}
                  className={fill}
                />
              );
            })}
          </g>
        );
      })}
      {brush ? (
        <rect
          x={brush.start * 20}
          width={(brush.end - brush.start) * 20}
          y={0.5}
          height={HEIGHT - 1}
          className="fill-accent-solid/8 stroke-accent-solid"
          vectorEffect="non-scaling-stroke"
        />
      ) : null}
    </svg>
  );
}

interface EdgeHandleProps {
  edge: "start" | "end";
  at: number;
  size: number;
  words: string;
  isShown: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** An SVG of no width at its place, whose percentage needs no inline style. */
const EdgeHandle = ({ edge, at, size, words, isShown, onKeyDown }: EdgeHandleProps) => (
  // biome-ignore lint/a11y/noSvgWithoutTitle: it only places the handle, which has the name
  <svg width="100%" height={HEIGHT} className="pointer-events-none absolute inset-0 overflow-visible">
    {/* biome-ignore lint/a11y/noSvgWithoutTitle: it only places the handle, which has the name */}
    <svg x={`${(100 * at) / size}%`} className="overflow-visible">
      <g
        role="slider"
        tabIndex={0}
        data-edge={edge}
        aria-label={edge === "start" ? "Time from" : "Time to"}
        aria-valuemin={0}
        aria-valuemax={size}
        aria-valuenow={at}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        className={cn("pointer-events-auto cursor-ew-resize focus-visible:opacity-100", isShown ? "" : "opacity-0")}
      >
        <rect x={-10} width={20} height={HEIGHT} fill="transparent" />
        <rect
          x={-2.5}
          y={17}
          width={5}
          height={18}
          rx={2.5}
          className="fill-surface stroke-accent-solid [[data-edge]:focus-visible_&]:fill-accent-solid"
        />
      </g>
    </svg>
  </svg>
);
