import type { Ctx } from "#server/auth/ctx.ts";
import type { IgnoredEvent } from "#server/contracts/request.ts";
import type { Why } from "#server/contracts/why.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { parseJson } from "#server/json/parse.ts";
import { inOrder, inWindow } from "./list-filters.sql.ts";
import type { PageWindow } from "./paging.ts";

export type IgnoredEventRow = Omit<IgnoredEvent, "created_at" | "occurred_at"> & {
  occurred_at: Date | null;
  created_at: Date;
};

/** `range`: where the request's branches lie, see `derivedRange`; there is no index on request_id. */
export async function selectIgnoredEvents(
  ctx: Ctx,
  requestId: string,
  range: { from: string; to: string },
  window: PageWindow,
): Promise<IgnoredEventRow[]> {
  const statement = Prisma.sql`
    select i.id, i.team_id, i.request_id, i.source_id, i.connection_id, i.destination_id, i.cause, i.occurred_at, i.resource_id, i.detail, i.why::text as why, i.created_at
    from ignored_event i
    where ${inWindow("i", ctx.teamId, window)} and i.id >= ${range.from} and i.id < ${range.to} and i.request_id = ${requestId}
    ${inOrder("i", window)}`;
  const rows = await ctx.app.searches.run<Omit<IgnoredEventRow, "why"> & { why: string }>(ctx, statement);
  return rows.map((row) => ({ ...row, why: parseJson(row.why) as unknown as Why }));
}
