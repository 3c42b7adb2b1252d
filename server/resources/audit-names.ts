// Names for the ids in the audit log, as they are today. An id whose row is gone has no name.
import type { Ctx } from "#server/auth/ctx.ts";

interface NamedRow {
  id: string;
  name: string;
}
type Look = (ctx: Ctx, ids: string[]) => Promise<NamedRow[]>;

const select = { id: true, name: true } as const;

const LOOKS: Record<string, Look> = {
  source: ({ app, teamId }, ids) => app.db.source.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  destination: ({ app, teamId }, ids) =>
    app.db.destination.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  connection: ({ app, teamId }, ids) =>
    app.db.connection.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  transformation: ({ app, teamId }, ids) =>
    app.db.transformation.findMany({ where: { team_id: teamId, id: { in: ids } }, select }),
  api_key: ({ app, teamId }, ids) =>
    app.db.apiKey.findMany({ where: { id: { in: ids }, teams: { some: { team_id: teamId } } }, select }),
  user: ({ app, teamId }, ids) =>
    app.db.user.findMany({ where: { id: { in: ids }, members: { some: { team_id: teamId } } }, select }),
  team({ app, teamId }) {
    const where = { id: teamId };
    return app.db.team.findMany({ where, select });
  },
};

/** Kind of a resource or an actor, and its id. */
type Reference = readonly [kind: string, id: string];

/** The names of a team's own things, by id. One look per kind that occurs. */
export async function namesOf(ctx: Ctx, references: readonly Reference[]): Promise<Map<string, string>> {
  const idsByKind = Map.groupBy(references, ([kind]) => kind);
  const found = await Promise.all(
    [...idsByKind].map(([kind, of]) => LOOKS[kind]?.(ctx, [...new Set(of.map(([, id]) => id))]) ?? []),
  );
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}
