// Transformations: code that changes requests. Each change of code or env makes a version. Code that does not parse is
// never saved.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import type {
  CreateTransformation,
  ListTransformations,
  Transformation,
  UpdateTransformation,
} from "#server/contracts/transformation.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { connectionsUse } from "./delete-end.ts";
import { namedWhere } from "./named-where.ts";
import { pageWindow, toPage } from "./paging.ts";
import { type Changeable, lockState, writeState } from "./row-change.ts";
import { maskValues, openSealed, requireSecrets, sealSecrets, unmaskValues } from "./secret-fields.ts";
import { findByName, lockRow, type Tx, transact, transactUpsert } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  name: true,
  description: true,
  code: true,
  env: true,
  secrets: true,
  version: true,
  created_at: true,
  updated_at: true,
} as const;

export type TransformationRow = Prisma.TransformationGetPayload<{ select: typeof SELECT }>;

export type Env = Transformation["env"];

/** Opens `env`, and tells the reason when it does not open. */
export function openEnv(
  ctx: Ctx,
  row: Pick<TransformationRow, "id" | "env" | "secrets">,
): { env: Env; unusable: string | null } {
  const { secrets, unusable } = openSealed(ctx.app.keyring, "transformation", row);
  return { env: { ...(row.env as Env), ...(secrets as Env) }, unusable };
}

/** The columns that hold an env. */
const sealEnv = (ctx: Ctx, id: string, env: Env) => ({
  env: {},
  secrets: sealSecrets(ctx.app.keyring, "transformation", id, env),
});

