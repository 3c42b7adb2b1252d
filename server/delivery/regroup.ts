// Gives the unfinished events of a destination new turn keys when the key of its groups has changed, before anything is sent by the
// new one. The lane does it, as it sorts events for another order. What routing still does by the old key is seen to a little later.
import type { Groups } from "#server/contracts/groups.ts";
import { loadRequests } from "#server/events/stored-request.sql.ts";
import { groupMark, toGroupKey } from "#server/rules/group-key.ts";
import type { DueEvent } from "./due-events.sql.ts";
import {
  type OtherGroupEvent,
  readOtherGroups,
  recordGroups,
  regroupEvents,
  waysToOtherGroups,
} from "./regroup.sql.ts";
import {
  AGAIN_AFTER_MS,
  asDelivered,
  factsFor,
  PAGE_EVENTS,
  SMALL_BODY_BYTES,
  type SortingLane,
} from "./sort-order.ts";

type GroupingLane = Pick<SortingLane, "pool" | "readValue"> & {
  lease: Pick<SortingLane["lease"], "destinationId" | "token">;
};

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
      if (groups) await regroupPage(lane, groups, page);
      else await regroupEvents(pool, lease, page.map(withoutGroup));
      after = last.at;
    }
  }
  return true;
}

const withoutGroup = ({ id, team_id, connection_id }: OtherGroupEvent) => ({ id, team_id, turn_key: connection_id });

/** Returns the turn key of each, by id. */
async function regroupPage(
  lane: GroupingLane,
  groups: Groups,
  page: readonly Omit<OtherGroupEvent, "at">[],
): Promise<Map<string, string>> {
  const { pool, lease } = lane;
  const keys = page.map((event) => [event.team_id, event.request_id] as const);
  const requests = await loadRequests(pool, keys, SMALL_BODY_BYTES);
  const facts = await factsFor(pool, groups.key, page);
  const moved: { id: string; team_id: string; turn_key: string }[] = [];
  for (const event of page) {
    const stored = requests.get(event.request_id);
    const value = stored ? await lane.readValue(await asDelivered(pool, event, stored, facts), groups.key) : "";
    moved.push({ id: event.id, team_id: event.team_id, turn_key: toGroupKey(groupMark(groups), value) });
  }
  await regroupEvents(pool, lease, moved);
  return new Map(moved.map(({ id, turn_key }) => [id, turn_key]));
}

/**
 * Gives those of these events their groups that have none of today: what had ended when the key was set and is sent again, and
 * what was not routed by a rule, such as a dead letter.
 */
export async function regroupRead(
  lane: GroupingLane,
  groups: Groups | null,
  events: readonly DueEvent[],
): Promise<void> {
  if (!groups) return;
  const mark = groupMark(groups);
  const others = events.filter(({ turn_key }) => !turn_key?.startsWith(mark));
  if (others.length === 0) return;
  const turnKeys = await regroupPage(lane, groups, others);
  for (const event of others) event.turn_key = turnKeys.get(event.id) ?? event.turn_key;
}
