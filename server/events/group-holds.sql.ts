// Events that are held because their group is paused, and their way back in line.
import type { Queryable } from "#server/database/db.ts";
import { release } from "./moves.sql.ts";

export interface HeldGroup {
  destination_id: string;
  turn_key: string;
}

const PAUSED = "status = 'HOLD' and hold_reason = 'group_paused'";
const STEP = (after: string) => `(select destination_id, turn_key from event
  where ${PAUSED} and destination_id >= $1 and destination_id <= $2 ${after} order by destination_id, turn_key limit 1)`;

// One step over the index for each group, however many of its events are held.
const HELD = `
with recursive held as (
  ${STEP("")} union all select following.* from held cross join lateral ${STEP(
    "and (destination_id, turn_key) > (held.destination_id, held.turn_key)",
  )} as following
)
select destination_id, turn_key from held`;

/** @param destinationId looks at this one only */
export async function findHeldGroups(db: Queryable, destinationId?: string): Promise<HeldGroup[]> {
  const values = [destinationId ?? "", destinationId ?? "~"];
  return (await db.query<HeldGroup>({ name: "held-groups", text: HELD, values })).rows;
}

const RELEASE = release(
  `select team_id, id from event where destination_id = $1 and turn_key = $2 and ${PAUSED} order by id limit $3 for update`,
);

/** Puts up to `limit` events of a group back in line, oldest first. Returns how many. */
export async function releaseGroup(db: Queryable, group: HeldGroup, limit: number): Promise<number> {
  const values = [group.destination_id, group.turn_key, limit];
  return (await db.query({ name: "release-group", text: RELEASE, values })).rowCount ?? 0;
}
