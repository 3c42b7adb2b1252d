/** The time between two lines of the same kind; occurrences meanwhile are counted. */
const QUIET_MS = 10_000;

/**
 * Keeps events that a stranger can cause with each request from filling the log.
 *
 * @returns at most once in ten seconds the number of occurrences since the last time; null in between
 */
export function makeSeldom(): (nowMs: number) => number | null {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (nowMs) => {
    untold++;
    if (nowMs - toldAtMs < QUIET_MS) return null;
    const times = untold;
    toldAtMs = nowMs;
    untold = 0;
    return times;
  };
}
