/** Between two lines of the same kind; what happens meanwhile is counted. */
const QUIET_MS = 10_000;

/**
 * Keeps what a stranger can cause with each request from filling the log.
 *
 * @returns at most once in ten seconds how often it happened since it was last told; null in between
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
