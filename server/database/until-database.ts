import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { Log } from "#server/process/log.ts";

const PAUSE_MS = 250;

interface Waiting {
  log: Log;
  /** Ends the tries when it aborts. */
  signal?: AbortSignal;
  /** Called once, when the database is known to be away. */
  onAway?: () => void;
}

/**
 * Runs `work`, again for as long as the database is away, and resolves to its result. Rejects with any other error of it,
 * or when `signal` aborts.
 */
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
