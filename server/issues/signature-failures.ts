// A source whose signatures suddenly fail. Where it was believed until then and nothing is since, its secret was probably
// rotated at the provider; where others still verify, it is one sender.
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { barsOf, isoOf, MINUTE_MS, sumOf, type Verdict } from "./finding.ts";

export interface DoorMinute {
  atMs: number;
  accepted: number;
  signatureFailures: number;
}

const RECENT_MS = 5 * MINUTE_MS;
const FEW_RECENT = 5;
const QUIET_MS = 15 * MINUTE_MS;

/** @param minutes those of the last hour, the oldest first; @param lastAtMs of the issue that is open, or null */
export function judgeSignatures(
  minutes: readonly DoorMinute[],
  rule: Pick<IssueRules["signature_failures"], "failures" | "share">,
  lastAtMs: number | null,
  nowMs: number,
): Verdict {
  const recent = minutes.filter(({ atMs }) => atMs > nowMs - RECENT_MS);
  const [failures, accepted] = [
    sumOf(recent, (each) => each.signatureFailures),
    sumOf(recent, (each) => each.accepted),
  ];
  const isSpike =
    failures >= rule.failures || (failures >= FEW_RECENT && failures >= (failures + accepted) * rule.share);
  if (isSpike) return happening(minutes, nowMs);
  if (lastAtMs === null) return { kind: "unclear" };
  const lastFailureMs = minutes.findLast((each) => each.signatureFailures > 0)?.atMs ?? lastAtMs;
  if (accepted > 0 && failures === 0) return { kind: "over", because: "Signatures verify again." };
  if (nowMs - lastFailureMs > QUIET_MS) return { kind: "over", because: "No signature has failed for 15 minutes." };
  return { kind: "unclear" };
}

function happening(minutes: readonly DoorMinute[], nowMs: number): Verdict {
  const failing = minutes.filter((each) => each.signatureFailures > 0);
  const firstMs = failing[0]?.atMs ?? nowMs;
  const before = minutes.filter(({ atMs }) => atMs < firstMs);
  const since = minutes.filter(({ atMs }) => atMs >= firstMs);
  // In the minute of the change both kinds came.
  const laterAccepted = sumOf(
    since.filter(({ atMs }) => atMs > firstMs),
    (each) => each.accepted,
  );
  const lastAccepted = minutes.findLast((each) => each.accepted > 0);
  const wasBelieved = sumOf(before, (each) => each.accepted) + (since[0]?.accepted ?? 0) > 0;
  return {
    kind: "happening",
    needsPerson: true,
    evidence: {
      kind: "signature_failures",
      failed_count: sumOf(since, (each) => each.signatureFailures),
      accepted_count: sumOf(since, (each) => each.accepted),
      last_accepted_at: lastAccepted ? isoOf(lastAccepted.atMs) : null,
      is_probably_rotated: wasBelieved && laterAccepted === 0,
    },
    occurrences: failing.map(({ atMs, signatureFailures: count }) => ({ atMs, count })),
    bars: barsOf(minutes, nowMs, { good: (each) => each.accepted, bad: (each) => each.signatureFailures }),
  };
}
