// Traffic by event type. Types are their senders' own words, so they are counted on demand in a bounded look and not kept in
// the rollups, which a stranger could fill with them.
import type { Ctx } from "#server/auth/ctx.ts";
import type { CountEventTypes, EventTypeCounts } from "#server/contracts/event-types.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { lowestId } from "#server/ids.ts";

const MAX_COUNTED = 10_000;
const MAX_TYPES = 100;

interface Looked {
  /** Of each look, at most one more than is counted. */
  requests: number;
  events: number;
}
type Row = EventTypeCounts["data"][number] & Looked;

export async function countEventTypes(ctx: Ctx, { from, to, source_id }: CountEventTypes): Promise<EventTypeCounts> {
  const nowMs = ctx.app.now().getTime();
  const [fromMs, toMs] = [resolveTime(from, nowMs), resolveTime(to, nowMs)];
  const within = (kind: "request" | "event") => Prisma.sql`team_id = ${ctx.teamId}
    and id >= ${lowestId(kind, fromMs)} and id < ${lowestId(kind, toMs + 1)}
    ${source_id === undefined ? Prisma.empty : Prisma.sql`and source_id = any (${source_id}::text[])`}`;
  const rows = await ctx.app.searches.run<Row>(
    ctx,
    Prisma.sql`
    with came as materialized (
      select event_type, source_id, duplicate_of is not null as is_duplicate, status = 'accepted' and test is null as is_accepted
      from request where ${within("request")} order by id desc limit ${MAX_COUNTED + 1}
    ), made as materialized (
      select event_type, source_id, status from event where ${within("event")} order by id desc limit ${MAX_COUNTED + 1}
    )
    select event_type, source_id, sum(accepted)::int as accepted_count, sum(duplicate)::int as duplicate_count, sum(event)::int as event_count,
      sum(delivered)::int as delivered_count, sum(failed)::int as failed_count,
      (select count(*) from came)::int as requests, (select count(*) from made)::int as events
    from (
      select event_type, source_id, 1 as accepted, is_duplicate::int as duplicate, 0 as event, 0 as delivered, 0 as failed from came where is_accepted
      union all
      select event_type, source_id, 0, 0, 1, (status = 'DELIVERED')::int, (status = 'FAILED')::int from made
    ) as counted group by event_type, source_id order by accepted_count desc, event_count desc, event_type, source_id limit ${MAX_TYPES}`,
  );
  const { requests, events }: Looked = rows[0] ?? { requests: 0, events: 0 };
  return {
    data: rows.map(({ requests: _, events: __, ...row }) => row),
    are_requests_at_least: requests > MAX_COUNTED,
    are_events_at_least: events > MAX_COUNTED,
  };
}
