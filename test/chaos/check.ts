// The checker: it stands outside, reads the logs of those who sent and received and what the public API tells, and knows no database.
import { makeCounterCheck } from "./check-counters.ts";
import { checkQuiet, makePaceCheck } from "./check-pace.ts";
import {
  checkDelivered,
  checkSignatures,
  makeRepeatCheck,
  makeReplayCheck,
  matchDeliveries,
} from "./check-receipts.ts";
import { checkAcknowledged, checkForeign, checkTeams, makeOriginCheck } from "./check-requests.ts";
import type { Evidence, RunFacts, Slice, Violation } from "./logs.ts";

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

/**
 * Judges a run slice by slice, in any order; of those before it remembers numbers alone, but for what is ordered, measured or was
 * sent by a provider.
 */
export function makeChecker(facts: RunFacts) {
  const repeats = makeRepeatCheck(facts);
  const origins = makeOriginCheck();
  const pace = makePaceCheck(facts);
  const counters = makeCounterCheck(facts);
  const replays = makeReplayCheck(facts);
  const found: Violation[][] = [];
  let excusedQuiet = 0;
  return {
    add(slice: Slice): void {
      const evidence = withFacts(slice, facts);
      const deliveries = matchDeliveries(evidence);
      const quiet = checkQuiet(evidence);
      excusedQuiet += quiet.excused;
      found.push(
        checkAcknowledged(evidence),
        origins.add(evidence),
        checkDelivered(evidence, deliveries),
        repeats.add(deliveries),
        checkSignatures(evidence),
        quiet.violations,
        replays.add(evidence),
        checkTeams(evidence),
      );
      pace.add(evidence);
      counters.add(evidence);
    },
    /** Pure but for its own memory. Everything that does not hold, one sentence each. */
    end(): Verdict {
      const { violations, byCause } = repeats.end();
      found.push(violations, origins.end(), pace.end(), counters.end(), replays.end(), checkForeign(facts));
      return { violations: found.flat(), repeatsByCause: byCause, excusedQuiet };
    },
  };
}

const withFacts = (slice: Slice, facts: RunFacts): Evidence => ({
  ...facts,
  sent: slice.sent,
  receipts: slice.receipts,
  told: {
    ours: { ...facts.told.ours, ...slice.told.ours },
    theirs: { ...facts.told.theirs, ...slice.told.theirs },
  },
});

/** Judges a run that is held in memory as a whole. Pure. */
export function check(evidence: Evidence): Verdict {
  const checker = makeChecker(evidence);
  checker.add(evidence);
  return checker.end();
}
