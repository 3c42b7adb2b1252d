// The flows of a team as they were applied, with what each declares.
import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { type FlowResourceKind, MAX_FLOWS, MAX_TEAM_FLOW_CHARS } from "#server/contracts/flow.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { newId } from "#server/ids.ts";
import { parseJson } from "#server/json/parse.ts";
import type { Tx } from "#server/resources/transact.ts";
import type { FlowDocument } from "./declared.ts";
import { type Difference, differences, type Facts } from "./facts.ts";
import { requireDeclaredReadable } from "./require-readable.ts";
import type { Running } from "./running.ts";

export interface Owned {
  flow: string;
  /** Since when the file says so. */
  declaredAt: Date;
  kind: FlowResourceKind;
  id: string;
  /** As the file calls it. */
  name: string;
  /** What the file said when it was applied. */
  facts: Facts;
}

/**
 * What the flows of these names own, and who owns these resources.
 * @throws AppError UNPROCESSABLE where the team's flows say more than the memory of a gateway should hold
 */
export async function readOwned(db: Tx, ctx: Ctx, flows: string[], ids: string[]): Promise<Owned[]> {
  await requireDeclaredReadable(db, ctx);
  const rows = await db.flowResource.findMany({
    where: { team_id: ctx.teamId, OR: [{ flow: { name: { in: flows } } }, { resource_id: { in: ids } }] },
    orderBy: { resource_id: "asc" },
    select: {
      resource_id: true,
      kind: true,
      name: true,
      declared: true,
      declared_at: true,
      flow: { select: { name: true } },
    },
  });
  return rows.map(({ resource_id, kind, name, declared, declared_at, flow }) => ({
    flow: flow.name,
    declaredAt: declared_at,
    kind: kind as FlowResourceKind,
    id: resource_id,
    name,
    facts: parseJson(declared) as Facts,
  }));
}

/** What somebody has changed since the file was applied: `before` is what it said, `after` what runs. */
export const driftOf = (owned: Owned, running: Running): Difference[] => differences(owned.facts, running.facts);

export interface Kept {
  flow: string;
  kind: FlowResourceKind;
  name: string;
  id: string;
  facts: Facts;
  owned: Owned | undefined;
}

/** Takes away what no file declares any more. @param left what stays owned though its file does not declare it */
async function dropUndeclared(
  tx: Tx,
  ctx: Ctx,
  flowIds: string[],
  resources: readonly Kept[],
  left: readonly string[],
) {
  const stays = new Set([...resources.map(({ id }) => id), ...left]);
  const rows = await tx.flowResource.findMany({
    where: { team_id: ctx.teamId, flow_id: { in: flowIds } },
    select: { resource_id: true },
  });
  const gone = rows.map(({ resource_id }) => resource_id).filter((id) => !stays.has(id));
  await tx.flowResource.deleteMany({ where: { team_id: ctx.teamId, resource_id: { in: gone } } });
  return gone.length;
}

/** @throws AppError UNPROCESSABLE */
async function requireRoom(tx: Tx, ctx: Ctx): Promise<void> {
  const [room] = await tx.$queryRaw<{ count: number; chars: number }[]>`
    select count(*)::int as count, sum(length(text))::int as chars from flow where team_id = ${ctx.teamId}`;
  if (!room || (room.count <= MAX_FLOWS && room.chars <= MAX_TEAM_FLOW_CHARS)) return;
  const message = `With these the team has ${room.count} flows of ${room.chars} characters: keep to ${MAX_FLOWS} and ${MAX_TEAM_FLOW_CHARS}, or forget some by DELETE /flows/:id.`;
  throw wrongField("text", message);
}

/**
 * Keeps flows as they were applied just now. False when all was kept so already.
 * @param left the ids of what they own and do not declare
 * @param told the flows of which the audit log tells already, by what they changed
 */
export async function keepFlows(
  tx: Tx,
  ctx: Ctx,
  flows: readonly FlowDocument[],
  resources: readonly Kept[],
  left: readonly string[],
  told: ReadonlySet<string>,
): Promise<boolean> {
  const now = ctx.app.now();
  const before = await tx.flow.findMany({
    where: { team_id: ctx.teamId, name: { in: flows.map(({ name }) => name) } },
    select: { id: true, name: true, text: true },
  });
  const ids = new Map(before.map(({ id, name }) => [name, id]));
  const dropped = await dropUndeclared(tx, ctx, [...ids.values()], resources, left);
  const changed = resources.filter(
    ({ flow, name, facts, owned }) =>
      owned?.flow !== flow || owned.name !== name || differences(owned.facts, facts).length > 0,
  );
  const touched = new Set(changed.map(({ flow }) => flow));
  const applied = flows.filter(
    ({ name, text }) => touched.has(name) || before.find((each) => each.name === name)?.text !== text,
  );
  for (const { name, text } of applied) {
    const known = ids.get(name);
    const id = known ?? newId("flow", now.getTime());
    ids.set(name, id);
    const row = { text, actor_kind: ctx.actor.kind, actor_id: ctx.actor.id, applied_at: now };
    await tx.flow.upsert({
      where: { id, team_id: ctx.teamId },
      create: { id, team_id: ctx.teamId, name, ...row },
      update: row,
    });
    if (told.has(name)) continue;
    const owns = changed.filter(({ flow }) => flow === name).map((each) => `${each.kind} ${each.name}`);
    await recordAudit(tx, ctx, known ? "update" : "create", "flow", id, { after: { name, now_declares: owns } });
  }
  await tx.flowResource.deleteMany({
    where: { team_id: ctx.teamId, resource_id: { in: changed.map(({ id }) => id) } },
  });
  await tx.flowResource.createMany({
    data: changed.map(({ flow, kind, name, id, facts }) => ({
      team_id: ctx.teamId,
      resource_id: id,
      flow_id: ids.get(flow) ?? "",
      kind,
      name,
      declared: JSON.stringify(facts),
      declared_at: now,
    })),
  });
  if (applied.length > 0) await requireRoom(tx, ctx);
  return applied.length > 0 || dropped > 0;
}
