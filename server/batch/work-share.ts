// The pause between two batches, as long as there is load. A batch that took long was large, or had to share the processors:
// then company is worth waiting for. One that was over at once keeps nobody waiting.

/** Batches of one kind take at most this share of the time, until the pause is at its longest. */
const SHARE = 1 / 4;
const MAX_INTERVAL_MS = 15;

/**
 * The least time from the start of a batch to the start of the next, ms.
 * @param tookMs how long the batch took, from its start until Postgres had answered
 */
export const intervalAfter = (tookMs: number): number => Math.min(MAX_INTERVAL_MS, tookMs / SHARE);
