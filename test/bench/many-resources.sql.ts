// Sources, destinations and connections by the thousand, as copies of a few that the verbs made: by the verbs they would take minutes.
// They are there before the roles start, so nobody has to be told of them.
import type { Queryable } from "#server/database/db.ts";
import { newId, newSourceKey } from "#server/ids.ts";
import type { Wiring } from "./wiring.ts";

type Table = "source" | "destination" | "connection";

/** Rows like the one with this id, each with its own values in place of some columns. The one copied must have no secrets. */
async function copyRows(
  db: Queryable,
  table: Table,
  id: string,
  rows: readonly Record<string, string>[],
): Promise<void> {
  await db.query("set session_replication_role = replica");
  await db.query(
    `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(t) || own.row)).*
     from ${table} t, jsonb_array_elements($2::jsonb) as own(row) where t.id = $1`,
    [id, JSON.stringify(rows)],
  );
  await db.query("reset session_replication_role");
}

const setUrls = (db: Queryable, urls: { id: string; url: string }[]) =>
  db.query(
    `update destination set config = jsonb_set(config, '{url}', own.row->'url')
     from jsonb_array_elements($1::jsonb) as own(row) where id = own.row->>'id'`,
    [JSON.stringify(urls)],
  );

interface Copies {
  count: number;
  /** Connections of each. */
  fanOut: number;
  hasOwnDestinations: boolean;
  /** Of the destinations, in turn, where each has one of its own. */
  urls?: readonly string[];
}

/**
 * So many sources like the wired one, each with `fanOut` connections: to destinations of their own, or else to that of the wired one.
 * Returns the paths of the sources at the door.
 */
export async function copySources(
  db: Queryable,
  { sourceId, branches: [branch] }: Wiring,
  { count, fanOut, hasOwnDestinations, urls }: Copies,
): Promise<string[]> {
  if (!branch) throw new Error("What is copied has no connection.");
  const named = (kind: Table) => {
    const id = newId(kind);
    return { id, name: `${kind}-${id.slice(4)}` };
  };
  const sources = Array.from({ length: count }, () => ({ ...named("source"), key: newSourceKey() }));
  const connections = sources.flatMap(({ id: source_id }) =>
    Array.from({ length: fanOut }, () => ({
      ...named("connection"),
      source_id,
      destination_id: hasOwnDestinations ? newId("destination") : branch.destinationId,
    })),
  );
  await copyRows(db, "source", sourceId, sources);
  if (hasOwnDestinations) {
    const own = connections.map(({ destination_id: id }) => ({ id, name: `destination-${id.slice(4)}` }));
    await copyRows(db, "destination", branch.destinationId, own);
    if (urls)
      await setUrls(
        db,
        own.map(({ id }, index) => ({ id, url: urls[index % urls.length] ?? "" })),
      );
  }
  await copyRows(db, "connection", branch.connectionId, connections);
  return sources.map(({ key }) => `/e/${key}`);
}
