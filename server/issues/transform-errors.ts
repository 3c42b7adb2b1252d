// A transformation has an issue when its code throws on several requests: each is ignored in place of being delivered.
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { barsOf, DAY_MS, MINUTE_MS, sumOf, type Verdict } from "./finding.ts";

export interface TransformMinute {
  atMs: number;
  errors: number;
  /** Branches that the transformation was run on. */
  runs: number;
}
interface Code {
  version: number;
  savedAtMs: number;
  connectionIds: string[];
}

const RECENT_MS = 5 * MINUTE_MS;
const FEW = 3;
const QUIET_MS = 15 * MINUTE_MS;

/** @param minutes those of the last hour, the oldest first; @param lastAtMs of the issue that is open, or null */
export function judgeTransformation(
  minutes: readonly TransformMinute[],
  code: Code,
  rule: Pick<IssueRules["transform_errors"], "errors" | "share">,
  lastAtMs: number | null,
  nowMs: number,
): Verdict {
  const failing = minutes.filter(({ errors }) => errors > 0);
  const [errors, runs] = [sumOf(failing, (each) => each.errors), sumOf(minutes, (each) => each.runs)];
  const recent = sumOf(
    failing.filter(({ atMs }) => atMs > nowMs - RECENT_MS),
    (each) => each.errors,
  );
  const lastErrorMs = failing.at(-1)?.atMs ?? lastAtMs ?? 0;
  const isQuiet = nowMs - lastErrorMs > QUIET_MS;
  if (!isQuiet && (recent >= rule.errors || (errors >= FEW && errors >= runs * rule.share))) {
    return {
      kind: "happening",
      needsPerson: true,
      evidence: {
        kind: "transform_errors",
        errors,
        requests: runs,
        version: code.version,
        // The minute of the first error may have begun before.
        is_since_saved: (failing[0]?.atMs ?? 0) + MINUTE_MS > code.savedAtMs,
        connection_ids: code.connectionIds,
      },
      occurrences: failing.map(({ atMs, errors: count }) => ({ atMs, count })),
      bars: barsOf(minutes, nowMs, { good: (each) => each.runs - each.errors, bad: (each) => each.errors }),
    };
  }
  if (lastAtMs === null || !isQuiet) return { kind: "unclear" };
  const hasPassed = minutes.some(({ atMs, runs: ran }) => ran > 0 && atMs > lastErrorMs);
  if (hasPassed) return { kind: "over", because: "Requests pass the transformation again." };
  if (nowMs - lastErrorMs > DAY_MS) return { kind: "over", because: "It has thrown nothing for a day." };
  return { kind: "unclear" };
}
