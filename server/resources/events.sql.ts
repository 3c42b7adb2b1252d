// Events as they are read, and the two changes of state that a person can ask for.
import type { Ctx } from "../auth/ctx.ts";
import type { EventSummary, ListEvents } from "../contracts/event.ts";
import type { HeaderList } from "../contracts/page.ts";
import type { Why } from "../contracts/why.ts";
import { Prisma } from "../generated/prisma/client.ts";
import { derivedRange, isId } from "../ids.ts";
import { all, anyOf, anyOfNumbers, bodyContains, equals, inOrder, inWindow } from "./list-filters.sql.ts";
import type { PageWindow } from "./paging.ts";

type EventTime = "next_attempt_at" | "last_attempt_at" | "delivered_at";
export type EventRow = Omit<EventSummary, EventTime | "created_at"> &
  Record<EventTime, Date | null> & { created_at: Date };

/** What a transform made of the request; its body stands beside it. */
interface Transformed {
  method: string;
  path: string;
  query: string;
  headers: HeaderList;
}

/** The request's columns are null where retention took it before its event. */
export type EventDetailRow = EventRow & {
  why: Why;
  transformed: Transformed | null;
  transformed_body: Uint8Array | null;
  request_method: string | null;
  request_path: string | null;
  request_query: string | null;
  request_headers: HeaderList | null;
  request_body: Uint8Array | null;
};

const COLUMNS = Prisma.sql`e.id, e.team_id, e.request_id, e.source_id, e.connection_id, e.destination_id, e.status, e.event_type,
  e.attempts, e.trigger, e.next_attempt_at, e.last_attempt_at, e.delivered_at, e.response_status, e.error_code, e.created_at`;

/** A look-up by primary key per event, where a join might read all requests of the range. */
const EFFECTIVE_BODY = Prisma.sql`coalesce(e.transformed_body,
  (select r.body from request r where r.team_id = e.team_id and r.id = e.request_id))`;

/** Events of these requests, by the ranges of ids where they must lie: there is no index on request_id. */
function ofRequests(requestIds: string[] | undefined): Prisma.Sql {
  if (requestIds === undefined) return Prisma.sql`true`;
  const ranges = requestIds.filter((id) => isId("request", id)).map((id) => derivedRange("event", id));
  if (ranges.length === 0) return Prisma.sql`false`;
  const inRange = ranges.map(({ from, to }) => Prisma.sql`(e.id >= ${from} and e.id < ${to})`);
  return Prisma.sql`(${Prisma.join(inRange, " or ")}) and ${anyOf("e.request_id", requestIds)}`;
}

export function selectEvents(ctx: Ctx, input: ListEvents, window: PageWindow): Promise<EventRow[]> {
  const where = all([
    inWindow("e", ctx.teamId, window),
    ofRequests(input.request_id),
    anyOf("e.source_id", input.source_id),
    anyOf("e.connection_id", input.connection_id),
    anyOf("e.destination_id", input.destination_id),
    ofStatus(input.status),
    equals("e.event_type", input.event_type),
    anyOf("e.error_code", input.error_code),
    anyOfNumbers("e.response_status", input.response_status),
    bodyContains(EFFECTIVE_BODY, input.body),
  ]);
  return ctx.app.db.$queryRaw`select ${COLUMNS} from event e where ${where} ${inOrder("e", window)}`;
}

/** The partial index of dead letters serves only a condition that repeats its own. */
function ofStatus(statuses: ListEvents["status"]): Prisma.Sql {
  const isFailedOnly = statuses?.length === 1 && statuses[0] === "FAILED";
  return isFailedOnly ? Prisma.sql`e.status = 'FAILED'` : anyOf("e.status", statuses);
}

export async function selectEvent(ctx: Ctx, id: string): Promise<EventDetailRow | undefined> {
  const rows = await ctx.app.db.$queryRaw<EventDetailRow[]>`
    select ${COLUMNS}, e.why, e.transformed, e.transformed_body, r.method as request_method, r.path as request_path,
      r.query as request_query, r.headers as request_headers,
      case when e.transformed_body is null then r.body end as request_body
    from event e left join request r on r.team_id = e.team_id and r.id = e.request_id
    where e.team_id = ${ctx.teamId} and e.id = ${id}`;
  return rows[0];
}

/**
 * Makes an event due now, or holds it where its connection is paused. A finished one starts its retry policy anew; one that
 * waits only stops waiting. Undefined when its status is no longer `status`.
 */
export async function updateToRetry(
  ctx: Ctx,
  id: string,
  status: EventRow["status"],
  now: Date,
): Promise<EventRow | undefined> {
  const rows = await ctx.app.db.$queryRaw<EventRow[]>`
    update event e set
      status = case when c.paused_at is null then 'QUEUED' else 'HOLD' end,
      trigger = 'MANUAL',
      next_attempt_at = ${now}::timestamptz,
      retries_counted_from = case when e.status in ('DELIVERED', 'FAILED', 'CANCELLED') then e.attempts else e.retries_counted_from end,
      delivered_at = null
    from connection c
    where e.team_id = ${ctx.teamId} and e.id = ${id} and e.status = ${status} and c.team_id = e.team_id and c.id = e.connection_id
    returning ${COLUMNS}`;
  return rows[0];
}

/** Undefined when the event is finished already (or is not the team's). */
export async function updateToCancelled(ctx: Ctx, id: string): Promise<EventRow | undefined> {
  const rows = await ctx.app.db.$queryRaw<EventRow[]>`
    update event e set status = 'CANCELLED', next_attempt_at = null
    where e.team_id = ${ctx.teamId} and e.id = ${id} and e.status in ('QUEUED', 'SCHEDULED', 'HOLD', 'RETRYING')
    returning ${COLUMNS}`;
  return rows[0];
}
