// How long somebody had to wait for the product, beyond what everybody had to wait for the machine.

/** Of a request: when it was due, and how long it took from then on. Milliseconds of one clock. */
export interface Waited {
  dueMs: number;
  tookMs: number;
}

/**
 * The longest wait, each less the longest of the control that lies in it or reaches into it: a machine that stands still lets
 * both wait. NaN of nothing.
 *
 * @param control what a bare server took meanwhile
 */
export function longestStall(samples: readonly Waited[], control: readonly Waited[]): Waited {
  const beside = [...control].sort((a, b) => a.dueMs - b.dueMs);
  const longestOfAll = beside.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
  let longest: Waited = { dueMs: Number.NaN, tookMs: Number.NaN };
  for (const { dueMs, tookMs } of samples) {
    if (tookMs <= longest.tookMs) continue;
    let sharedMs = 0;
    for (let i = firstFrom(beside, dueMs - longestOfAll); i < beside.length; i++) {
      const other = beside[i] as Waited;
      if (other.dueMs > dueMs + tookMs) break;
      if (other.dueMs + other.tookMs >= dueMs) sharedMs = Math.max(sharedMs, other.tookMs);
    }
    const stallMs = Math.max(0, tookMs - sharedMs);
    if (!(stallMs <= longest.tookMs)) longest = { dueMs, tookMs: stallMs };
  }
  return longest;
}

/** The place of the first that is due at `ms` or later. */
function firstFrom(sorted: readonly Waited[], ms: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.dueMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
