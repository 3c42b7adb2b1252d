// The stored requests that a dry run judges, read in pieces: all at once they may have a gigabyte.
import type { Ctx } from "#server/auth/ctx.ts";
import { unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { all, inOrder, inWindow } from "./list-filters.sql.ts";
import { withLookBound } from "./look-bound.sql.ts";
import { pageWindow } from "./paging.ts";
import { type Masks, withoutMasked } from "./shown-request.ts";

export interface RequestSize {
  id: string;
  body_bytes: number;
}

interface Asked {
  sourceId: string;
  limit: number;
  from?: string | undefined;
  to?: string | undefined;
  /** Only requests before this one. */
  before?: string | undefined;
}

/** The newest requests of a source that were routed, or would have been: no rejected or erased ones, no provider's duplicates and no tests. */
export async function findRoutedRequests(
  ctx: Ctx,
  { sourceId, limit, from, to, before }: Asked,
): Promise<RequestSize[]> {
  const input = { limit, dir: "desc" as const, order_by: "created_at" as const, from, to, source_id: [sourceId] };
  const asked = pageWindow("request", input, ctx.app.now());
  if (before !== undefined) asked.where.id.lt = before;
  const window = await withLookBound(ctx, "request", { ...asked, take: limit }, input);
  const where = all([
    inWindow("r", ctx.teamId, window),
    Prisma.sql`r.source_id = ${sourceId} and r.status = 'accepted' and r.duplicate_of is null and r.test is distinct from 'unrouted' and r.erased_at is null`,
  ]);
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`select r.id, r.body_bytes from request r where ${where} ${inOrder("r", window)}`,
  );
}

const HEADERS = Prisma.raw(unpackedRequestHeaders("r"));

/** These requests with their bodies, in the order of `ids`, which go from the newest to the oldest. */
export async function readRoutedRequests(ctx: Ctx, ids: readonly string[]): Promise<StoredRequest[]> {
  const rows = await ctx.app.searches.run<StoredRequest & Masks>(
    ctx,
    Prisma.sql`select r.team_id, r.id, r.source_id, r.status, r.verified, r.method, r.path, r.query, ${HEADERS} as headers, r.body,
        r.body_bytes, r.content_type, r.event_type, r.provider_event_id, r.created_at, r.masked_at is not null as is_masked, r.masks, r.masked_at,
        case when r.masks is null then (select s.type from source s where s.team_id = r.team_id and s.id = r.source_id) end as source_type
      from request r
      where r.team_id = ${ctx.teamId} and r.id = any (${[...ids]}::text[]) and r.id between ${ids.at(-1)} and ${ids[0]}
      order by r.id desc`,
  );
  return rows.map(withoutMasked);
}
