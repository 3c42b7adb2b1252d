// The sweep makes wake-ups safe to lose: every few seconds it wakes what is due and nobody drains, releases what is held
// without a reason, and frees the jobs of workers that fell silent.

import type { Pool } from "../db.ts";
import { addJobStatement } from "../jobs.ts";
import type { Log } from "../log.ts";
import { findForgottenHolds, findStrandedDestinations, freeSilentWorkers, releaseHeldBatch } from "./sweep.sql.ts";

/** A worker that has not been heard of for this long is taken for dead. */
const SILENT_MS = 20_000;
const RELEASE_BATCH = 1_000;

export interface SweepTools {
  pool: Pool;
  log: Log;
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

export async function sweep({ pool, log, wakeLanes }: SweepTools): Promise<void> {
  const freed = await freeSilentWorkers(pool, SILENT_MS);
  if (freed.length > 0) log.warn({ workers: freed }, "Workers fell silent; their jobs are free again");
  await wakeLanes(await findStrandedDestinations(pool));
  for (const connectionId of await findForgottenHolds(pool))
    await pool.query(addJobStatement("release-held", { connectionId }));
}

/** Puts all held events of a connection back in line, in batches, oldest first. What may still not run is held again by its lane. */
export async function releaseHeld({ pool, wakeLanes }: SweepTools, connectionId: string): Promise<void> {
  for (;;) {
    const destinations = await releaseHeldBatch(pool, connectionId, RELEASE_BATCH);
    await wakeLanes(new Set(destinations));
    if (destinations.length < RELEASE_BATCH) return;
  }
}
