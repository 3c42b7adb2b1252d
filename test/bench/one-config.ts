// Whether each request was judged by one configuration, and by none that was over when it was sent. Each connection of a source
// takes the requests of one kind, and a change gives each of them the kind of its neighbour at once: exactly one of them takes
// each request, and its place tells by which of the last changes.

/** Kinds of requests, and connections. */
export const TAKERS = 4;

/** A change that was made by one call. Number 0 was there before the first request. Milliseconds of one clock. */
export interface Swap {
  startedMs: number;
  answeredMs: number;
}
export interface Sent {
  kind: number;
  sentMs: number;
}
export interface Received {
  /** The place of its request among those sent. */
  n: number;
  connection: number;
  atMs: number;
}
export interface Judged {
  /** Requests that several connections took, or none. */
  mixed: number;
  /** Requests that were judged by a configuration which was over when they were sent. */
  old: number;
  /** Requests of which some connection would have been wrong. */
  decisive: number;
}

/** After change `number`, the connection that takes requests of this kind. */
export const takerOf = (kind: number, number: number): number => (kind + number) % TAKERS;

export function judgeSwaps(swaps: readonly Swap[], sent: readonly Sent[], received: readonly Received[]): Judged {
  const judged: Judged = { mixed: 0, old: 0, decisive: 0 };
  const receipts = Map.groupBy(received, ({ n }) => n);
  for (const [n, { kind, sentMs }] of sent.entries()) {
    const [receipt, another] = receipts.get(n) ?? [];
    if (!receipt || another) {
      judged.mixed++;
      continue;
    }
    const oldest = swaps.findLastIndex(({ answeredMs }) => answeredMs <= sentMs);
    const newest = swaps.findLastIndex(({ startedMs }) => startedMs <= receipt.atMs);
    const allowed = Array.from({ length: newest - oldest + 1 }, (_, later) => takerOf(kind, oldest + later));
    if (allowed.length < TAKERS) judged.decisive++;
    if (!allowed.includes(receipt.connection)) judged.old++;
  }
  return judged;
}
