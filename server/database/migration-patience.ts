// A migration takes locks that stop whoever writes. One that has to wait for such a lock stops them as well: Postgres lets
// nobody pass who came later. So it waits for a moment, lets all go on, and comes again.
import { setTimeout as sleep } from "node:timers/promises";
import { inSeconds } from "#server/process/amounts.ts";
import type { Queryable } from "./db.ts";
import { findHolder } from "./migration-tables.sql.ts";

const SAY_EVERY_MS = 60_000;
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

/**
 * Twice the time after which Postgres looks for a deadlock. It then also ends an autovacuum that is in the way of a lock: a
 * shorter wait would never see that, and a large table may be vacuumed for hours.
 */
export const SET_LOCK_TIMEOUT =
  "select set_config('lock_timeout', (2 * setting::integer)::text, false), 2 * setting::integer as ms from pg_settings where name = 'deadlock_timeout'";

/** The lock was not to be had in time, or two sessions were in each other's way: the same may go through later. */
const isInTheWay = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === LOCK_NOT_AVAILABLE || error.code === DEADLOCK);

export interface Waiting {
  client: Queryable;
  /** As it stands at the beginning of a sentence. */
  what: string;
  /** Any text with the names of the tables that are to be locked. */
  sql: string;
  pauseMs: number;
  say: (sentence: string) => void;
  signal?: AbortSignal | undefined;
}

async function explainWait({ client, what, sql, pauseMs }: Waiting): Promise<string> {
  const holder = await findHolder(client, [...new Set(sql.match(/\w+/g))]);
  const since = holder?.seconds == null ? "" : `, ${inSeconds(holder.seconds)} in its transaction`;
  const lock = holder
    ? `for a lock on ${holder.table}, which session ${holder.pid} holds (${holder.who}${since})`
    : "for a lock";
  return `${what} waits ${lock}. It lets others pass and tries again every ${inSeconds(pauseMs / 1000)}; it goes on when that transaction ends.`;
}

/**
 * Resolves to what `work` does, which leaves nothing behind when it fails. It is done again for as long as a lock is not to
 * be had, and a sentence says so at once and then every minute. Rejects with any other error, or when `signal` aborts.
 */
export async function withPatience<T>(work: () => Promise<T>, waiting: Waiting): Promise<T> {
  const { pauseMs, say, signal } = waiting;
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isInTheWay(error)) throw error;
    }
    if (performance.now() - saidAt >= SAY_EVERY_MS) {
      saidAt = performance.now();
      say(await explainWait(waiting));
    }
    await sleep(pauseMs, undefined, signal && { signal });
  }
}
