// Statements that read events.
import type { Ctx } from "#server/auth/ctx.ts";
import type { AttemptTrigger, ErrorCode } from "#server/contracts/attempt.ts";
import type { EventStatus, ListEvents } from "#server/contracts/event.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { PageInput } from "#server/contracts/page.ts";
import type { RouteNames } from "#server/contracts/route-names.ts";
import type { Why } from "#server/contracts/why.ts";
import { type EventRow, eventColumns } from "#server/events/event-row.sql.ts";
import { isUnfinished } from "#server/events/lifecycle.sql.ts";
import type { Move } from "#server/events/lifecycle.ts";
import { isInLine } from "#server/events/order-line.sql.ts";
import { unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import { unpackedWhy } from "#server/events/packed-why.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { derivedRange, isId } from "#server/ids.ts";
import { parseJson } from "#server/json/parse.ts";
import { all, anyOf, anyOfNumbers, bodyContains, inOrder, inWindow, matches, ofGroups } from "./list-filters.sql.ts";
import type { PageWindow } from "./paging.ts";
import { isShown } from "./shown-request.ts";

/** `paused_at` is its connection's, `disabled_at` its destination's. The request's columns are null where retention took it before its event. */
export type EventDetailRow = EventRow &
  RouteNames & {
    why: Why;
    order_key: string | null;
    /** The first event of its line, where that is another. */
    waits_for: { id: string; status: EventStatus } | null;
    moves: Move[] | null;
    paused_at: Date | null;
    disabled_at: Date | null;
    transformed: RequestHead | null;
    /** Whether the transform gave a body of its own. */
    has_own_body: boolean;
    /** This and the request's are null as well where they were not to be read. */
    transformed_body: Uint8Array | null;
    request_method: string | null;
    request_path: string | null;
    request_query: string | null;
    request_headers: HeaderList | null;
    request_body: Uint8Array | null;
    request_erased_at: Date | null;
    request_content_type: string | null;
    masks: string | null;
    masked_at: Date | null;
    body_bytes: number;
  };

const COLUMNS = Prisma.raw(eventColumns("e"));

/** A look-up by primary key per event, where a join might read all requests of the range. */
const EFFECTIVE_BODY = Prisma.sql`(select coalesce(e.transformed_body, r.body) from request r
  where r.team_id = e.team_id and r.id = e.request_id and ${Prisma.raw(isShown("r"))})`;

/** Events of these requests, by the ranges of ids where they must lie: there is no index on request_id. */
function ofRequests(requestIds: string[] | undefined): Prisma.Sql {
  if (requestIds === undefined) return Prisma.sql`true`;
  const ranges = requestIds.filter((id) => isId("request", id)).map((id) => derivedRange("event", id));
  if (ranges.length === 0) return Prisma.sql`false`;
  const inRange = ranges.map(({ from, to }) => Prisma.sql`(e.id >= ${from} and e.id < ${to})`);
  return Prisma.sql`(${Prisma.join(inRange, " or ")}) and ${anyOf("e.request_id", requestIds)}`;
}

/** The conditions of a list of events that do not depend on its page; a row is `e`. */
export const isListedEvent = (input: Omit<ListEvents, keyof PageInput>): Prisma.Sql =>
  all([
    ofRequests(input.request_id),
    anyOf("e.source_id", input.source_id),
    anyOf("e.connection_id", input.connection_id),
    anyOf("e.destination_id", input.destination_id),
    ofStatus(input.status),
    matches("e.event_type", input.event_type),
    anyOf("e.resource_id", input.resource_id),
    anyOf("e.error_code", input.error_code),
    anyOf("e.hold_reason", input.hold_reason),
    anyOf("e.ended_because", input.ended_because),
    anyOfNumbers("e.response_status", input.response_status),
    ofGroups("e", input.group),
    bodyContains(EFFECTIVE_BODY, input.body),
  ]);

export function selectEvents(ctx: Ctx, input: ListEvents, window: PageWindow): Promise<EventRow[]> {
  const where = all([inWindow("e", ctx.teamId, window), isListedEvent(input)]);
  const statement = Prisma.sql`select ${COLUMNS} from event e where ${where} ${inOrder("e", window)}`;
  return ctx.app.searches.run(ctx, statement);
}

/** The partial index of dead letters serves only a condition that repeats its own. */
function ofStatus(statuses: ListEvents["status"]): Prisma.Sql {
  const isFailedOnly = statuses?.length === 1 && statuses[0] === "FAILED";
  return isFailedOnly ? Prisma.sql`e.status = 'FAILED'` : anyOf("e.status", statuses);
}

const WAITS_FOR = Prisma.raw(`case when ${isUnfinished("e")} and e.order_key is not null then (
  select json_build_object('id', h.id, 'status', h.status) from event h
  where h.destination_id = e.destination_id and h.order_key = e.order_key and ${isInLine("h")} and (h.request_id, h.id) < (e.request_id, e.id)
  order by h.request_id, h.id limit 1) end`);

const ANY_SIZE = 2 ** 31 - 1;
const REQUEST_HEADERS = Prisma.raw(unpackedRequestHeaders("r"));

/** @param maxBytes a larger body is not read */
export async function selectEvent(ctx: Ctx, id: string, maxBytes = ANY_SIZE): Promise<EventDetailRow | undefined> {
  const rows = await ctx.app.db.$queryRaw<(Omit<EventDetailRow, "why"> & { why: string })[]>`
    select ${COLUMNS}, ${Prisma.raw(unpackedWhy("e"))}::text as why, e.moves, e.order_key, ${WAITS_FOR} as waits_for, c.paused_at, d.disabled_at, e.transformed, e.transformed_body is not null as has_own_body, r.method as request_method, r.path as request_path,
      r.query as request_query, ${REQUEST_HEADERS} as request_headers, r.erased_at as request_erased_at, r.content_type as request_content_type, r.masks, r.masked_at, coalesce(octet_length(e.transformed_body), octet_length(r.body), 0) as body_bytes,
      case when octet_length(e.transformed_body) <= ${maxBytes} then e.transformed_body end as transformed_body,
      case when e.transformed_body is null and octet_length(r.body) <= ${maxBytes} then r.body end as request_body,
      s.name as source_name, s.type as source_type, c.name as connection_name, d.name as destination_name
    from event e left join request r on r.team_id = e.team_id and r.id = e.request_id
      left join source s on s.id = e.source_id and s.team_id = e.team_id
      left join connection c on c.id = e.connection_id left join destination d on d.id = e.destination_id
    where e.team_id = ${ctx.teamId} and e.id = ${id}`;
  const [row] = rows;
  return row && { ...row, why: parseJson(row.why) as unknown as Why };
}

/** An attempt as the trace of its event tells it. */
export interface TracedAttempt {
  id: string;
  number: number;
  trigger: AttemptTrigger;
  response_status: number | null;
  error_code: ErrorCode | null;
  latency_ms: number;
  /** In the order of the contract. */
  phases: number[] | null;
  created_at: Date;
}

const MAX_TRACED_ATTEMPTS = 200;

/** The newest attempts of an event, oldest first. */
export function selectTracedAttempts(ctx: Ctx, eventId: string): Promise<TracedAttempt[]> {
  return ctx.app.db.$queryRaw`
    select * from (
      select id, number, trigger, response_status, error_code, latency_ms::float8 as latency_ms, phases::float8[] as phases, created_at from attempt
      where team_id = ${ctx.teamId} and event_id = ${eventId} order by number desc, id desc limit ${MAX_TRACED_ATTEMPTS}
    ) as newest order by number, created_at`;
}
