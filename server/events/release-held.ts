// Releases and ends the waiting events of a connection, in batches: after a switch is flipped back, or after the connection
// is deleted.
import type { ConfigCache } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import type { Clock } from "#server/process/clock.ts";
import { destinationsInLine } from "./branch-counts.sql.ts";
import { findHoldsThatAreOver, type OverHold } from "./holds.sql.ts";
import { maintainedDestinations } from "./maintenance.ts";
import { cancelHeldStatement, cancelWaitingStatement, releaseStatement, type WaitingCursor } from "./moves.sql.ts";
import { makeReleaseSlice } from "./release-slice.ts";

/** So short that a statement of others waits for none of these. */
const RELEASED_AT_ONCE = 500;
const BATCH = 1_000;

interface Tools {
  pool: Pool;
  config: ConfigCache;
  clock: Clock;
  /** Called after each commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/**
 * Puts the held events of a connection back in line where the reason is over, oldest first, and ends them when the
 * connection is gone. The lane of the destination decides last: it holds again what may still not be sent. True when some
 * are left for another turn.
 */
export async function releaseHeld({ pool, config, clock, wakeLanes }: Tools, connectionId: string): Promise<boolean> {
  const slice = makeReleaseSlice(clock);
  await config.upToDate();
  const maintained = maintainedDestinations(config, clock.nowMs());
  for (const hold of await findHoldsThatAreOver(pool, maintained, connectionId)) {
    const isLeft = await slice.run(async () => {
      const moved = await endHold(pool, hold);
      if (moved > 0 && !hold.is_connection_gone) await wakeLanes([hold.destination_id]);
      return moved === RELEASED_AT_ONCE;
    });
    if (isLeft) return true;
  }
  return false;
}

async function endHold(pool: Pool, hold: OverHold): Promise<number> {
  const end = hold.is_connection_gone ? cancelHeldStatement : releaseStatement;
  return (await pool.query(end(hold, RELEASED_AT_ONCE))).rowCount ?? 0;
}

interface Branch {
  connectionId: string;
  destinationId: string;
}

/**
 * Ends the events of a deleted connection that wait for their time, at its last destination and at those that it led to before. The
 * lanes end those that are due.
 */
export async function cancelWaiting(pool: Pool, { connectionId, destinationId }: Branch): Promise<void> {
  // The numbers name the destinations, so that each is looked through by its own index.
  const destinationIds = new Set([destinationId, ...(await destinationsInLine(pool, connectionId))]);
  for (const each of destinationIds) await cancelWaitingAt(pool, { connectionId, destinationId: each });
}

async function cancelWaitingAt(pool: Pool, branch: Branch): Promise<void> {
  let after: WaitingCursor | undefined = { next_attempt_at: "-infinity", id: "" };
  while (after) {
    const page: { rows: WaitingCursor[] } = await pool.query(cancelWaitingStatement(branch, after, BATCH));
    after = page.rows[0];
  }
}
