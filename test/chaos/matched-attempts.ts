// Receipts and attempts of one event, held against each other: which belong together, and which stand alone.
import type { AttemptFact, Receipt } from "./logs.ts";

/** The way between a worker and a receiver, and as far as a worker's clock is set ahead or back. */
const SLACK_MS = 6_500;

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

/** The answer came whole; one that broke off in the middle may have had any status. */
const isWhole = ({ status, errorCode }: AttemptFact) =>
  status !== null && (errorCode === null || errorCode === "BAD_RESPONSE");

/** An attempt with a whole answer belongs to a receipt that was answered so, before one without takes it. */
export function matchAttempts(receipts: readonly Receipt[], attempts: readonly AttemptFact[]): Matched {
  const left = new Set(receipts);
  const pairs: Matched["pairs"] = [];
  const unreceived: AttemptFact[] = [];
  const inOrder = attempts.toSorted((a, b) => Number(isWhole(b)) - Number(isWhole(a)) || a.createdAtMs - b.createdAtMs);
  for (const attempt of inOrder) {
    const offMs = ({ atMs }: Receipt) => Math.abs(atMs - attempt.createdAtMs);
    const candidates = [...left].filter((receipt) => fits(receipt, attempt)).sort((a, b) => offMs(a) - offMs(b));
    const same = candidates.find(({ status }) => status === attempt.status);
    const receipt = isWhole(attempt) ? same : (candidates.find(({ status }) => status === 0) ?? candidates[0]);
    if (!receipt) {
      unreceived.push(attempt);
      continue;
    }
    left.delete(receipt);
    pairs.push({ receipt, attempt });
  }
  return { pairs, unrecorded: [...left], unreceived };
}
