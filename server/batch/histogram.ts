// Latencies as counts per bucket: they add up across minutes, branches and processes, which percentiles do not.

const BUCKETS = 32;
const LONGEST_MS = 60_000;
const LOG_STEP = Math.log(LONGEST_MS) / (BUCKETS - 1);

/**
 * Inclusive upper bounds in milliseconds, evenly spaced on a logarithmic scale from 1 ms to 60 s, the longest time-out a
 * destination can have. Each is 1.43 times the one before it. The last bucket also counts what took longer.
 */
export const LATENCY_BOUNDS_MS: readonly number[] = Array.from({ length: BUCKETS }, (_, i) =>
  i === BUCKETS - 1 ? LONGEST_MS : Math.exp(i * LOG_STEP),
);

export const emptyHistogram = (): number[] => new Array<number>(BUCKETS).fill(0);

/** The index of the bucket that counts this latency. */
export function bucketOf(latencyMs: number): number {
  if (!(latencyMs > 1)) return 0;
  if (latencyMs >= LONGEST_MS) return BUCKETS - 1;
  const bucket = Math.ceil(Math.log(latencyMs) / LOG_STEP);
  // The logarithm of a bound itself may round to either side of its index.
  return latencyMs <= (LATENCY_BOUNDS_MS[bucket - 1] ?? 0) ? bucket - 1 : bucket;
}

/**
 * The latency in milliseconds that the share `q` (0 to 1) of all stayed within, interpolated linearly inside its bucket;
 * null where nothing was counted. A histogram shorter than the buckets counts as filled up with zeros.
 */
export function percentile(histogram: readonly number[], q: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = q * total;
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = LATENCY_BOUNDS_MS[bucket - 1] ?? 0;
      const upper = LATENCY_BOUNDS_MS[bucket] ?? LONGEST_MS;
      return Math.round((lower + ((upper - lower) * (rank - below)) / count) * 100) / 100;
    }
    below += count;
  }
  return LONGEST_MS;
}

/** Element by element; the shorter one counts as filled up with zeros. */
export function addHistograms(a: readonly number[], b: readonly number[]): number[] {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((count, i) => count + (shorter[i] ?? 0));
}
