// The sweep makes wake-ups safe to lose. Every few seconds it looks for three things: workers that fell silent, destinations
// with due events that nobody drains, events that are held for a reason that is over, and failed events that are to be forwarded.
// It also adds up the counts of events.
import type { ConfigCache } from "#server/config/config-cache.ts";
import type { Pool } from "#server/database/db.ts";
import { hasDeadLetters } from "#server/delivery/dead-letters.sql.ts";
import { findStrandedDestinations } from "#server/delivery/stranded.sql.ts";
import { foldBranchCounts } from "#server/events/branch-counts.sql.ts";
import { findHoldsThatAreOver } from "#server/events/holds.sql.ts";
import { maintainedDestinations } from "#server/events/maintenance.ts";
import { findGroupsToRelease } from "#server/events/release-groups.ts";
import { addJobStatement } from "#server/jobs.ts";
import type { Log } from "#server/process/log.ts";
import { freeSilentWorkers } from "./liveness.sql.ts";

/** A worker without a heartbeat for this long is taken for dead. */
const SILENT_MS = 20_000;

export interface SweepTools {
  pool: Pool;
  config: ConfigCache;
  log: Log;
  now: () => Date;
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

export async function sweep({ pool, config, log, now, wakeLanes }: SweepTools): Promise<void> {
  await freeJobsOfTheSilent(pool, log);
  await wakeLanes(await findStrandedDestinations(pool));
  await releaseWhatIsOver(pool, config, now());
  if (await hasDeadLetters(pool)) await pool.query(addJobStatement("forward-dead-letters", {}));
  await foldBranchCounts(pool);
}

async function freeJobsOfTheSilent(pool: Pool, log: Log): Promise<void> {
  const freed = await freeSilentWorkers(pool, SILENT_MS);
  if (freed.length > 0) log.warn({ workers: freed }, "Workers fell silent; their jobs are free again");
}

async function releaseWhatIsOver(pool: Pool, config: ConfigCache, now: Date): Promise<void> {
  const holds = await findHoldsThatAreOver(pool, maintainedDestinations(config, now.getTime()));
  const connectionIds = new Set(holds.map((hold) => hold.connection_id));
  for (const connectionId of connectionIds) await pool.query(addJobStatement("release-held", { connectionId }));
  for (const destinationId of await findGroupsToRelease(pool, config.current())) {
    await pool.query(addJobStatement("release-groups", { destinationId }));
  }
}
