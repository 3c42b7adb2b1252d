// The sweep makes wake-ups safe to lose: every few seconds it wakes what is due and nobody drains, releases what is held
// for a reason that is over, and frees the jobs of workers that fell silent.

import type { ConfigCache } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import { findHoldsThatAreOver } from "#server/events/holds.sql.ts";
import { unusableDestinations } from "#server/events/release-held.ts";
import { addJobStatement } from "#server/jobs.ts";
import type { Log } from "#server/process/log.ts";
import { findStrandedDestinations, freeSilentWorkers } from "./sweep.sql.ts";

/** A worker that has not been heard of for this long is taken for dead. */
const SILENT_MS = 20_000;

export interface SweepTools {
  pool: Pool;
  config: ConfigCache;
  log: Log;
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

export async function sweep({ pool, config, log, wakeLanes }: SweepTools): Promise<void> {
  const freed = await freeSilentWorkers(pool, SILENT_MS);
  if (freed.length > 0) log.warn({ workers: freed }, "Workers fell silent; their jobs are free again");
  await wakeLanes(await findStrandedDestinations(pool));
  const connectionIds = (await findHoldsThatAreOver(pool, unusableDestinations(config))).map(
    (hold) => hold.connection_id,
  );
  for (const connectionId of new Set(connectionIds))
    await pool.query(addJobStatement("release-held", { connectionId }));
}
