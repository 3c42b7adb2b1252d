import { localOffsetAt, writeTyped, type Zone } from "#components/data/time-range.ts";

/** How the labels of an axis are written. */
export const AXIS_TEXT = { fill: "var(--faint)", fontSize: 10.5 };
export const GRID = { stroke: "var(--line)", vertical: false };
export const MARGIN = { top: 6, right: 4, bottom: 0, left: 0 };

const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
export const shortCount = (value: number) => short.format(value).toLowerCase();

const DAY_MS = 86_400_000;

/** A time on the axis: the clock within two days, the day within more. */
export const tickWords = (zone: Zone, spanMs: number) => (ms: number) => {
  const typed = writeTyped(ms, zone, localOffsetAt);
  return spanMs > 2 * DAY_MS ? typed.slice(5, 10) : typed.slice(11, 16);
};

/** A bucket in words: `02:15 to 02:30`, with its day where the chart has several. */
export function spanWords(fromMs: number, toMs: number, zone: Zone): string {
  const [from, to] = [fromMs, toMs].map((ms) => writeTyped(ms, zone, localOffsetAt));
  return `${from?.slice(5, 16)} to ${from?.slice(0, 10) === to?.slice(0, 10) ? to?.slice(11, 16) : to?.slice(5, 16)}`;
}
