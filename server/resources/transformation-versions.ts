// The versions of a transformation with their authors, one that is brought back, and a copy that starts anew.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type {
  DuplicateTransformation,
  ListTransformationVersions,
  RestoreTransformation,
  Transformation,
  TransformationVersion,
} from "#server/contracts/transformation.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { namesOf } from "./audit-names.ts";
import { maskValues, openSealed, requireSecrets } from "./secret-fields.ts";
import { type Tx, transact } from "./transact.ts";
import {
  changeTransformation,
  type Env,
  findRow,
  insertTransformation,
  openEnv,
  versionId,
} from "./transformations.ts";

const SELECT = {
  version: true,
  code: true,
  env: true,
  secrets: true,
  actor_kind: true,
  actor_id: true,
  restored_from: true,
  created_at: true,
} as const;

function openVersion(ctx: Ctx, id: string, row: { version: number; env: unknown; secrets: string | null }) {
  const sealed = { id: versionId(id, row.version), secrets: row.secrets };
  const { secrets, unusable } = openSealed(ctx.app.keyring, "transformation_version", sealed);
  return { env: { ...(row.env as Env), ...(secrets as Env) }, unusable };
}

/** The newest version first; `pagination.next` is the `before` of the next page. */
export async function listTransformationVersions(
  ctx: Ctx,
  { id, limit, before }: ListTransformationVersions,
): Promise<Page<TransformationVersion>> {
  await findRow(ctx.app.db, ctx, id);
  const rows = await ctx.app.db.transformationVersion.findMany({
    where: { transformation_id: id, transformation: { team_id: ctx.teamId }, version: { lt: before } },
    orderBy: { version: "desc" },
    take: limit + 1,
    select: SELECT,
  });
  const shown = rows.slice(0, limit);
  const names = await namesOf(
    ctx.app.db,
    ctx.teamId,
    shown.flatMap((row) => (row.actor_kind && row.actor_id ? [[row.actor_kind, row.actor_id] as const] : [])),
  );
  const data = shown.map(({ secrets, ...row }) => ({
    ...row,
    env: maskValues(openVersion(ctx, id, { ...row, secrets }).env),
    actor_name: (row.actor_id && names.get(row.actor_id)) ?? null,
    created_at: row.created_at.toISOString(),
  }));
  const next = rows.length > limit ? String(data.at(-1)?.version) : null;
  return { data, pagination: { limit, order_by: "version", dir: "desc", next, prev: null } };
}

async function findVersion(tx: Tx, ctx: Ctx, { id, version }: RestoreTransformation) {
  const row = await tx.transformationVersion.findFirst({
    where: { transformation_id: id, version, transformation: { team_id: ctx.teamId } },
    select: SELECT,
  });
  if (row) return row;
  const message = `There is no version ${version} of this transformation: take one of GET /transformations/${id}/versions.`;
  throw wrongField("version", message);
}

/** Code and env of an older version become a new one, so that nothing of the history is lost. */
export async function restoreTransformation(ctx: Ctx, input: RestoreTransformation): Promise<Transformation> {
  requireCan(ctx, "transformation.write");
  return transact(ctx, async (tx) => {
    await findRow(tx, ctx, input.id);
    const row = await findVersion(tx, ctx, input);
    const { env, unusable } = openVersion(ctx, input.id, row);
    requireSecrets(unusable, undefined);
    const change = { id: input.id, if_updated_at: input.if_updated_at, code: row.code };
    return changeTransformation(tx, ctx, change, { version: row.version, env });
  });
}

/** A new one with the same code and env, which nobody could read to send it again. */
export async function duplicateTransformation(ctx: Ctx, input: DuplicateTransformation): Promise<Transformation> {
  requireCan(ctx, "transformation.write");
  return transact(ctx, async (tx) => {
    const row = await findRow(tx, ctx, input.id);
    const { env, unusable } = openEnv(ctx, row);
    requireSecrets(unusable, undefined);
    const { code, description } = row;
    return insertTransformation(tx, ctx, { name: input.name, description, code, env });
  });
}
