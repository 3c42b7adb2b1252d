// Puts the events of groups back in line that are not paused any more, in batches.
import type { ConfigCache, ConfigSnapshot } from "#server/config/config-cache.ts";
import { shownGroup } from "#server/contracts/group-filter.ts";
import { groupsOf, limitsOfGroup } from "#server/contracts/groups.ts";
import type { Pool } from "#server/database/db.ts";
import type { Clock } from "#server/process/clock.ts";
import { findHeldGroups, type HeldGroup, releaseGroup } from "./group-holds.sql.ts";
import { makeReleaseSlice } from "./release-slice.ts";

const BATCH = 500;

interface Tools {
  pool: Pool;
  config: ConfigCache;
  clock: Clock;
  /** Called after each commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/** Destinations with held events of a group that is not paused, by this configuration. */
export async function findGroupsToRelease(pool: Pool, config: ConfigSnapshot): Promise<Set<string>> {
  const held = await findHeldGroups(pool);
  return new Set(held.filter((group) => !isPaused(group, config)).map((group) => group.destination_id));
}

/** The lane of the destination decides last: it holds again what may still not be sent. True when some are left for another turn. */
export async function releaseGroups(
  { pool, config, clock, wakeLanes }: Tools,
  destinationId: string,
): Promise<boolean> {
  const slice = makeReleaseSlice(clock);
  const snapshot = await config.upToDate();
  for (const group of await findHeldGroups(pool, destinationId)) {
    if (isPaused(group, snapshot)) continue;
    const isLeft = await slice.run(async () => {
      const moved = await releaseGroup(pool, group, BATCH);
      if (moved > 0) await wakeLanes([destinationId]);
      return moved === BATCH;
    });
    if (isLeft) return true;
  }
  return false;
}

function isPaused({ destination_id, turn_key }: HeldGroup, { destinations }: ConfigSnapshot): boolean {
  const groups = groupsOf(destinations.get(destination_id));
  return groups !== null && limitsOfGroup(groups, shownGroup(turn_key) ?? "").isPaused;
}
