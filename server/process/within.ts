import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for `work`, but no longer than so many milliseconds: what is not done by then ends with the process. Resolves to whether it was
 * done; rejects as `work` does until then.
 */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const over = sleep(ms, undefined, { signal: patience.signal, ref: false }).catch(() => {});
  const isDone = await Promise.race([work.then(() => true), over.then(() => false)]).finally(() => patience.abort());
  // Nobody hears of it any more.
  work.catch(() => {});
  return isDone;
}