function toTransformation(ctx: Ctx, { secrets, ...row }: TransformationRow): Transformation {
  const { env, unusable } = openEnv(ctx, { ...row, secrets });
  return {
    ...row,
    env: maskValues(env),
    unusable_because: unusable,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** 422 on `code` with the line, when it does not parse. */
export async function checkCode(ctx: Ctx, code: string | undefined): Promise<void> {
  if (code === undefined) return;
  const error = await ctx.app.sandbox.check({ teamId: ctx.teamId, code, signal: ctx.signal });
  if (!error) return;
  const line = error.line === null ? "" : ` on line ${error.line}`;
  throw wrongField("code", `The code does not parse${line}: ${error.message}. Correct it and save again.`);
}

export async function findRow(db: Pick<Tx, "transformation">, ctx: Ctx, id: string): Promise<TransformationRow> {
  const row = await db.transformation.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (!row) throw notFound("transformation", id);
  return row;
}

/** The code and `env` that the sandbox runs. `env` is in clear, so it leaves the process for nothing else. */
export async function findRunnable(ctx: Ctx, id: string): Promise<{ code: string; env: Env; version: number }> {
  const row = await findRow(ctx.app.db, ctx, id);
  const { env, unusable } = openEnv(ctx, row);
  requireSecrets(unusable, undefined);
  return { code: row.code, env, version: row.version };
}

/** The newest first; `name` is exact. */
export async function listTransformations(ctx: Ctx, input: ListTransformations): Promise<Page<Transformation>> {
  const window = pageWindow("transformation", input, ctx.app.now());
  const rows = await ctx.app.db.transformation.findMany({
    where: namedWhere(ctx, input, window),
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  return toPage(
    rows.map((row) => toTransformation(ctx, row)),
    window,
  );
}

export const getTransformation = async (ctx: Ctx, { id }: ById): Promise<Transformation> =>
  toTransformation(ctx, await findRow(ctx.app.db, ctx, id));

/** The id for which a version's secrets are sealed. */
export const versionId = (id: string, version: number) => `${id}:${version}`;

async function recordVersion(
  tx: Tx,
  ctx: Ctx,
  row: TransformationRow,
  restoredFrom: number | null = null,
): Promise<void> {
  const { id, version, code, updated_at } = row;
  const { env } = openEnv(ctx, row);
  const secrets = sealSecrets(ctx.app.keyring, "transformation_version", versionId(id, version), env);
  await tx.transformationVersion.create({
    data: {
      transformation_id: id,
      version,
      code,
      env: {},
      secrets,
      actor_kind: ctx.actor.kind,
      actor_id: ctx.actor.id,
      restored_from: restoredFrom,
      created_at: updated_at,
    },
    select: { version: true },
  });
}

/** The transformation as the audit log keeps it: its code stands in the version that the entry names. */
function toAudited(ctx: Ctx, row: TransformationRow) {
  const { code: _code, ...audited } = toTransformation(ctx, row);
  return audited;
}

export async function insertTransformation(tx: Tx, ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  const now = ctx.app.now();
  const id = newId("transformation", now.getTime());
  const row = await tx.transformation.create({
    data: {
      id,
      team_id: ctx.teamId,
      name: input.name,
      description: input.description ?? null,
      code: input.code,
      ...sealEnv(ctx, id, unmaskValues("env", input.env ?? {}, {})),
      version: 1,
      created_at: now,
      updated_at: now,
    },
    select: SELECT,
  });
  await recordVersion(tx, ctx, row);
  await recordAudit(tx, ctx, "create", "transformation", row.id, { after: toAudited(ctx, row), at: now });
  return toTransformation(ctx, row);
}

export async function createTransformation(ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  requireCan(ctx, "transformation.write");
  await checkCode(ctx, input.code);
  return transact(ctx, (tx) => insertTransformation(tx, ctx, input));
}

const isSameEnv = (a: Env, b: Env) =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** An older version that is brought back: `env` in clear. */
interface Restored {
  version: number;
  env: Env;
}

const CHANGES: Changeable<TransformationRow, Prisma.TransformationUpdateInput> = {
  table: "transformation",
  find: findRow,
  write: (tx, ctx, { id }, data) =>
    tx.transformation.update({ where: { id, team_id: ctx.teamId }, data, select: SELECT }),
  toAudited,
};

/** @param restored the version from which code and env come, for the history */
export async function changeTransformation(
  tx: Tx,
  ctx: Ctx,
  input: UpdateTransformation,
  restored?: Restored,
): Promise<Transformation> {
  const current = await lockState(tx, ctx, CHANGES, input);
  const { env: currentEnv, unusable } = openEnv(ctx, current);
  const { name = current.name, code = current.code } = input;
  const env = restored?.env ?? (input.env ? unmaskValues("env", input.env, currentEnv) : currentEnv);
  const sentEnv = restored?.env ?? input.env;
  const isNewVersion = code !== current.code || !isSameEnv(env, currentEnv);
  if (isNewVersion) requireSecrets(unusable, sentEnv);
  const change = {
    name,
    description: input.description,
    code,
    ...((unusable === null || sentEnv) && sealEnv(ctx, input.id, env)),
    version: current.version + (isNewVersion ? 1 : 0),
  };
  const noted = restored && { restored_from: restored.version };
  const row = await writeState(tx, ctx, CHANGES, "update", current, change, noted);
  if (isNewVersion) await recordVersion(tx, ctx, row, restored?.version);
  return toTransformation(ctx, row);
}

export async function updateTransformation(ctx: Ctx, input: UpdateTransformation): Promise<Transformation> {
  requireCan(ctx, "transformation.write");
  await checkCode(ctx, input.code);
  return transact(ctx, (tx) => changeTransformation(tx, ctx, input));
}

/** Changes the transformation of this name as a PATCH would, or makes it. */
export async function upsertTransformation(ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  requireCan(ctx, "transformation.write");
  await checkCode(ctx, input.code);
  return transactUpsert(ctx, (tx) => saveTransformation(tx, ctx, input));
}

async function saveTransformation(tx: Tx, ctx: Ctx, input: CreateTransformation): Promise<Transformation> {
  const id = await findByName(tx, ctx, "transformation", input.name);
  return id === undefined ? insertTransformation(tx, ctx, input) : changeTransformation(tx, ctx, { ...input, id });
}

/** @throws AppError CONFLICT with the count while a connection's rule names it */
export async function removeTransformation(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  await lockRow(tx, ctx, "transformation", id);
  const used = [{ type: "transform", transformation_id: id }];
  const count = await tx.connection.count({ where: { team_id: ctx.teamId, rules: { array_contains: used } } });
  if (count > 0) {
    const { use, them } = connectionsUse(count);
    throw new AppError("CONFLICT", `${use} this transformation: take the transform rule out of ${them} first.`);
  }
  const row = await tx.transformation.delete({ where: { id, team_id: ctx.teamId }, select: SELECT });
  await recordAudit(tx, ctx, "delete", "transformation", id, { before: toAudited(ctx, row) });
}

/** A CONFLICT with the count while a connection's rule names it. */
export async function deleteTransformation(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "resources.delete");
  await transact(ctx, (tx) => removeTransformation(tx, ctx, id));
  return { id };
}
