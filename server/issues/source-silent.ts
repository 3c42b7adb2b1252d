// A source is silent when nothing has come for three times as long as it is usually quiet from that time of day on. Its
// rhythm is learnt from the minutes in which it was heard.
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { barsOf, DAY_MS, HOUR_MS, isoOf, onceNow, type Verdict } from "./finding.ts";

/** The longest quiet that began in an hour. */
export interface Gap {
  hourMs: number;
  ms: number;
  /** How many began in it. */
  seen: number;
}
export interface Rhythm {
  /** The last minute in which it was heard. */
  heardAtMs: number;
  /** The oldest first. */
  gaps: Gap[];
}

const LEARNT_MS = 14 * DAY_MS;
/** Before so many, over so long, a source has no rhythm. */
const ENOUGH_GAPS = 12;
const ENOUGH_MS = 2 * HOUR_MS;
/** What lasted longer than this many times what else was longest was a silence itself. */
const OUTLIER = 3;

const hourOf = (ms: number) => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** The rhythm with the minutes that were heard since, the oldest first. */
export function learnRhythm(before: Rhythm | null, minutesMs: readonly number[], nowMs: number): Rhythm | null {
  let heardAtMs = before?.heardAtMs ?? null;
  const gaps = new Map((before?.gaps ?? []).map((gap) => [gap.hourMs, gap]));
  for (const minuteMs of minutesMs) {
    if (heardAtMs !== null && minuteMs > heardAtMs) {
      const hourMs = hourOf(heardAtMs);
      const known = gaps.get(hourMs);
      const ms = Math.max(known?.ms ?? 0, minuteMs - heardAtMs);
      gaps.set(hourMs, { hourMs, ms, seen: (known?.seen ?? 0) + 1 });
    }
    heardAtMs = Math.max(heardAtMs ?? 0, minuteMs);
  }
  if (heardAtMs === null) return null;
  const kept = [...gaps.values()].filter(({ hourMs }) => hourMs > nowMs - LEARNT_MS);
  return { heardAtMs, gaps: kept.sort((a, b) => a.hourMs - b.hourMs) };
}

/** The longest of them, without those that were silences themselves. */
function longest(gaps: readonly Gap[]): number {
  const sorted = gaps.map(({ ms }) => ms).sort((a, b) => a - b);
  let top = sorted.length - 1;
  // One alone at the top is a silence; what has come about as long before belongs to the rhythm.
  while (top > 0 && (sorted[top] ?? 0) >= OUTLIER * (sorted[top - 1] ?? 0)) top--;
  return sorted[top] ?? 0;
}

/** How long the source is usually quiet from the time of day at which it was heard last; null: it has no rhythm yet. */
export function periodOf({ heardAtMs, gaps }: Rhythm): { periodMs: number; seen: number } | null {
  const seen = gaps.reduce((sum, gap) => sum + gap.seen, 0);
  const [first] = gaps;
  if (!first || seen < ENOUGH_GAPS || heardAtMs - first.hourMs < ENOUGH_MS) return null;
  const near = gaps.filter(({ hourMs }) => {
    const apart = Math.abs((hourMs % DAY_MS) - (hourOf(heardAtMs) % DAY_MS));
    return Math.min(apart, DAY_MS - apart) <= HOUR_MS;
  });
  const sameTime = near.length >= 3 ? near : gaps;
  return { periodMs: longest(sameTime), seen };
}

/** @param lastRequestMs when it was heard last, to the millisecond; @param isOpen whether it is said to be silent */
export function judgeSilence(
  rhythm: Rhythm,
  { factor }: Pick<IssueRules["source_silent"], "factor">,
  lastRequestMs: number,
  isOpen: boolean,
  nowMs: number,
): Verdict {
  const silentMs = nowMs - lastRequestMs;
  const period = silentMs < LEARNT_MS ? periodOf(rhythm) : null;
  if (period && period.periodMs > 0 && silentMs >= factor * period.periodMs) {
    return {
      kind: "happening",
      needsPerson: false,
      evidence: {
        kind: "source_silent",
        heard_at: isoOf(lastRequestMs),
        period_ms: period.periodMs,
        gaps_seen: period.seen,
      },
      occurrences: onceNow(nowMs),
      bars: barsOf([], nowMs, { good: () => 0, bad: () => 0 }),
    };
  }
  if (!isOpen) return { kind: "unclear" };
  return {
    kind: "over",
    because: period ? "It sends again." : "It has been silent for so long that it has no rhythm.",
  };
}
