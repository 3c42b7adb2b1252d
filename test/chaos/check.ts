// The checker: it stands outside, reads the logs of those who sent and received and what the public API tells, and knows no database.
import { checkCounters, checkPace, checkQuiet } from "./check-pace.ts";
import { checkDelivered, checkRepeats, checkReplays, checkSignatures, matchDeliveries } from "./check-receipts.ts";
import { checkAcknowledged, checkOrigins, checkTeams } from "./check-requests.ts";
import type { Evidence, Violation } from "./logs.ts";

export const INVARIANTS: Record<number, string> = {
  1: "what was acknowledged exists, with one event for each connection, which is at its end or says why not",
  2: "nothing is stored that was not sent, and nothing twice",
  3: "what is delivered arrived, with the bytes that were sent",
  4: "what arrived again was under way at a fault, and attempts tell of what arrived",
  5: "order, rate and concurrency hold at the receiver",
  6: "the charts count what the lists hold, minute by minute",
  7: "signatures are right and fresh",
  8: "what is paused or disabled gets nothing after a second",
  9: "a replay adds an attempt and changes none",
  10: "no row crosses teams",
};

export interface Verdict {
  violations: Violation[];
  /** Repeats by the kind of fault that explains them. */
  repeatsByCause: Map<string, number>;
  /** Deliveries to a paused connection by a worker that was cut off and could not know. */
  excusedQuiet: number;
}

/** Pure. Everything that does not hold, one sentence each. */
export function check(evidence: Evidence): Verdict {
  const deliveries = matchDeliveries(evidence);
  const repeats = checkRepeats(evidence, deliveries);
  const quiet = checkQuiet(evidence);
  const violations = [
    ...checkAcknowledged(evidence),
    ...checkOrigins(evidence),
    ...checkDelivered(evidence, deliveries),
    ...repeats.violations,
    ...checkPace(evidence),
    ...checkCounters(evidence),
    ...checkSignatures(evidence),
    ...quiet.violations,
    ...checkReplays(evidence),
    ...checkTeams(evidence),
  ];
  return { violations, repeatsByCause: repeats.byCause, excusedQuiet: quiet.excused };
}
