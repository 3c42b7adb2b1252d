// An open breaker is an issue of its own: it goes away by itself, and says why nothing is sent meanwhile.
import type { BreakerReading, BreakerReason } from "#server/contracts/breaker.ts";
import { barsOf, isoOf, onceNow, type Verdict } from "./finding.ts";

const answerOf = ({ response_status, error_code, trouble }: Exclude<BreakerReason, { kind: "forced" }>): string =>
  String(response_status ?? error_code ?? trouble);

/** Why it opened, as `20 × 503 in a row`. */
function becauseOf(reason: BreakerReason | null): string {
  if (reason === null) return "it was open when it was looked at";
  if (reason.kind === "forced") return "somebody has opened it";
  const times = `${reason.failures} × ${answerOf(reason)}`;
  return reason.kind === "in_a_row" ? `${times} in a row` : `${times} of ${reason.tries} tries`;
}

/** @param isLive whether the issue is open */
export function judgeBreaker(reading: BreakerReading, heldCount: number, isLive: boolean, nowMs: number): Verdict {
  if (reading.state === "open" || reading.state === "half_open") {
    return {
      kind: "happening",
      needsPerson: false,
      evidence: {
        kind: "breaker_open",
        because: becauseOf(reading.because),
        opened_at: reading.since ?? isoOf(nowMs),
        next_probe_at: reading.next_probe_at,
        held_count: heldCount,
      },
      occurrences: onceNow(nowMs),
      bars: barsOf([], nowMs, { good: () => 0, bad: () => 0 }),
    };
  }
  return isLive ? { kind: "over", because: "It has closed." } : { kind: "unclear" };
}
