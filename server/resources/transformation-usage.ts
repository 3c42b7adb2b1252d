import type { Ctx } from "#server/auth/ctx.ts";
import { QueryMetrics } from "#server/contracts/metrics.ts";
import type { GetTransformationUsage, TransformationUsage } from "#server/contracts/transformation.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";

/** A team with more connections than this has its failures counted at the first ones. */
const MAX_COUNTED = 4_000;

const MAX_ASKED = 255;

interface Use {
  transformation_id: string;
  connection_id: string;
}

const findUses = ({ app, teamId }: Ctx, ids: string[]) =>
  app.db.$queryRaw<Use[]>`
    select rule->>'transformation_id' as transformation_id, connection.id as connection_id
    from connection, jsonb_array_elements(connection.rules) as rule
    where connection.team_id = ${teamId} and rule->>'type' = 'transform'
      and rule->>'transformation_id' = any (${ids}::text[])
    order by connection.id`;

/** The requests of the last 24 hours that the transform of each connection failed on. */
async function countFailed(ctx: Ctx, connectionIds: string[]): Promise<Map<string, number>> {
  if (connectionIds.length === 0) return new Map();
  const input = { granularity: "total", dimensions: ["connection_id"], connection_id: connectionIds };
  // Not parsed by the contract: its bound on ids is one for callers.
  const { data } = await queryMetrics(ctx, "events", { ...QueryMetrics.parse({}), ...input } as QueryMetrics);
  return new Map(
    data.map(({ dimensions, metrics }) => [dimensions.connection_id ?? "", metrics.ignored_transform_count ?? 0]),
  );
}

/** How many connections use each of the team's transformations that are asked for, and how often it failed in a day. */
export async function getTransformationUsage(ctx: Ctx, input: GetTransformationUsage): Promise<TransformationUsage> {
  const rows = await ctx.app.db.transformation.findMany({
    where: { team_id: ctx.teamId, id: { in: input.id } },
    orderBy: { id: "desc" },
    take: MAX_ASKED,
    select: { id: true },
  });
  const uses = await findUses(
    ctx,
    rows.map(({ id }) => id),
  );
  const failed = await countFailed(
    ctx,
    uses.slice(0, MAX_COUNTED).map((use) => use.connection_id),
  );
  const usesOf = Map.groupBy(uses, (use) => use.transformation_id);
  const data = rows.map(({ id }) => {
    const own = usesOf.get(id) ?? [];
    return {
      transformation_id: id,
      connections_count: own.length,
      failed_24h_count: own.reduce((sum, use) => sum + (failed.get(use.connection_id) ?? 0), 0),
    };
  });
  return { data };
}
