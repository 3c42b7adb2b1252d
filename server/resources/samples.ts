import type { Ctx } from "#server/auth/ctx.ts";
import { factsOf } from "#server/contracts/event-facts.ts";
import type { ListSamples, Samples } from "#server/contracts/sample.ts";
import { notFound } from "#server/errors/app-error.ts";
import { toRuleRequest } from "#server/payload/payload.ts";
import { tellFacts } from "#server/providers/facts.ts";
import { findRoutedRequests, readRoutedRequests } from "./dry-run-requests.sql.ts";

/** Larger bodies take long to parse, and small ones tell as much. */
const MAX_BODY_BYTES = 128 * 1024;
/** Of all the bodies of one answer: they are parsed on the thread that answers everybody. */
const MAX_BYTES = 1024 * 1024;

/** Recent requests of a source as its rules see them, the newest first. */
export async function listSamples(ctx: Ctx, { id, limit, before }: ListSamples): Promise<Samples> {
  const where = { team_id: ctx.teamId, id };
  if (!(await ctx.app.db.source.findFirst({ where, select: { id: true } }))) throw notFound("source", id);
  const found = await findRoutedRequests(ctx, { sourceId: id, limit: limit + 1, before });
  let left = MAX_BYTES;
  const ids: string[] = [];
  for (const { id: requestId, body_bytes } of found.slice(0, limit)) {
    if (body_bytes > MAX_BODY_BYTES || body_bytes > left) continue;
    left -= body_bytes;
    ids.push(requestId);
  }
  const rows = ids.length === 0 ? [] : await readRoutedRequests(ctx, ids);
  const data = rows.map(({ content_type, created_at, body, ...row }) => {
    const request = toRuleRequest({
      ...row,
      body: body ?? Buffer.alloc(0),
      contentType: content_type,
      createdAt: created_at,
    });
    return {
      request_id: row.id,
      event_type: row.event_type,
      created_at: created_at.toISOString(),
      event: factsOf(row, tellFacts(row, request.body)),
      request,
    };
  });
  return { data, has_more: found.length > limit };
}
