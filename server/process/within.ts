import { setTimeout as sleep } from "node:timers/promises";

/** Waits for `work`, but no longer than so many milliseconds: what is not done by then ends with the process. Rejects as `work` does until then. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const over = sleep(ms, undefined, { signal: patience.signal, ref: false }).catch(() => {});
  await Promise.race([work, over]);
  patience.abort();
  // Nobody hears of it any more.
  work.catch(() => {});
}
