// Statements that read requests: one per page, with the counts of each request's branches.
import type { Ctx } from "#server/auth/ctx.ts";
import type { PageInput } from "#server/contracts/page.ts";
import type { ListRequests, RequestDetail, RequestSummary } from "#server/contracts/request.ts";
import { unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { all, anyOf, bodyContains, equals, inOrder, inWindow, isThere, matches } from "./list-filters.sql.ts";
import type { PageWindow } from "./paging.ts";
import { isShown, type Masks } from "./shown-request.ts";

export type RequestRow = Omit<RequestSummary, "created_at" | "occurred_at" | "erased_at"> & {
  occurred_at: Date | null;
  created_at: Date;
  erased_at: Date | null;
} & Masks;
/** `body` is null where it was not to be read. */
export type RequestDetailRow = RequestRow &
  Pick<RequestDetail, "headers" | "source_name" | "source_type"> & { body: Uint8Array | null };

/**
 * Branches carry the time part of their request's id, so they lie between that and the first letter past the alphabet of
 * ids: a range of the primary key, in one partition. See `derivedRange`.
 */
const branchesIn = (table: "event" | "ignored_event", prefix: string) =>
  `${table} c where c.team_id = r.team_id and c.request_id = r.id
  and c.id >= '${prefix}_' || substr(r.id, 5, 10) and c.id < '${prefix}_' || substr(r.id, 5, 10) || 'a'`;

/** What routing has read of a request stands with each of its branches, or with none: their largest is any of them. */
const ofBranches = (table: "event" | "ignored_event", prefix: string) => `cross join lateral (
  select count(*)::integer as count, max(c.occurred_at) as occurred_at, max(c.resource_id) as resource_id
  from ${branchesIn(table, prefix)}) as ${table}s`;
const BRANCHES = Prisma.raw(`${ofBranches("event", "evt")} ${ofBranches("ignored_event", "ign")}`);

function isAbout(ids: string[] | undefined): Prisma.Sql {
  if (ids === undefined) return Prisma.sql`true`;
  const among = (table: "event" | "ignored_event", prefix: string) =>
    Prisma.sql`exists (select from ${Prisma.raw(branchesIn(table, prefix))} and c.resource_id = any (${ids}::text[]))`;
  return Prisma.sql`(${among("event", "evt")} or ${among("ignored_event", "ign")})`;
}

/** Rows from before the column say by others how far their sender was proved. */
const VERIFICATION = `coalesce(r.verification, case when r.verified then 'verified'
  when r.rejection_cause in ('VERIFICATION_FAILED', 'TIMESTAMP_OUT_OF_TOLERANCE') then 'failed' else 'unattempted' end)`;

const COLUMNS = Prisma.sql`r.id, r.team_id, r.source_id, r.status, ${Prisma.raw(VERIFICATION)} as verification, r.verified,
  r.verified_with, r.rejection_cause, r.rejection_detail,
  r.method, r.path, r.query, r.content_type, r.body_bytes, r.event_type, r.provider_event_id,
  coalesce(events.occurred_at, ignored_events.occurred_at) as occurred_at, coalesce(events.resource_id, ignored_events.resource_id) as resource_id, r.duplicate_of, r.remote_ip, r.test, r.masks, r.masked_at,
  events.count as events_count, ignored_events.count as ignored_count, r.erased_at, r.created_at`;

/** An answered handshake is stored with what was rejected. It was not refused, and no count of refusals has it. */
const hasStatus = (status: ListRequests["status"]): Prisma.Sql =>
  status === "rejected"
    ? Prisma.sql`(r.status = 'rejected' and r.rejection_cause is distinct from 'HANDSHAKE')`
    : equals("r.status", status);

/** The conditions of a list of requests that do not depend on its page; a row is `r`. */
export const isListedRequest = (input: Omit<ListRequests, keyof PageInput>): Prisma.Sql =>
  all([
    anyOf("r.source_id", input.source_id),
    hasStatus(input.status),
    anyOf(VERIFICATION, input.verification),
    equals("r.verified", input.verified),
    anyOf("r.rejection_cause", input.rejection_cause),
    matches("r.event_type", input.event_type),
    equals("r.provider_event_id", input.provider_event_id),
    isAbout(input.resource_id),
    anyOf("r.verified_with", input.verified_with),
    isThere("r.duplicate_of", input.duplicate),
    isThere("r.test", input.test),
    bodyContains(Prisma.sql`case when ${Prisma.raw(isShown("r"))} then r.body end`, input.body),
  ]);

/** The statement of a page of requests. */
export function requestsStatement(ctx: Ctx, input: ListRequests, window: PageWindow): Prisma.Sql {
  const where = all([inWindow("r", ctx.teamId, window), isListedRequest(input)]);
  return Prisma.sql`select ${COLUMNS} from request r ${BRANCHES} where ${where} ${inOrder("r", window)}`;
}

export function selectRequests(ctx: Ctx, input: ListRequests, window: PageWindow): Promise<RequestRow[]> {
  return ctx.app.searches.run(ctx, requestsStatement(ctx, input, window));
}

const ANY_SIZE = 2 ** 31 - 1;
const HEADERS = Prisma.raw(unpackedRequestHeaders("r"));

/** @param maxBytes a larger body is not read */
export async function selectRequest(ctx: Ctx, id: string, maxBytes = ANY_SIZE): Promise<RequestDetailRow | undefined> {
  const rows = await ctx.app.db.$queryRaw<RequestDetailRow[]>`
    select ${COLUMNS}, ${HEADERS} as headers, case when octet_length(r.body) <= ${maxBytes} then r.body end as body,
      s.name as source_name, s.type as source_type
    from request r ${BRANCHES} left join source s on s.id = r.source_id and s.team_id = r.team_id
    where r.team_id = ${ctx.teamId} and r.id = ${id}`;
  return rows[0];
}
