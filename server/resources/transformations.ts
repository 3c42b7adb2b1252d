// Code that changes requests. Each change of code or env is a version; what does not parse is never saved.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireWrite } from "#server/auth/ctx.ts";
import type { ById, Deleted, Page } from "#server/contracts/page.ts";
import type {
  CreateTransformation,
  ListTransformations,
  ListTransformationVersions,
  Transformation,
  TransformationVersion,
  UpdateTransformation,
} from "#server/contracts/transformation.ts";
import { AppError, notFound } from "#server/errors.ts";
import { wrongField } from "#server/field-issues.ts";
import { newId } from "#server/ids.ts";
import { pageWindow, toPage } from "./paging.ts";
import { lockRow, type Tx, transact, twiceOnConflict } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  name: true,
  code: true,
  env: true,
  version: true,
  created_at: true,
  updated_at: true,
} as const;

interface TransformationRow {
  id: string;
  team_id: string;
  name: string;
  code: string;
  env: unknown;
  version: number;
  created_at: Date;
  updated_at: Date;
}

const toTransformation = (row: TransformationRow): Transformation => ({
  ...row,
  env: row.env as Transformation["env"],
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** 422 on `code` with the line, when it does not parse. */
async function checkCode(ctx: Ctx, code: string | undefined): Promise<void> {
  if (code === undefined) return;
  const error = await ctx.app.sandbox.check({ teamId: ctx.teamId, code, signal: ctx.signal });
  if (!error) return;
  const line = error.line === null ? "" : ` on line ${error.line}`;
  throw wrongField("code", `The code does not parse${line}: ${error.message}. Correct it and save again.`);
}

export async function findTransformation(
  db: Pick<Tx, "transformation">,
  ctx: Ctx,
  id: string,
): Promise<Transformation> {
  const row = await db.transformation.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (!row) throw notFound("transformation", id);
  return toTransformation(row);
}

/** The newest first; `name` is exact. */
export async function listTransformations(ctx: Ctx, input: ListTransformations): Promise<Page<Transformation>> {
  const window = pageWindow("transformation", input, ctx.app.now());
  const rows = await ctx.app.db.transformation.findMany({
    where: { ...window.where, team_id: ctx.teamId, ...(input.name !== undefined && { name: input.name }) },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  return toPage(rows.map(toTransformation), window);
}

export const getTransformation = (ctx: Ctx, { id }: ById): Promise<Transformation> =>
  findTransformation(ctx.app.db, ctx, id);

async function recordVersion(tx: Tx, row: TransformationRow): Promise<void> {
  const { id, version, code, updated_at } = row;
  const env = row.env as Transformation["env"];
  await tx.transformationVersion.create({
    data: { transformation_id: id, version, code, env, created_at: updated_at },
    select: { version: true },
  });
}

async function insertTransformation(tx: Tx, ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  const now = ctx.app.now();
  const row = await tx.transformation.create({
    data: {
      id: newId("transformation", now.getTime()),
      team_id: ctx.teamId,
      name: input.name,
      code: input.code,
      env: input.env ?? {},
      version: 1,
      created_at: now,
      updated_at: now,
    },
    select: SELECT,
  });
  await recordVersion(tx, row);
  await recordAudit(tx, ctx, "create", "transformation", row.id);
  return toTransformation(row);
}

export async function createTransformation(ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  requireWrite(ctx);
  await checkCode(ctx, input.code);
  return transact(ctx, (tx) => insertTransformation(tx, ctx, input));
}

const isSameEnv = (a: Transformation["env"], b: Transformation["env"]) =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

async function changeTransformation(tx: Tx, ctx: Ctx, input: UpdateTransformation): Promise<Transformation> {
  await lockRow(tx, ctx, "transformation", input.id);
  const current = await findTransformation(tx, ctx, input.id);
  const { name = current.name, code = current.code, env = current.env } = input;
  const isNewVersion = code !== current.code || !isSameEnv(env, current.env);
  const row = await tx.transformation.update({
    where: { id: input.id, team_id: ctx.teamId },
    data: { name, code, env, version: current.version + (isNewVersion ? 1 : 0), updated_at: ctx.app.now() },
    select: SELECT,
  });
  if (isNewVersion) await recordVersion(tx, row);
  await recordAudit(tx, ctx, "update", "transformation", input.id);
  return toTransformation(row);
}

export async function updateTransformation(ctx: Ctx, input: UpdateTransformation): Promise<Transformation> {
  requireWrite(ctx);
  await checkCode(ctx, input.code);
  return transact(ctx, (tx) => changeTransformation(tx, ctx, input));
}

/** Changes the transformation of this name as a PATCH would, or makes it. */
export async function upsertTransformation(ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  requireWrite(ctx);
  await checkCode(ctx, input.code);
  const save = (tx: Tx) => saveTransformation(tx, ctx, input);
  return twiceOnConflict(() => transact(ctx, save));
}

async function saveTransformation(tx: Tx, ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  const where = { team_id: ctx.teamId, name: input.name };
  const existing = await tx.transformation.findFirst({ where, select: { id: true } });
  if (!existing) return insertTransformation(tx, ctx, input);
  return changeTransformation(tx, ctx, { ...input, id: existing.id });
}

/** A CONFLICT with the count while a connection's rule names it. */
export async function deleteTransformation(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireWrite(ctx);
  return transact(ctx, async (tx) => {
    await lockRow(tx, ctx, "transformation", id);
    const used = [{ type: "transform", transformation_id: id }];
    const count = await tx.connection.count({ where: { team_id: ctx.teamId, rules: { array_contains: used } } });
    if (count > 0) {
      const users = count === 1 ? "1 connection uses" : `${count} connections use`;
      throw new AppError(
        "CONFLICT",
        `${users} this transformation: take the transform rule out of ${count === 1 ? "it" : "them"} first.`,
      );
    }
    await tx.transformation.delete({ where: { id, team_id: ctx.teamId }, select: { id: true } });
    await recordAudit(tx, ctx, "delete", "transformation", id);
    return { id };
  });
}

/** The newest version first; `pagination.next` is the `before` of the next page. */
export async function listTransformationVersions(
  ctx: Ctx,
  { id, limit, before }: ListTransformationVersions,
): Promise<Page<TransformationVersion>> {
  await findTransformation(ctx.app.db, ctx, id);
  const rows = await ctx.app.db.transformationVersion.findMany({
    where: { transformation_id: id, ...(before !== undefined && { version: { lt: before } }) },
    orderBy: { version: "desc" },
    take: limit + 1,
    select: { version: true, code: true, env: true, created_at: true },
  });
  const data = rows.slice(0, limit).map((row) => ({
    ...row,
    env: row.env as Transformation["env"],
    created_at: row.created_at.toISOString(),
  }));
  const next = rows.length > limit ? String(data.at(-1)?.version) : null;
  return { data, pagination: { limit, order_by: "version", dir: "desc", next, prev: null } };
}
