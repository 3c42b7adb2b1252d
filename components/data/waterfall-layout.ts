// An event's way as marks on one linear axis of time, from its arrival to the next attempt. Pure: the same event at the same
// moment is the same drawing.
import type { AttemptPhases } from "#server/contracts/attempt.ts";

interface Stretch {
  fromMs: number;
  /** Null while it lasts. */
  toMs: number | null;
  note: string;
}

interface WaterfallAttempt {
  number: number;
  atMs: number;
  latencyMs: number;
  isDelivered: boolean;
  /** The status or the error code: `503`, `TIMEOUT`. */
  code: string;
  note: string;
  phases: AttemptPhases | null;
}

export interface WaterfallInput {
  receivedMs: number;
  receivedNote: string;
  routedMs: number | null;
  routedNote: string;
  /** Held or scheduled before or between attempts. */
  holds: readonly (Stretch & { state: "HOLD" | "SCHEDULED" })[];
  attempts: readonly WaterfallAttempt[];
  backoffs: readonly (Stretch & { toMs: number })[];
  nextMs: number | null;
  /** Null once the event has ended: then there is no present on the axis. */
  nowMs: number | null;
}

export type Phase = "dns" | "connect" | "tls" | "wait" | "read";

export interface PhaseMark {
  phase: Phase;
  x: number;
  width: number;
  ms: number;
}

export type Mark =
  | { kind: "tick"; x: number }
  | { kind: "held" | "scheduled" | "backoff" | "future" | "delivered" | "failed"; x: number; width: number }
  | { kind: "diamond"; x: number };

export interface Row {
  label: string;
  isStrong: boolean;
  y: number;
  marks: Mark[];
  /** What stands behind the last mark; the code comes first and has its outcome's colour. */
  noteX: number;
  note: string;
  code: { text: string; isDelivered: boolean } | undefined;
  durationMs: number;
  value: "duration" | "offset" | "until";
  lens: PhaseMark[];
}

export interface Axis {
  left: number;
  right: number;
  fromMs: number;
  toMs: number;
}

export interface Waterfall {
  axis: Axis;
  rows: Row[];
  ticks: { x: number; ms: number }[];
  nowX: number | undefined;
  height: number;
}

const ROW_PX = 22;
const LENS_PX = 34;
const HEAD_PX = 24;
const MIN_MARK_PX = 3;
const MIN_PHASE_PX = 6;
const NOTE_GAP_PX = 8;
const MAX_TICKS = 6;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
];

const PHASES: readonly Phase[] = ["dns", "connect", "tls", "wait", "read"];

/** The end is the last thing that is known, at least 1 ms after the arrival. */
function makeAxis(input: WaterfallInput, left: number, right: number): Axis {
  const ends = [
    input.receivedMs + 1,
    input.routedMs,
    input.nextMs,
    input.nowMs,
    ...input.holds.map((hold) => hold.toMs),
    ...input.backoffs.map((backoff) => backoff.toMs),
    ...input.attempts.map(({ atMs, latencyMs }) => atMs + latencyMs),
  ];
  const toMs = Math.max(...ends.filter((ms) => ms !== null));
  return { left, right, fromMs: input.receivedMs, toMs };
}

function placeOf({ left, right, fromMs, toMs }: Axis, ms: number): number {
  const share = (ms - fromMs) / (toMs - fromMs);
  return left + Math.min(Math.max(share, 0), 1) * (right - left);
}

/** At most six round times, from zero. */
function makeTicks(axis: Axis): Waterfall["ticks"] {
  const spanMs = axis.toMs - axis.fromMs;
  const step = STEPS_MS.find((one) => spanMs / one <= MAX_TICKS) ?? spanMs;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, i) => ({
    ms: i * step,
    x: placeOf(axis, axis.fromMs + i * step),
  }));
}

function bar(axis: Axis, kind: Exclude<Mark["kind"], "tick" | "diamond">, fromMs: number, toMs: number) {
  const x = placeOf(axis, fromMs);
  const width = Math.max(placeOf(axis, toMs) - x, MIN_MARK_PX);
  // A mark at the very end of the axis keeps its width and stays on it.
  return { kind, x: Math.min(x, axis.right - width), width };
}

/** The phases over the whole width, each wide enough to be seen; the longest gives the others what they lack. */
function makeLens(phases: AttemptPhases, { left, right }: Axis): PhaseMark[] {
  const shown = PHASES.flatMap((phase) => {
    const ms = phases[`${phase}_ms`];
    return ms > 0 ? [{ phase, ms }] : [];
  });
  const total = shown.reduce((sum, { ms }) => sum + ms, 0);
  const room = right - left - shown.length;
  const small = shown.filter(({ ms }) => (ms / total) * room < MIN_PHASE_PX);
  const rest = total - small.reduce((sum, { ms }) => sum + ms, 0);
  let x = left;
  return shown.map(({ phase, ms }) => {
    const isSmall = small.some((one) => one.phase === phase);
    const width = isSmall ? MIN_PHASE_PX : (ms / rest) * (room - small.length * MIN_PHASE_PX);
    const mark = { phase, ms, x, width };
    x += width + 1;
    return mark;
  });
}

