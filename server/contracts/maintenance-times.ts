// The times of maintenance windows. A window lasts whenever the clock on the wall of its zone shows its time: an hour that
// comes twice is in it twice, and one that is skipped is no part of it. Pure.
import type { MaintenanceWindow } from "./maintenance.ts";
import { firstAt, lastBefore, wallAt } from "./wall-clock.ts";

const DAY_MS = 86_400_000;
/** As `Date` numbers them. */
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** A stretch of time in milliseconds since the epoch; its end is no part of it. */
export interface Stretch {
  fromMs: number;
  untilMs: number;
}

type Weekly = Extract<MaintenanceWindow, { kind: "weekly" }>;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function* weeklyStretches({ days, start, end, time_zone }: Weekly, afterMs: number): Generator<Stretch> {
  // A draft may be one that no clock ever shows.
  if (days.length === 0 || !(minutesOf(end) > minutesOf(start))) return;
  const wallMs = wallAt(afterMs, time_zone);
  let midnightMs = wallMs - (((wallMs % DAY_MS) + DAY_MS) % DAY_MS) - DAY_MS;
  for (;;) {
    const day = DAYS[new Date(midnightMs).getUTCDay()];
    if (days.some((each) => each === day)) {
      const fromMs = firstAt(midnightMs + minutesOf(start) * 60_000, time_zone);
      const untilMs = lastBefore(midnightMs + minutesOf(end) * 60_000, time_zone);
      if (untilMs > fromMs && untilMs > afterMs) yield { fromMs, untilMs };
    }
    midnightMs += DAY_MS;
  }
}

/** The stretches of a window that end after an instant, oldest first. Those of a weekly one have no end. */
export function* stretchesOf(window: MaintenanceWindow, afterMs: number): Generator<Stretch> {
  if (window.kind === "weekly") return yield* weeklyStretches(window, afterMs);
  const stretch = { fromMs: Date.parse(window.from), untilMs: Date.parse(window.until) };
  if (stretch.untilMs > afterMs) yield stretch;
}

/** The next stretches of all windows, with the one that lasts. */
export function nextStretches(windows: readonly MaintenanceWindow[], nowMs: number, count: number): Stretch[] {
  const all: Stretch[] = [];
  for (const window of windows) {
    let left = count;
    for (const stretch of stretchesOf(window, nowMs)) {
      if (left-- === 0) break;
      all.push(stretch);
    }
  }
  return all.sort((a, b) => a.fromMs - b.fromMs).slice(0, count);
}

export interface Maintenance {
  /** The end of the window that lasts; null outside of every window. */
  untilMs: number | null;
  /** The end of the last window, where that was a short while ago. */
  endedMs: number | null;
}

const NONE: Maintenance = { untilMs: null, endedMs: null };

/** As long as a slow start may take. */
const SHORT_WHILE_MS = 3_600_000;

interface Reading extends Maintenance {
  /** It is the same until then. */
  changesMs: number;
}

function read(windows: readonly MaintenanceWindow[], nowMs: number): Reading {
  let [endedMs, untilMs, changesMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const window of windows) {
    for (const stretch of stretchesOf(window, nowMs - SHORT_WHILE_MS)) {
      if (stretch.untilMs <= nowMs) endedMs = Math.max(endedMs, stretch.untilMs);
      else {
        const lasts = stretch.fromMs <= nowMs;
        if (lasts) untilMs = Math.max(untilMs, stretch.untilMs);
        changesMs = Math.min(changesMs, lasts ? stretch.untilMs : stretch.fromMs);
        break;
      }
    }
  }
  const known = (ms: number) => (ms === Number.NEGATIVE_INFINITY ? null : ms);
  return { endedMs: known(endedMs), untilMs: known(untilMs), changesMs };
}

/** A lane asks before each send, of settings that seldom change. */
const readings = new WeakMap<readonly MaintenanceWindow[], Reading & { readMs: number }>();

/** What these windows mean at an instant. */
export function maintenanceAt(windows: readonly MaintenanceWindow[], nowMs: number): Maintenance {
  if (windows.length === 0) return NONE;
  const known = readings.get(windows);
  if (known && known.readMs <= nowMs && nowMs < known.changesMs) return known;
  const reading = { ...read(windows, nowMs), readMs: nowMs };
  readings.set(windows, reading);
  return reading;
}
