import type { Ctx } from "#server/auth/ctx.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { lowestId } from "#server/ids.ts";
import { toRuleRequest } from "#server/payload/payload.ts";
import { type PackedRequestHeaders, unpackRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { requirePayload } from "./erase-request.ts";
import { withoutMasked } from "./shown-request.ts";

const SELECT = {
  method: true,
  path: true,
  query: true,
  headers: true,
  body: true,
  content_type: true,
  id: true,
  erased_at: true,
  masks: true,
  masked_at: true,
  created_at: true,
} as const;

type Row = Prisma.RequestGetPayload<{ select: typeof SELECT }>;

function asRules(row: Row): TransformRequest {
  const { headers, body, ...shown } = withoutMasked({
    ...row,
    headers: unpackRequestHeaders(row.headers as PackedRequestHeaders),
  });
  return toRuleRequest({
    method: shown.method,
    path: shown.path,
    query: shown.query,
    headers,
    body: Buffer.from(body),
    contentType: shown.content_type,
    createdAt: shown.created_at,
  });
}

/** A stored request of the team as rules see it; null when there is none. @throws AppError CONFLICT for an erased one */
export async function findRuleRequest(ctx: Ctx, { id }: { id: string }): Promise<TransformRequest | null> {
  const row = await ctx.app.db.request.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (row) requirePayload(row);
  return row && asRules(row);
}

const RECENT = 10;
/** A source that is quiet for longer is not searched for in all that its team stored. */
const RECENT_MS = 7 * 86_400_000;
/** Larger bodies take long to parse, and small ones tell as much. */
const MAX_RECENT_BYTES = 256 * 1024;

/** The newest accepted requests of a source as rules see them, the newest first. */
export async function findRecentRuleRequests(ctx: Ctx, sourceId: string): Promise<TransformRequest[]> {
  const rows = await ctx.app.db.request.findMany({
    where: {
      team_id: ctx.teamId,
      source_id: sourceId,
      status: "accepted",
      erased_at: null,
      body_bytes: { lte: MAX_RECENT_BYTES },
      id: { gte: lowestId("request", ctx.app.now().getTime() - RECENT_MS) },
    },
    orderBy: { id: "desc" },
    take: RECENT,
    select: SELECT,
  });
  return rows.map(asRules);
}
