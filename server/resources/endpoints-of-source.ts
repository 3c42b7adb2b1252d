// The endpoints that take events of every source get those of a new one too, and hold up none that goes.
import type { Ctx } from "#server/auth/ctx.ts";
import { cutFromSource } from "#server/endpoints/remove-endpoint.ts";
import { newId } from "#server/ids.ts";
import { withEventTypes } from "./event-type-rules.ts";
import type { Tx } from "./transact.ts";

const NAME_PART = 70;

export interface NamedRow {
  id: string;
  name: string;
}

/** Random at its end: two pairs of names may look alike when they are joined. */
export const connectionName = (endpoint: string, source: string): string =>
  `${endpoint.slice(0, NAME_PART)}-${source.slice(0, NAME_PART)}-${newId("connection").slice(-8).toLowerCase()}`;

interface EverySourceRow extends NamedRow {
  event_types: string[];
  is_paused: boolean | null;
}

/**
 * Connects a new source to the endpoints that take events of every source, in one statement: there may be ten thousand.
 * Returns how many there are. Their log is the entry of the source.
 */
export async function connectToEndpoints(tx: Tx, ctx: Ctx, source: NamedRow): Promise<number> {
  const endpoints = await tx.$queryRaw<EverySourceRow[]>`
    select e.id, d.name, e.event_types, (select bool_and(paused_at is not null) from connection c where c.destination_id = e.id) as is_paused
    from endpoint e join destination d on d.id = e.id where e.team_id = ${ctx.teamId} and e.is_of_every_source order by e.id for key share of d`;
  if (endpoints.length === 0) return 0;
  const now = ctx.app.now();
  const rows = endpoints.map(({ id, name, event_types, is_paused }) => ({
    id: newId("connection", now.getTime()),
    name: connectionName(name, source.name),
    destination_id: id,
    rules: withEventTypes([], event_types),
    paused_at: is_paused ? now : null,
  }));
  await tx.$executeRaw`
    insert into connection (id, team_id, name, source_id, destination_id, rules, paused_at, created_at, updated_at)
    select id, ${ctx.teamId}, name, ${source.id}, destination_id, rules, paused_at, ${now}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, name text, destination_id text, rules jsonb, paused_at timestamptz)`;
  return rows.length;
}

/** Nobody made their connections by hand, so nobody has to delete them by hand. Returns how many there were. */
export const disconnectFromEndpoints = (tx: Tx, ctx: Ctx, sourceId: string): Promise<number> =>
  cutFromSource(({ text, values }) => tx.$queryRawUnsafe(text, ...values), ctx.teamId, sourceId);
