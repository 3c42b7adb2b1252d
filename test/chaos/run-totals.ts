// The sums of a run, counted while it goes and while it is judged.
import type { Receipt, Sent, Slice } from "./logs.ts";

export interface Totals {
  sent: number;
  acknowledged: number;
  /** Answered, with something else than 2xx. */
  refused: number;
  unanswered: number;
  /** Events of acknowledged requests. */
  events: number;
  delivered: number;
  /** The events that ended otherwise, or wait, by status. */
  others: Map<string, number>;
  receipts: number;
  /** The longest time without an acknowledged answer, while requests were sent, and when it began. */
  longestGap: { ms: number; fromMs: number };
}

export type RunTotals = ReturnType<typeof makeRunTotals>;

export function makeRunTotals() {
  const totals: Totals = {
    ...{ sent: 0, acknowledged: 0, refused: 0, unanswered: 0, events: 0, delivered: 0, others: new Map(), receipts: 0 },
    longestGap: { ms: 0, fromMs: 0 },
  };
  let lastMs: number | undefined;
  return {
    now: totals,
    addSent({ status, requestId, answeredAtMs }: Sent) {
      totals.sent++;
      if (status === 0) totals.unanswered++;
      else if (status < 200 || status > 299) totals.refused++;
      if (requestId === null) return;
      totals.acknowledged++;
      const gapMs = answeredAtMs - (lastMs ?? answeredAtMs);
      if (gapMs > totals.longestGap.ms) totals.longestGap = { ms: gapMs, fromMs: lastMs ?? answeredAtMs };
      lastMs = answeredAtMs;
    },
    addReceipt(_: Receipt) {
      totals.receipts++;
    },
    /** Counts the events of what was acknowledged. */
    addSlice({ sent, told }: Slice) {
      const acknowledged = new Set(sent.map(({ requestId }) => requestId));
      for (const { requestId, status } of [...told.ours.events, ...told.theirs.events]) {
        if (!acknowledged.has(requestId)) continue;
        totals.events++;
        if (status === "DELIVERED") totals.delivered++;
        else totals.others.set(status, (totals.others.get(status) ?? 0) + 1);
      }
    },
  };
}
