// Whether each request was judged by one configuration, and by none that was over when it was sent. Two connections of a source
// take what has the one side or the other, and a change swaps both at once: exactly one of them takes each request.

export type Side = 0 | 1;

/** A change that was made by one call. Number 0 was there before the first request. Milliseconds of one clock. */
export interface Swap {
  startedMs: number;
  answeredMs: number;
}
export interface Sent {
  side: Side;
  sentMs: number;
}
export interface Received {
  /** The place of its request among those sent. */
  n: number;
  connection: Side;
  atMs: number;
}
export interface Judged {
  /** Requests that both connections took, or neither. */
  mixed: number;
  /** Requests that were judged by a configuration which was over when they were sent. */
  old: number;
  /** Requests that only one of the configurations may have judged. */
  decisive: number;
}

/** After change `number`, the connection that takes `side`. */
export const takerOf = (side: Side, number: number): Side => ((side + number) % 2) as Side;

export function judgeSwaps(swaps: readonly Swap[], sent: readonly Sent[], received: readonly Received[]): Judged {
  const judged: Judged = { mixed: 0, old: 0, decisive: 0 };
  const receipts = Map.groupBy(received, ({ n }) => n);
  for (const [n, { side, sentMs }] of sent.entries()) {
    const [receipt, another] = receipts.get(n) ?? [];
    if (!receipt || another) {
      judged.mixed++;
      continue;
    }
    const oldest = swaps.findLastIndex(({ answeredMs }) => answeredMs <= sentMs);
    const newest = swaps.findLastIndex(({ startedMs }) => startedMs <= receipt.atMs);
    if (newest > oldest) continue;
    judged.decisive++;
    if (receipt.connection !== takerOf(side, oldest)) judged.old++;
  }
  return judged;
}
