// Receipts and attempts of one event, held against each other: which belong together, and which stand alone.
import type { AttemptFact, Receipt } from "./logs.ts";

/** The clocks of a worker and of a receiver on one machine, and the way between them. */
const SLACK_MS = 1_500;

export interface Matched {
  pairs: { receipt: Receipt; attempt: AttemptFact }[];
  /** Arrived, and nobody recorded it. */
  unrecorded: Receipt[];
  /** Recorded, and nobody received it. */
  unreceived: AttemptFact[];
}

const fits = (receipt: Receipt, attempt: AttemptFact) =>
  receipt.attempt === attempt.number &&
  receipt.atMs >= attempt.createdAtMs - SLACK_MS &&
  receipt.atMs - receipt.lateMs <= attempt.createdAtMs + attempt.latencyMs + SLACK_MS;

/** An attempt that has a status belongs to the receipt that was answered so, before one that has none takes it. */
export function matchAttempts(receipts: readonly Receipt[], attempts: readonly AttemptFact[]): Matched {
  const left = new Set(receipts);
  const pairs: Matched["pairs"] = [];
  const unreceived: AttemptFact[] = [];
  const inOrder = attempts.toSorted(
    (a, b) => Number(a.status === null) - Number(b.status === null) || a.createdAtMs - b.createdAtMs,
  );
  for (const attempt of inOrder) {
    const candidates = [...left].filter((receipt) => fits(receipt, attempt));
    const receipt =
      attempt.status === null ? candidates[0] : candidates.find(({ status }) => status === attempt.status);
    if (!receipt) {
      unreceived.push(attempt);
      continue;
    }
    left.delete(receipt);
    pairs.push({ receipt, attempt });
  }
  return { pairs, unrecorded: [...left], unreceived };
}
