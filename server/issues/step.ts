// The life of an issue: what a verdict makes of it. Pure.
import type { IssueMove, IssueState } from "#server/contracts/issue.ts";
import { HOUR_MS, isoOf, type Occurrence, type Verdict } from "./finding.ts";

/** An issue as it is stored; times in milliseconds. */
export interface KnownIssue {
  id: string;
  state: IssueState;
  count: number;
  openedCount: number;
  /** The last minute in which it happened, and how often in that one. */
  lastAtMs: number;
  lastMinuteCount: number;
  snoozedUntilMs: number | null;
  resolvedAtMs: number | null;
  /** Whether a person resolved it. */
  isResolvedByHand: boolean;
  history: IssueMove[];
}

type Happening = Extract<Verdict, { kind: "happening" }>;

interface Seen extends Tally {
  seen: Happening;
}

export type Change =
  | { kind: "none" }
  /** A new one. */
  | ({ kind: "open"; firstAtMs: number; move: IssueMove } & Seen)
  /** It goes on; `move` where its state changes. */
  | ({ kind: "update"; state: IssueState; openedCount: number; move: IssueMove | null } & Seen)
  | { kind: "resolve"; because: string; move: IssueMove };

/** So soon after its end it is the same issue. */
const AGAIN_WITHIN_MS = HOUR_MS;
/** So long a person's word holds against what is still so; silence about a failure never lasts longer. */
const BY_HAND_MS = HOUR_MS;
const MAX_HISTORY = 50;

const moveOf = (what: IssueMove["what"], nowMs: number, because: string | null = null): IssueMove => ({
  at: isoOf(nowMs),
  what,
  because,
  by: null,
});

interface Tally {
  count: number;
  lastAtMs: number;
  lastMinuteCount: number;
}

/** The tally with what came since: the minute that was counted last may have gone on. */
function tally(before: Tally, occurrences: readonly Occurrence[]): Tally {
  const after = { ...before };
  for (const { atMs, count } of occurrences) {
    if (atMs < before.lastAtMs) continue;
    after.count += atMs === before.lastAtMs ? Math.max(0, count - before.lastMinuteCount) : count;
    if (atMs >= after.lastAtMs) Object.assign(after, { lastAtMs: atMs, lastMinuteCount: count });
  }
  return after;
}

/** @param known the live issue of this kind and subject, or the one that was resolved last; null where there was none */
export function stepIssue(known: KnownIssue | null, verdict: Verdict, nowMs: number): Change {
  if (verdict.kind === "unclear") return { kind: "none" };
  const isLive = known !== null && known.state !== "resolved";
  if (verdict.kind === "over") {
    if (!isLive) return { kind: "none" };
    return { kind: "resolve", because: verdict.because, move: moveOf("resolved", nowMs, verdict.because) };
  }
  if (known && isLive) return goOn(known, verdict, nowMs);
  if (known?.resolvedAtMs != null) {
    const sinceMs = nowMs - known.resolvedAtMs;
    const heldMs = known.isResolvedByHand ? BY_HAND_MS : 0;
    if (sinceMs < heldMs) return { kind: "none" };
    if (sinceMs < heldMs + AGAIN_WITHIN_MS) return again(known, verdict, nowMs);
  }
  const nothing = { count: 0, lastAtMs: 0, lastMinuteCount: 0 };
  return {
    kind: "open",
    seen: verdict,
    firstAtMs: verdict.occurrences[0]?.atMs ?? nowMs,
    ...tally(nothing, verdict.occurrences),
    move: moveOf("opened", nowMs),
  };
}

const tallyOf = ({ count, lastAtMs, lastMinuteCount }: KnownIssue): Tally => ({ count, lastAtMs, lastMinuteCount });

function goOn(known: KnownIssue, seen: Happening, nowMs: number): Change {
  const isWoken = known.state === "snoozed" && nowMs >= (known.snoozedUntilMs ?? 0);
  return {
    kind: "update",
    seen,
    state: isWoken ? "open" : known.state,
    openedCount: known.openedCount,
    ...tally(tallyOf(known), seen.occurrences),
    move: isWoken ? moveOf("woken", nowMs, "The time of its snooze is over.") : null,
  };
}

const again = (known: KnownIssue, seen: Happening, nowMs: number): Change => ({
  kind: "update",
  seen,
  state: "open",
  openedCount: known.openedCount + 1,
  ...tally(tallyOf(known), seen.occurrences),
  move: moveOf("opened_again", nowMs),
});

/** The newest of a history with one more move. */
export const withMove = (history: readonly IssueMove[], move: IssueMove): IssueMove[] =>
  [...history, move].slice(-MAX_HISTORY);
