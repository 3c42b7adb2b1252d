// Names for the ids in the audit log, as they are today. An id whose row is gone has no name.
import type { Tx } from "./transact.ts";

interface NamedRow {
  id: string;
  name: string;
}
type Look = (db: Tx, teamId: string, ids: string[]) => Promise<NamedRow[]>;

const select = { id: true, name: true } as const;

const LOOKS: Record<string, Look> = {
  source: (db, teamId, ids) => db.source.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  destination: (db, teamId, ids) => db.destination.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  connection: (db, teamId, ids) => db.connection.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  transformation: (db, teamId, ids) =>
    db.transformation.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  api_key: (db, teamId, ids) =>
    db.apiKey.findMany({ where: { id: { in: ids }, teams: { some: { team_id: teamId } } }, select }),
  user: (db, teamId, ids) =>
    db.user.findMany({ where: { id: { in: ids }, members: { some: { team_id: teamId } } }, select }),
  team(db, teamId) {
    const where = { id: teamId };
    return db.team.findMany({ where, select });
  },
};

/** Kind of a resource or an actor, and its id. */
type Reference = readonly [kind: string, id: string];

/** The names of a team's own things, by id. One look per kind that occurs. */
export async function namesOf(db: Tx, teamId: string, references: readonly Reference[]): Promise<Map<string, string>> {
  const idsByKind = Map.groupBy(references, ([kind]) => kind);
  const found = await Promise.all(
    [...idsByKind].map(([kind, of]) => LOOKS[kind]?.(db, teamId, [...new Set(of.map(([, id]) => id))]) ?? []),
  );
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}
