// The sources of an endpoint: one that is named, or every one of the team.
import type { Ctx } from "#server/auth/ctx.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { insertConnection } from "./connections.ts";
import { connectionName, type NamedRow } from "./endpoints-of-source.ts";
import { withEventTypes } from "./event-type-rules.ts";
import type { Tx } from "./transact.ts";

/** Of one registration: a team with more sources names one. */
const MAX_SOURCES = 100;

/** The sources that `asked` names. `*` is all that take or publish events; the system source is named or left. */
export async function sourcesOf(tx: Tx, ctx: Ctx, asked: string): Promise<NamedRow[]> {
  const select = { id: true, name: true } as const;
  if (asked !== "*") {
    const where = { team_id: ctx.teamId, OR: [{ id: asked }, { name: asked }] };
    const source = await tx.source.findFirst({ where, select });
    if (source) return [source];
    throw wrongField(
      "source",
      `There is no source with the id or name ${asked}: take one of GET /sources, or leave it out for every source.`,
    );
  }
  const where = { team_id: ctx.teamId, is_system: false };
  const sources = await tx.source.findMany({ where, select, orderBy: { id: "asc" }, take: MAX_SOURCES + 1 });
  if (sources.length <= MAX_SOURCES) return sources;
  throw wrongField("source", `This team has more than ${MAX_SOURCES} sources: name the one whose events it wants.`);
}

/** Connects an endpoint to a source, with a filter on its event types. */
export const connectEndpoint = (tx: Tx, ctx: Ctx, endpoint: NamedRow, source: NamedRow, eventTypes: string[]) =>
  insertConnection(
    tx,
    ctx,
    {
      name: connectionName(endpoint.name, source.name),
      source_id: source.id,
      destination_id: endpoint.id,
      rules: withEventTypes([], eventTypes),
    },
    "create",
  );
