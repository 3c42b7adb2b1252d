/**
 * The clock: tells the time and waits for it. Pacing, leases and pauses take it as an argument, so a test moves time by
 * hand.
 */
export interface Clock {
  /** Unix time, as it is stored. */
  nowMs(): number;
  /** Time for measuring, which no change of the wall clock moves. */
  monotonicMs(): number;
  /** Calls `run` once, `delayMs` from now. Returns the function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
