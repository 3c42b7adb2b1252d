// A span of time as a list's URL holds it: the last so many minutes up to now, or from one instant to another.
import { formatExact } from "#components/ui/format.ts";

export type TimeRange = { kind: "last"; spanMs: number } | { kind: "custom"; fromMs: number; toMs: number };
export type Zone = "utc" | "local";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const PRESETS = [
  { text: "15m", words: "15 min", spanMs: 15 * MINUTE_MS },
  { text: "1h", words: "1 h", spanMs: 60 * MINUTE_MS },
  { text: "24h", words: "24 h", spanMs: DAY_MS },
  { text: "7d", words: "7 d", spanMs: 7 * DAY_MS },
  { text: "30d", words: "30 d", spanMs: 30 * DAY_MS },
] as const;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function readIso(text: string): number {
  const ms = ISO.test(text) ? Date.parse(text) : Number.NaN;
  // A day that the month does not have would move into the next one.
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text ? ms : Number.NaN;
}

/** Reads a range from a URL: `1h`, or two instants with `..` between. Null for anything else, and for one that ends first. */
export function parseTimeRange(text: string): TimeRange | null {
  const preset = PRESETS.find((one) => one.text === text);
  if (preset) return { kind: "last", spanMs: preset.spanMs };
  const [from = "", to = "", ...more] = text.split("..");
  const [fromMs, toMs] = [readIso(from), readIso(to)];
  return more.length === 0 && fromMs < toMs ? { kind: "custom", fromMs, toMs } : null;
}

export function writeTimeRange(range: TimeRange): string {
  if (range.kind === "custom") return `${new Date(range.fromMs).toISOString()}..${new Date(range.toMs).toISOString()}`;
  return PRESETS.find((one) => one.spanMs === range.spanMs)?.text ?? "1h";
}

export interface Span {
  fromMs: number;
  toMs: number;
}

export const spanOf = (range: TimeRange, nowMs: number): Span =>
  range.kind === "last" ? { fromMs: nowMs - range.spanMs, toMs: nowMs } : { fromMs: range.fromMs, toMs: range.toMs };

/** The span of the same length that ends where this one begins. */
export const spanBefore = ({ fromMs, toMs }: Span): Span => ({ fromMs: 2 * fromMs - toMs, toMs: fromMs });

/** Minutes that a zone is ahead of UTC at an instant. */
export type OffsetAt = (ms: number) => number;

/** The zone of the person who looks. */
export const localOffsetAt: OffsetAt = (ms) => -new Date(ms).getTimezoneOffset();
const utcOffsetAt: OffsetAt = () => 0;

const TYPED = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

/** The instant that a person typed, `2026-11-25 02:06`, read in a zone; null where it is none. */
export function readTyped(text: string, zone: Zone, localOffset: OffsetAt): number | null {
  const found = TYPED.exec(text.trim());
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, Number((found[7] ?? "").padEnd(3, "0")));
  const wall = new Date(wallMs);
  const isReal =
    wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || year < 1970) return null;
  const offsetAt = zone === "utc" ? utcOffsetAt : localOffset;
  // The offset at the instant itself, which on the day of a clock change is another one than at the same hour in UTC.
  const guess = wallMs - offsetAt(wallMs) * MINUTE_MS;
  return wallMs - offsetAt(guess) * MINUTE_MS;
}

/** An instant as it can be typed, to the second where it has one. */
export function writeTyped(ms: number, zone: Zone, localOffset: OffsetAt): string {
  const offset = zone === "utc" ? 0 : localOffset(ms);
  const wall = new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 19).replace("T", " ");
  return wall.endsWith(":00") ? wall.slice(0, 16) : wall;
}

/** `UTC`, or `UTC+2` and `UTC+5:30`. */
export function zoneName(zone: Zone, ms: number, localOffset: OffsetAt): string {
  const offset = zone === "utc" ? 0 : localOffset(ms);
  if (offset === 0) return "UTC";
  const minutes = Math.abs(offset) % 60;
  const hours = Math.floor(Math.abs(offset) / 60);
  return `UTC${offset < 0 ? "−" : "+"}${hours}${minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`}`;
}

/** A range for a chip: `last 1 h`, `02:06 to 02:18`, with the days where it spans more than one. */
export function rangeWords(range: TimeRange, zone: Zone, localOffset: OffsetAt): string {
  if (range.kind === "last") return `last ${PRESETS.find((one) => one.spanMs === range.spanMs)?.words ?? ""}`.trim();
  const [from, to] = [range.fromMs, range.toMs].map((ms) => writeTyped(ms, zone, localOffset));
  const name = zoneName(zone, range.toMs, localOffset);
  const [fromDay, fromTime] = [from?.slice(0, 10), from?.slice(11)];
  return fromDay === to?.slice(0, 10)
    ? `${fromDay} ${fromTime} to ${to?.slice(11)} ${name}`
    : `${from} to ${to} ${name}`;
}

/** Both ends to the millisecond, for a tooltip. */
export const exactSpan = ({ fromMs, toMs }: Span): string =>
  [fromMs, toMs].map((ms) => formatExact(new Date(ms).toISOString())).join(" to ");
