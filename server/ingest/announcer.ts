// The announcer tells routing of new hand-offs. It works apart from the statement that commits them: a NOTIFY takes a lock
// of the whole database at its commit and wakes every connection that listens. Workers of this machine are told without one.
import { intervalAfter } from "#server/batch/work-share.ts";
import type { Pool } from "#server/database/db.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import type { Telling } from "#server/process/local-line.ts";
import { sleepUntil } from "#server/process/sleep-until.ts";

export interface Announcer {
  /**
   * Announces at once, or together with others a little after an announcement that took its time. One may get lost with the
   * process: routing also looks by itself.
   */
  announce(): void;
  /** Resolves when nothing is left to announce. */
  idle(): Promise<void>;
}

/** Workers elsewhere hear so much later of what a worker here was told: it may be stuck, or have too much. */
const ELSEWHERE_MS = 250;

/** @param line to workers of this machine */
export function makeAnnouncer(pool: Pool, line?: Pick<Telling, "tell">): Announcer {
  let isPending = false;
  let announcing: Promise<void> | null = null;
  let elsewhere: NodeJS.Timeout | undefined;

  async function run() {
    while (isPending) {
      isPending = false;
      const startedAtMs = performance.now();
      const sent = pool.query({ name: "announce", text: "select pg_notify($1, '')", values: [HAND_OFF_CHANNEL] });
      await sent.catch(() => undefined);
      await sleepUntil(startedAtMs + intervalAfter(performance.now() - startedAtMs));
    }
    announcing = null;
  }

  function announceToAll() {
    clearTimeout(elsewhere);
    elsewhere = undefined;
    isPending = true;
    announcing ??= run();
  }

  return {
    announce() {
      if (!line?.tell()) announceToAll();
      else elsewhere ??= setTimeout(announceToAll, ELSEWHERE_MS);
    },
    async idle() {
      if (elsewhere !== undefined) announceToAll();
      await announcing;
    },
  };
}
