// Gives the unfinished events of a destination new turn keys when the key of its groups has changed, before anything is sent by the
// new one. The lane does it, as it sorts events for another order. What routing still does by the old key is seen to a little later.
import type { Groups } from "#server/contracts/groups.ts";
import { loadRequests } from "#server/events/stored-request.sql.ts";
import { groupMark, toGroupKey } from "#server/rules/group-key.ts";
import { readOtherGroups, recordGroups, regroupEvents, waysToOtherGroups } from "./regroup.sql.ts";
import { AGAIN_AFTER_MS, asDelivered, PAGE_EVENTS, SMALL_BODY_BYTES, type SortingLane } from "./sort-order.ts";

/** Resolves when the events in line have the turn keys of these groups. False when the lease was lost before. */
export async function keepGrouped(lane: SortingLane, groups: Groups | null): Promise<boolean> {
  const { lease, pool, clock } = lane;
  const groupOf = groups && groupMark(groups);
  const { groupSortAt } = lease.order;
  const isNew = lease.order.groupOf !== groupOf;
  if (!isNew && (groupSortAt === null || groupSortAt.getTime() > clock.nowMs())) return true;
  if (!(await regroupAll(lane, groups))) return false;
  const order = { groupOf, groupSortAt: isNew ? new Date(clock.nowMs() + AGAIN_AFTER_MS) : null };
  if (!(await recordGroups(pool, lease, order))) return false;
  lease.order = { ...lease.order, ...order };
  return true;
}

async function regroupAll(lane: SortingLane, groups: Groups | null): Promise<boolean> {
  const { pool, lease } = lane;
  const mark = groups && groupMark(groups);
  for (const way of await waysToOtherGroups(pool, lease.destinationId)) {
    let after: [string, string] = ["", ""];
    for (;;) {
      if (!lease.isHeld()) return false;
      const query = { destinationId: lease.destinationId, after, limit: PAGE_EVENTS, mark };
      const page = await readOtherGroups(pool, way, query);
      const last = page.at(-1);
      if (!last) break;
      const keys = page.map((event) => [event.team_id, event.request_id] as const);
      const requests = groups ? await loadRequests(pool, keys, SMALL_BODY_BYTES) : new Map();
      const moved: { id: string; team_id: string; turn_key: string }[] = [];
      for (const event of page) {
        const stored = requests.get(event.request_id);
        const value = groups && stored ? await lane.readValue(await asDelivered(pool, event, stored), groups.key) : "";
        const turn_key = mark === null ? event.connection_id : toGroupKey(mark, value);
        moved.push({ id: event.id, team_id: event.team_id, turn_key });
      }
      await regroupEvents(pool, lease, moved);
      after = last.at;
    }
  }
  return true;
}