type Draft = Omit<Row, "y" | "noteX"> & { atMs: number };

const PLAIN = { code: undefined, lens: [] as PhaseMark[], isStrong: false, value: "duration" as const };

function stretchRow(
  axis: Axis,
  label: string,
  kind: "held" | "scheduled" | "backoff",
  stretch: Stretch,
  nowMs: number,
): Draft {
  const toMs = stretch.toMs ?? nowMs;
  const marks = [bar(axis, kind, stretch.fromMs, toMs)];
  return {
    ...PLAIN,
    label,
    marks,
    note: stretch.note,
    atMs: stretch.fromMs,
    durationMs: Math.max(toMs - stretch.fromMs, 0),
  };
}

function attemptRow(axis: Axis, attempt: WaterfallAttempt, isOpen: boolean): Draft {
  const { number, atMs, latencyMs, isDelivered, code, note, phases } = attempt;
  return {
    label: `Attempt ${number}`,
    isStrong: true,
    value: "duration",
    marks: [bar(axis, isDelivered ? "delivered" : "failed", atMs, atMs + latencyMs)],
    note,
    code: { text: code, isDelivered },
    atMs,
    durationMs: latencyMs,
    lens: isOpen && phases ? makeLens(phases, axis) : [],
  };
}

/** Waiting behind the present is hatched, what is still to come is dashed. */
function nextRow(axis: Axis, nextMs: number, fromMs: number, nowMs: number): Draft {
  const marks: Mark[] = [];
  if (nowMs > fromMs) marks.push(bar(axis, "backoff", fromMs, Math.min(nowMs, nextMs)));
  if (nextMs > nowMs) marks.push(bar(axis, "future", Math.max(nowMs, fromMs), nextMs));
  marks.push({ kind: "diamond", x: placeOf(axis, nextMs) });
  const durationMs = Math.max(nextMs - nowMs, 0);
  return {
    ...PLAIN,
    label: "Next",
    isStrong: true,
    marks,
    note: "",
    atMs: Number.POSITIVE_INFINITY,
    durationMs,
    value: "until",
  };
}

function draftRows(input: WaterfallInput, axis: Axis, isOpen: (number: number) => boolean): Draft[] {
  const { receivedMs, routedMs, holds, attempts, backoffs, nextMs } = input;
  const nowMs = input.nowMs ?? axis.toMs;
  const point = (label: string, atMs: number, note: string): Draft => ({
    ...PLAIN,
    label,
    marks: [{ kind: "tick", x: placeOf(axis, atMs) }],
    note,
    atMs,
    durationMs: Math.max(atMs - receivedMs, 0),
    value: "offset",
  });
  const way = [
    ...holds.map((hold) =>
      stretchRow(
        axis,
        hold.state === "HOLD" ? "Held" : "Scheduled",
        hold.state === "HOLD" ? "held" : "scheduled",
        hold,
        nowMs,
      ),
    ),
    ...attempts.map((attempt) => attemptRow(axis, attempt, isOpen(attempt.number))),
    ...backoffs.map((backoff) => stretchRow(axis, "Backoff", "backoff", backoff, nowMs)),
  ].sort((a, b) => a.atMs - b.atMs);
  const lastMs = Math.max(receivedMs, ...attempts.map(({ atMs, latencyMs }) => atMs + latencyMs));
  return [
    point("Received", receivedMs, input.receivedNote),
    ...(routedMs === null ? [] : [point("Routed", routedMs, input.routedNote)]),
    ...way,
    ...(nextMs === null ? [] : [nextRow(axis, nextMs, lastMs, nowMs)]),
  ];
}

const endOf = (mark: Mark | undefined, left: number) =>
  mark === undefined ? left : "width" in mark ? mark.x + mark.width : mark.x;

/** `left` and `right` are the ends of the axis in px; `isOpen` says which attempts show their phases. */
export function layOutWaterfall(
  input: WaterfallInput,
  { left, right }: { left: number; right: number },
  isOpen: (attempt: number) => boolean,
): Waterfall {
  const axis = makeAxis(input, left, right);
  let y = HEAD_PX;
  const rows = draftRows(input, axis, isOpen).map(({ atMs: _, ...draft }) => {
    const row: Row = { ...draft, y, noteX: endOf(draft.marks.at(-1), left) + NOTE_GAP_PX };
    y += ROW_PX + (draft.lens.length > 0 ? LENS_PX : 0);
    return row;
  });
  const nowX = input.nowMs === null ? undefined : placeOf(axis, input.nowMs);
  return { axis, rows, ticks: makeTicks(axis), nowX, height: y + 2 };
}
