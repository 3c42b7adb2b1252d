import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Log } from "#server/process/log.ts";

const PAUSE_MS = 250;

interface Waiting {
  log: Log;
  /** Gives up. */
  signal?: AbortSignal;
  /** Called once, when it is known that there is something to wait for. */
  onAway?: () => void;
}

/** What `work` resolves to, which is tried for as long as the database is away. Rejects with whatever else it throws, or when `signal` aborts. */
export async function untilDatabaseAnswers<T>(work: () => Promise<T>, { log, signal, onAway }: Waiting): Promise<T> {
  for (let isKnown = false; ; isKnown = true) {
    try {
      const result = await work();
      if (isKnown) log.info("The database answers");
      return result;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (!isKnown) log.warn({ error: (error as Error).message }, "The database is away; waiting for it");
      if (!isKnown) onAway?.();
    }
    await sleep(PAUSE_MS, undefined, signal && { signal });
  }
}
