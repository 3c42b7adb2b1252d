// Puts the events of groups back in line that are not paused any more, in batches.
import type { ConfigCache, ConfigSnapshot } from "#server/config/config-cache.ts";
import { shownGroup } from "#server/contracts/group-filter.ts";
import { groupsOf, limitsOfGroup } from "#server/contracts/groups.ts";
import type { Pool } from "#server/database/db.ts";
import { findHeldGroups, type HeldGroup, releaseGroup } from "./group-holds.sql.ts";

const BATCH = 1_000;

interface Tools {
  pool: Pool;
  config: ConfigCache;
  /** Called after each commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/** Destinations with held events of a group that is not paused, by this configuration. */
export async function findGroupsToRelease(pool: Pool, config: ConfigSnapshot): Promise<Set<string>> {
  const held = await findHeldGroups(pool);
  return new Set(held.filter((group) => !isPaused(group, config)).map((group) => group.destination_id));
}

/** The lane of the destination decides last: it holds again what may still not be sent. */
export async function releaseGroups({ pool, config, wakeLanes }: Tools, destinationId: string): Promise<void> {
  const snapshot = await config.upToDate();
  for (const group of await findHeldGroups(pool, destinationId)) {
    if (isPaused(group, snapshot)) continue;
    let moved: number;
    do {
      moved = await releaseGroup(pool, group, BATCH);
      if (moved > 0) await wakeLanes([destinationId]);
    } while (moved === BATCH);
  }
}

function isPaused({ destination_id, turn_key }: HeldGroup, { destinations }: ConfigSnapshot): boolean {
  const groups = groupsOf(destinations.get(destination_id));
  return groups !== null && limitsOfGroup(groups, shownGroup(turn_key) ?? "").isPaused;
}
