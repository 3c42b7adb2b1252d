// The announcer tells routing of new hand-offs. It works apart from the statement that commits them: a NOTIFY takes a lock
// of the whole database at its commit and wakes every connection that listens.
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "#server/database/db.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";

export interface Announcer {
  /**
   * Announces at once, or together with others a little after the last announcement. One may get lost with the process:
   * routing also looks by itself.
   */
  announce(): void;
  /** Resolves when nothing is left to announce. */
  idle(): Promise<void>;
}

/** Routing claims no oftener than this. */
const MIN_INTERVAL_MS = 15;

export function makeAnnouncer(pool: Pool): Announcer {
  let isPending = false;
  let announcing: Promise<void> | null = null;

  async function run() {
    while (isPending) {
      isPending = false;
      const sent = pool.query({ name: "announce", text: "select pg_notify($1, '')", values: [HAND_OFF_CHANNEL] });
      await Promise.all([sent.catch(() => undefined), sleep(MIN_INTERVAL_MS)]);
    }
    announcing = null;
  }

  return {
    announce() {
      isPending = true;
      announcing ??= run();
    },
    idle: async () => announcing ?? undefined,
  };
}
