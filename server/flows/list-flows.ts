// Flows as they were applied, with what somebody has changed since.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Flow, FlowList, FlowResource } from "#server/contracts/flow.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { notFound } from "#server/errors/app-error.ts";
import { namesOf } from "#server/resources/audit-names.ts";
import { transact } from "#server/resources/transact.ts";
import { type FindAuthor, readAuthors } from "./drift-authors.ts";
import { driftOf, type Owned, readOwned } from "./ownership.ts";
import type { Wanted } from "./require-readable.ts";
import { type Running, readNames, readRunning, renamed } from "./running.ts";
import { mapShared } from "./share-thread.ts";

interface Compared {
  owned: Owned;
  running: Running | undefined;
  drift: ReturnType<typeof driftOf>;
}

/** Each owned resource beside the one that runs. */
async function compare(ctx: Ctx, flows: string[]): Promise<Compared[]> {
  const { db } = ctx.app;
  const owned = await readOwned(db, ctx, flows, []);
  const wanted = (kind: Owned["kind"]): Wanted => ({
    names: [],
    ids: owned.filter((each) => each.kind === kind).map(({ id }) => id),
  });
  // A rename is drift of what was renamed alone.
  const names = renamed(await readNames(db, ctx), new Map(owned.map((each) => [each.id, each])));
  const running = await readRunning(db, ctx, names, {
    source: wanted("source"),
    destination: wanted("destination"),
    connection: wanted("connection"),
    transformation: wanted("transformation"),
  });
  const byId = new Map(running.map((each) => [each.id, each]));
  return mapShared(owned, (each) => {
    const found = byId.get(each.id);
    return { owned: each, running: found, drift: found ? driftOf(each, found) : [] };
  });
}

const toResource = ({ owned, running, drift }: Compared, author: FindAuthor): FlowResource => ({
  kind: owned.kind,
  id: owned.id,
  name: running?.name ?? owned.name,
  is_gone: running === undefined,
  drift: drift.map(({ path, before, after }) => ({
    path,
    file: before,
    runs: after,
    changed_by: author(owned.id, path, owned.declaredAt),
  })),
});

/** By name. */
export async function listFlows(ctx: Ctx): Promise<FlowList> {
  const { db } = ctx.app;
  const rows = await db.flow.findMany({ where: { team_id: ctx.teamId }, orderBy: { name: "asc" } });
  // Each graph asks: of a team without flows nothing is read.
  if (rows.length === 0) return { data: [] };
  const compared = await compare(
    ctx,
    rows.map(({ name }) => name),
  );
  const drifted = compared.filter(({ drift }) => drift.length > 0);
  const since = new Date(Math.min(...drifted.map(({ owned }) => owned.declaredAt.getTime()), ctx.app.now().getTime()));
  const author = await readAuthors(
    db,
    ctx,
    drifted.map(({ owned }) => owned.id),
    since,
  );
  const actors = await namesOf(
    db,
    ctx.teamId,
    rows.map(({ actor_kind, actor_id }) => [actor_kind, actor_id]),
  );
  const byFlow = Map.groupBy(compared, ({ owned }) => owned.flow);
  const data = rows.map(({ actor_kind, actor_id, applied_at, ...row }): Flow => {
    const resources = (byFlow.get(row.name) ?? []).map((each) => toResource(each, author));
    return {
      ...row,
      applied_at: applied_at.toISOString(),
      applied_by: { actor_kind, actor_id, actor_name: actors.get(actor_id) ?? null },
      resources,
      drifted_count: resources.filter(({ drift, is_gone }) => is_gone || drift.length > 0).length,
    };
  });
  return { data };
}

/** Forgets that a file declares its resources. These stay as they are, and belong to no flow. */
export async function forgetFlow(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "resources.delete");
  return transact(ctx, async (tx) => {
    const row = await tx.flow.findFirst({ where: { team_id: ctx.teamId, id }, select: { name: true } });
    if (!row) throw notFound("flow", id);
    await tx.flow.delete({ where: { id, team_id: ctx.teamId }, select: { id: true } });
    await recordAudit(tx, ctx, "delete", "flow", id, { before: row });
    return { id };
  });
}
