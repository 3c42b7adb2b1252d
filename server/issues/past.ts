// Detectors run over minutes of the past: how often an issue would have opened. Pure.
import { DAY_MS, HOUR_MS, MINUTE_MS, type Verdict } from "./finding.ts";
import { type Gap, periodOf, type Rhythm } from "./source-silent.ts";
import { type Change, type KnownIssue, stepIssue } from "./step.ts";

/** What a detector says of the minutes of an hour at a look; `live` is the issue that is open. */
export type Judge<M> = (window: readonly M[], live: KnownIssue | null, nowMs: number) => Verdict;

interface Span {
  fromMs: number;
  toMs: number;
}

const liveOf = (known: KnownIssue | null) => (known?.state === "resolved" ? null : known);

function after(known: KnownIssue | null, change: Change, nowMs: number): KnownIssue | null {
  if (change.kind === "none") return known;
  if (change.kind === "resolve") return known && { ...known, state: "resolved", resolvedAtMs: nowMs };
  const { count, lastAtMs, lastMinuteCount } = change;
  const state = { state: "open", openedCount: 1, snoozedUntilMs: null, resolvedAtMs: null } as const;
  return { id: "", history: [], isResolvedByHand: false, ...state, count, lastAtMs, lastMinuteCount };
}

/**
 * Looks once a minute, as the watch does, wherever a look may find something: while a bad minute is within the last hour, and
 * while the issue is open.
 * @param minutes the oldest first, from an hour before the span on; @param isBad whether a minute may open an issue
 */
export function countOpenings<M extends { atMs: number }>(
  minutes: readonly M[],
  { isBad, judge, span: { fromMs, toMs } }: { isBad: (minute: M) => boolean; judge: Judge<M>; span: Span },
): number {
  const bad = minutes.filter(isBad).map(({ atMs }) => atMs);
  let known: KnownIssue | null = null;
  let [opened, first, end, badAt] = [0, 0, 0, 0];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += MINUTE_MS) {
    while ((bad[badAt] ?? Number.POSITIVE_INFINITY) <= nowMs - HOUR_MS) badAt++;
    const nextBadMs = bad[badAt] ?? Number.POSITIVE_INFINITY;
    if (liveOf(known) === null && nextBadMs > nowMs) {
      if (nextBadMs > toMs) break;
      nowMs += Math.ceil((nextBadMs - nowMs) / MINUTE_MS) * MINUTE_MS;
    }
    while ((minutes[first]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs - HOUR_MS) first++;
    while ((minutes[end]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) end++;
    const change = stepIssue(known, judge(minutes.slice(first, end), liveOf(known), nowMs), nowMs);
    if (change.kind === "open" || (change.kind === "update" && change.move !== null)) opened++;
    known = after(known, change, nowMs);
  }
  return opened;
}

/** The longest quiet that began in an hour, with the time at which it began. */
export interface PastGap extends Gap {
  startMs: number;
}

const LEARNT_MS = 14 * DAY_MS;

/** @param gaps of a source, the oldest first; the last one goes on. Only what was known at its start judges a gap. */
export function countSilences(gaps: readonly PastGap[], factor: number, fromMs: number): number {
  return gaps.filter(({ startMs, ms }, at) => {
    const learnt = gaps.slice(0, at).filter(({ hourMs }) => hourMs > startMs - LEARNT_MS);
    const rhythm: Rhythm = { heardAtMs: startMs, gaps: learnt };
    // A minute that was heard is heard to its end.
    const silentMs = ms - MINUTE_MS;
    const periodMs = periodOf(rhythm)?.periodMs ?? 0;
    return periodMs > 0 && silentMs >= factor * periodMs && startMs + factor * periodMs >= fromMs;
  }).length;
}

export interface PastLateness {
  atMs: number;
  lateMs: number;
}

/** Between samples that are further apart nothing waited: what is older than two days is kept once in a quarter of an hour. */
const SAMPLED_MS = 16 * MINUTE_MS;

/** @param samples of a line while something waits in it, the oldest first */
export function countBacklogs(
  samples: readonly PastLateness[],
  judge: (lateMs: number, isOpen: boolean, nowMs: number) => Verdict,
): number {
  let known: KnownIssue | null = null;
  let opened = 0;
  const look = (lateMs: number, nowMs: number) => {
    const change = stepIssue(known, judge(lateMs, liveOf(known) !== null, nowMs), nowMs);
    if (change.kind === "open" || (change.kind === "update" && change.move !== null)) opened++;
    known = after(known, change, nowMs);
  };
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { atMs, lateMs } of samples) {
    if (atMs - lastMs > SAMPLED_MS && Number.isFinite(lastMs)) look(0, lastMs + MINUTE_MS);
    look(lateMs, atMs);
    lastMs = atMs;
  }
  return opened;
}
