// A destination falls behind when the first event in its line is long past its time. Retries that wait, and what is held or
// scheduled, are in no line yet.
import type { IssueBars } from "#server/contracts/issue.ts";
import type { IssueRules } from "#server/contracts/issue-rules.ts";
import { onceNow, type Verdict } from "./finding.ts";

export interface Line {
  /** When the first in line was due; null: nothing is due. */
  firstDueAtMs: number | null;
  waiting: number;
  bars: IssueBars;
}

/** Closed well below where it opened, so that it does not flap. */
const CAUGHT_UP = 1 / 3;

export function judgeBacklog(
  { firstDueAtMs, waiting, bars }: Line,
  { late_ms }: Pick<IssueRules["backlog"], "late_ms">,
  isOpen: boolean,
  nowMs: number,
): Verdict {
  const lateMs = firstDueAtMs === null ? 0 : Math.max(0, nowMs - firstDueAtMs);
  if (lateMs >= (isOpen ? late_ms * CAUGHT_UP : late_ms)) {
    return {
      kind: "happening",
      needsPerson: true,
      evidence: { kind: "backlog", late_ms: lateMs, waiting_count: waiting, threshold_ms: late_ms },
      occurrences: onceNow(nowMs),
      bars,
    };
  }
  return isOpen ? { kind: "over", because: "The line has caught up." } : { kind: "unclear" };
}
