// The backlog of each group of a destination. One step over an index for each group, and a bounded count of each.
import type { Ctx } from "#server/auth/ctx.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

export interface WaitingGroup {
  turn_key: string;
  queued_count: number;
  held_count: number;
  next_attempt_at: Date | null;
}

/** More groups are not looked at. */
export const MAX_GROUPS = 200;
/** More events of a group are not counted. */
export const MAX_COUNTED = 500;

const QUEUED = `event.destination_id = $dest and ${isDue("event")}`;
const PAUSED = "event.destination_id = $dest and event.status = 'HOLD' and event.hold_reason = 'group_paused'";

/** The groups of a destination of the asking team that have events in line or held for their pause. */
export function selectWaitingGroups(ctx: Ctx, destinationId: string): Promise<WaitingGroup[]> {
  const at = (condition: string) => {
    const [before = "", after = ""] = condition.split("$dest");
    return Prisma.sql`${Prisma.raw(before)}${destinationId}${Prisma.raw(after)} and event.team_id = ${ctx.teamId}`;
  };
  const step = (condition: string, after: Prisma.Sql) => Prisma.sql`(
    select turn_key from event where ${at(condition)} and turn_key > ${after} order by turn_key limit 1)`;
  const keys = (name: string, condition: string) => {
    const relation = Prisma.raw(name);
    return Prisma.sql`${relation} as (
      ${step(condition, Prisma.sql`''`)} union all
      select following.turn_key from ${relation} cross join lateral ${step(condition, Prisma.raw(`${name}.turn_key`))} as following
    )`;
  };
  const counted = (condition: string) => Prisma.sql`(select count(*)::int from (
    select from event where ${at(condition)} and event.turn_key = keys.turn_key limit ${MAX_COUNTED + 1}) as bounded)`;
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`with recursive ${keys("queued", QUEUED)}, ${keys("paused", PAUSED)}, keys as materialized (
      (select turn_key from paused limit ${MAX_GROUPS}) union (select turn_key from queued limit ${MAX_GROUPS + 1})
    )
    select keys.turn_key, ${counted(QUEUED)} as queued_count, ${counted(PAUSED)} as held_count,
      (select next_attempt_at from event where ${at(QUEUED)} and event.turn_key = keys.turn_key
       order by next_attempt_at, id limit 1) as next_attempt_at
    from keys`,
  );
}
