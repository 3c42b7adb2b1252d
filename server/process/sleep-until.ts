import { setTimeout as sleep } from "node:timers/promises";

const monotonicMs = () => performance.now();

/**
 * Resolves when the monotonic clock has reached `atMs`, at once when it has already. The clock is read once for both the
 * question and the timer: Node prints a warning about a timer whose time has passed meanwhile.
 */
export async function sleepUntil(atMs: number, nowMs: () => number = monotonicMs): Promise<void> {
  for (let leftMs = atMs - nowMs(); leftMs > 0; leftMs = atMs - nowMs()) await sleep(leftMs);
}
