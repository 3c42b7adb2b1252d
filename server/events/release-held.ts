// What becomes of the events of a connection when a switch is flipped back or the connection is deleted, in batches.
import type { ConfigCache } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import { findHoldsThatAreOver, type OverHold } from "./holds.sql.ts";
import { cancelHeldStatement, cancelWaitingStatement, releaseStatement, type WaitingCursor } from "./moves.sql.ts";

const BATCH = 1_000;

interface Tools {
  pool: Pool;
  config: ConfigCache;
  /** Called after each commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/** Ids of destinations that nothing can be sent to by this process' configuration. */
export const unusableDestinations = (config: ConfigCache): string[] =>
  [...config.current().destinations.values()].filter(({ unusable }) => unusable !== undefined).map(({ id }) => id);

/**
 * Puts what a connection holds for a reason that is over back in line, oldest first, and ends what it holds when it is gone.
 * The lane of the destination has the last word: it holds again what may still not run.
 */
export async function releaseHeld({ pool, config, wakeLanes }: Tools, connectionId: string): Promise<void> {
  await config.upToDate();
  for (const hold of await findHoldsThatAreOver(pool, unusableDestinations(config), connectionId)) {
    let moved: number;
    do {
      moved = await endHold(pool, hold);
      if (moved > 0 && !hold.is_connection_gone) await wakeLanes([hold.destination_id]);
    } while (moved === BATCH);
  }
}

async function endHold(pool: Pool, hold: OverHold): Promise<number> {
  const statement = hold.is_connection_gone ? cancelHeldStatement(hold, BATCH) : releaseStatement(hold, BATCH);
  return (await pool.query(statement)).rowCount ?? 0;
}

/** Ends what waits for its time at the destination of a connection that was deleted; what is due its lane ends. */
export async function cancelWaiting(
  pool: Pool,
  branch: { connectionId: string; destinationId: string },
): Promise<void> {
  let after: WaitingCursor | undefined = { next_attempt_at: "-infinity", id: "" };
  while (after) {
    const page: { rows: WaitingCursor[] } = await pool.query(cancelWaitingStatement(branch, after, BATCH));
    after = page.rows[0];
  }
}
