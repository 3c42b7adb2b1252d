// The buckets of a histogram: filled up with zeros, and selected by a brush that always stands between two of them.
import type { Span } from "./time-range.ts";

export interface Bucket {
  fromMs: number;
  counts: readonly number[];
}

/** As many buckets as asked for, of the same length; those without a row are zeros, and rows outside the span are left out. */
export function fillBuckets(rows: readonly Bucket[], { fromMs, toMs }: Span, size: number, series: number): Bucket[] {
  const lengthMs = (toMs - fromMs) / size;
  const filled = Array.from({ length: size }, () => new Array<number>(series).fill(0));
  for (const row of rows) {
    const counts = filled[Math.floor((row.fromMs - fromMs) / lengthMs)];
    if (counts) for (const [i, count] of row.counts.entries()) counts[i] = (counts[i] ?? 0) + count;
  }
  return filled.map((counts, i) => ({ fromMs: fromMs + i * lengthMs, counts }));
}

/** From the start of one bucket to the end of another; `start < end`, in whole buckets. */
export interface Brush {
  start: number;
  end: number;
}

/** The brush between two places that a pointer was at, in either order, as shares of the width. */
export function brushBetween(a: number, b: number, size: number): Brush {
  const [low, high] = [Math.min(a, b), Math.max(a, b)].map((share) => Math.min(Math.max(share, 0), 1) * size);
  const start = Math.min(Math.floor(low ?? 0), size - 1);
  return { start, end: Math.max(Math.ceil(high ?? 0), start + 1) };
}

/** The brush with one edge moved to a place; an edge does not pass the other. */
export function withEdge({ start, end }: Brush, edge: "start" | "end", to: number, size: number): Brush {
  return edge === "start"
    ? { start: Math.min(Math.max(to, 0), end - 1), end }
    : { start, end: Math.max(Math.min(to, size), start + 1) };
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -5,
  PageUp: 5,
};

/** Where a key moves an edge, as on a slider; undefined for keys that are none of it. */
export function edgeAfterKey(at: number, key: string, size: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return size;
  const step = STEPS[key];
  return step === undefined ? undefined : at + step;
}

export const spanOfBrush = ({ start, end }: Brush, { fromMs, toMs }: Span, size: number): Span => ({
  fromMs: Math.round(fromMs + ((toMs - fromMs) * start) / size),
  toMs: Math.round(fromMs + ((toMs - fromMs) * end) / size),
});

/** The brush that covers a span, or none where the span is all of it or lies outside. */
export function brushOfSpan(span: Span, axis: Span, size: number): Brush | undefined {
  const place = (ms: number) => ((ms - axis.fromMs) / (axis.toMs - axis.fromMs)) * size;
  const [start, end] = [Math.round(place(span.fromMs)), Math.round(place(span.toMs))];
  const isAll = start <= 0 && end >= size;
  if (isAll || end <= 0 || start >= size || end <= start) return undefined;
  return { start: Math.max(start, 0), end: Math.min(end, size) };
}
