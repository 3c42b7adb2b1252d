import type { Ctx } from "#server/auth/ctx.ts";
import type { HeaderList } from "#server/contracts/page.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { toRuleRequest } from "#server/payload.ts";

const SELECT = {
  method: true,
  path: true,
  query: true,
  headers: true,
  body: true,
  content_type: true,
  created_at: true,
} as const;

/** A stored request of the team as rules see it: one by its id, or the newest accepted one of a source. Null when there is none. */
export async function findRuleRequest(
  ctx: Ctx,
  which: { id: string } | { source_id: string; status: "accepted" },
): Promise<TransformRequest | null> {
  const row = await ctx.app.db.request.findFirst({
    where: { team_id: ctx.teamId, ...which },
    orderBy: { id: "desc" },
    select: SELECT,
  });
  if (!row) return null;
  return toRuleRequest({
    method: row.method,
    path: row.path,
    query: row.query,
    headers: row.headers as HeaderList,
    body: Buffer.from(row.body),
    contentType: row.content_type,
    createdAt: row.created_at,
  });
}
