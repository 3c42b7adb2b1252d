import { type Clock, systemClock } from "./clock.ts";

/**
 * Resolves when the monotonic clock has reached `atMs`, at once when it has already. The clock is read once for both the
 * question and the timer: Node prints a warning about a timer whose time has passed meanwhile.
 */
export async function sleepUntil(atMs: number, clock: Clock = systemClock): Promise<void> {
  for (let leftMs = atMs - clock.monotonicMs(); leftMs > 0; leftMs = atMs - clock.monotonicMs()) {
    const waitMs = leftMs;
    await new Promise<void>((resolve) => clock.after(waitMs, resolve));
  }
}
