// A connection fails when its last attempts did, when nothing went through for long, or when many events ended failed.
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { barsOf, DAY_MS, isoOf, MINUTE_MS, sumOf, type Verdict } from "./finding.ts";

export interface BranchMinute {
  atMs: number;
  attempts: number;
  delivered: number;
  /** Events whose retries were spent. */
  failed: number;
}

/** Fewer are enough where they span so long. */
const FEW_ATTEMPTS = 3;
const CONTINUOUS_MS = 15 * MINUTE_MS;
const RECENT_MS = 5 * MINUTE_MS;

/**
 * @param minutes those of the last hour, the oldest first
 * @param lastAtMs when the issue that is open happened last; null: none is open
 */
export function judgeConnection(
  minutes: readonly BranchMinute[],
  destinationId: string,
  rule: Pick<IssueRules["connection_failing"], "failed_in_a_row" | "ended_failed">,
  lastAtMs: number | null,
  nowMs: number,
): Verdict {
  const delivering = minutes.findLast(({ delivered }) => delivered > 0);
  const since = minutes.filter(({ atMs, attempts }) => attempts > 0 && atMs > (delivering?.atMs ?? 0));
  const failedAttempts = sumOf(since, ({ attempts }) => attempts);
  const spanMs = nowMs - (since[0]?.atMs ?? nowMs);
  const recent = minutes.filter(({ atMs }) => atMs > nowMs - RECENT_MS);
  const endedFailed = sumOf(recent, ({ failed }) => failed);
  const isFailing =
    failedAttempts >= rule.failed_in_a_row ||
    (failedAttempts >= FEW_ATTEMPTS && spanMs >= CONTINUOUS_MS) ||
    endedFailed >= rule.ended_failed;
  if (isFailing) {
    return {
      kind: "happening",
      needsPerson: true,
      evidence: {
        kind: "connection_failing",
        failed_attempts: failedAttempts,
        ended_failed: sumOf(minutes, ({ failed }) => failed),
        last_delivered_at: delivering ? isoOf(delivering.atMs) : null,
        destination_id: destinationId,
      },
      occurrences: minutes
        .map(({ atMs, attempts, delivered }) => ({ atMs, count: attempts - delivered }))
        .filter(({ count }) => count > 0),
      bars: barsOf(minutes, nowMs, {
        good: ({ delivered }) => delivered,
        bad: ({ attempts, delivered }) => attempts - delivered,
      }),
    };
  }
  if (lastAtMs === null) return { kind: "unclear" };
  const lately = delivering ? minutes.filter(({ atMs }) => atMs >= delivering.atMs) : [];
  return end(lately, lastAtMs, nowMs);
}

/** @param lately the minute of the last delivery and those after */
function end(lately: readonly BranchMinute[], lastAtMs: number, nowMs: number): Verdict {
  const [attempts, delivered] = [sumOf(lately, (each) => each.attempts), sumOf(lately, (each) => each.delivered)];
  if (delivered > 0 && delivered * 2 >= attempts) return { kind: "over", because: "Events are delivered again." };
  // Retries may be hours apart, so quiet alone says nothing for a day.
  if (nowMs - lastAtMs > DAY_MS) return { kind: "over", because: "No attempt has failed for a day." };
  return { kind: "unclear" };
}
