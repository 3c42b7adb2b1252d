// The live announcer tells processes with open pages which teams have something new. It works apart from the transactions
// of the changes and a few times a second at most, because a NOTIFY takes a lock of the whole database at its commit.
import type { Pool } from "#server/database/db.ts";

/** The channel; the payload is a JSON list of team ids, or empty for all. */
export const LIVE_CHANNEL = "live";
/** Notified by the tables of resources, at each commit that changes one. */
export const CONFIG_CHANNEL = "config_changed";

const INTERVAL_MS = 250;
/** A payload holds 8,000 bytes. */
const MAX_TEAMS = 200;

export interface LiveAnnouncer {
  /**
   * Notes a change; this costs an entry in a set. It may be called before the commit: the notice follows later, and
   * listeners look again.
   */
  changed(teamId: string): void;
  /** Resolves when nothing is being announced. */
  stop(): Promise<void>;
}

export function makeLiveAnnouncer(pool: Pick<Pool, "query">): LiveAnnouncer {
  const teams = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> = Promise.resolve();

  function send(): void {
    timer = undefined;
    const payload = teams.size > MAX_TEAMS ? "" : JSON.stringify([...teams]);
    teams.clear();
    // A lost notice costs a page some seconds.
    sending = pool.query("select pg_notify($1, $2)", [LIVE_CHANNEL, payload]).catch(() => undefined);
  }

  return {
    changed(teamId) {
      teams.add(teamId);
      timer ??= setTimeout(send, INTERVAL_MS).unref();
    },
    async stop() {
      clearTimeout(timer);
      await sending;
    },
  };
}
