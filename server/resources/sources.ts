// A source is one ingress URL and one auth boundary. Its secrets are sealed apart from its config and read masked.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import type { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import {
  ADDED_SOURCE_CONFIG,
  type CreateSource,
  type DuplicateSource,
  type ListSources,
  type Source,
  type SourceConfig,
  type SourceType,
  type UpdateSource,
} from "#server/contracts/source.ts";
import { withSecrets } from "#server/crypto/secrets.ts";
import { notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId, newSourceKey } from "#server/ids.ts";
import { deleteEnd, removeEnd } from "./delete-end.ts";
import { connectToEndpoints, disconnectFromEndpoints } from "./endpoints-of-source.ts";
import { isSet, namedWhere } from "./named-where.ts";
import { pageWindow, toPage } from "./paging.ts";
import { rotateAuth } from "./rotate-secret.ts";
import { type Changeable, lockState, writeState } from "./row-change.ts";
import { maskAuth, openSealed, requireSecrets, sealSecrets, splitAuth } from "./secret-fields.ts";
import { type ConfigBefore, secretTimes } from "./secret-times.ts";
import { mergeSourceConfig, newSourceConfig, retypeSourceConfig } from "./source-config.ts";
import { type Flip, flipSwitch, statedFlip } from "./switches.ts";
import { asJson, findByName, type Tx, transact, transactUpsert } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  name: true,
  description: true,
  type: true,
  key: true,
  is_system: true,
  config: true,
  secrets: true,
  secret_set_at: true,
  previous_secret_since: true,
  previous_secret_set_at: true,
  disabled_at: true,
  created_at: true,
  updated_at: true,
} as const;

type SourceRow = Prisma.SourceGetPayload<{ select: typeof SELECT }>;

/** Opens the config with its secrets in clear, and the reason when those do not open. */
export function openConfig(ctx: Ctx, row: SourceRow): { config: SourceConfig; unusable: string | null } {
  const config = { ...ADDED_SOURCE_CONFIG, ...(row.config as SourceConfig) };
  const { secrets, unusable } = openSealed(ctx.app.keyring, "source", row);
  return { config: withSecrets(config, secrets), unusable };
}

/** Where its senders send to. One that is published on has no door of its own. */
export const sourceUrl = ({ app }: Pick<Ctx, "app">, { type, key }: Pick<SourceRow, "type" | "key">): string =>
  `${app.publicGatewayUrl}${type === "PUBLISH" ? "/v1/publish" : `/e/${key}`}`;

function toSource(ctx: Ctx, row: SourceRow): Source {
  const { config, unusable } = openConfig(ctx, row);
  return {
    id: row.id,
    team_id: row.team_id,
    name: row.name,
    description: row.description,
    type: row.type as SourceType,
    is_system: row.is_system,
    url: sourceUrl(ctx, row),
    config: { ...config, auth: maskAuth(config.auth) },
    unusable_because: unusable,
    disabled_at: row.disabled_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

const beforeOf = ({ secret_set_at, created_at }: SourceRow, config: SourceConfig): ConfigBefore => ({
  config,
  setAt: secret_set_at ?? created_at,
});

/** The columns that hold a config. @param before the one that was saved; null for a new source */
function sealConfig(ctx: Ctx, id: string, config: SourceConfig, before: ConfigBefore | null) {
  const { clear, secrets } = splitAuth(config.auth);
  return {
    ...secretTimes(ctx.app.now(), config, before),
    config: asJson({ ...config, auth: clear }),
    secrets: sealSecrets(ctx.app.keyring, "source", id, secrets),
  };
}

async function findSource(db: Pick<Tx, "source">, ctx: Ctx, id: string): Promise<SourceRow> {
  const row = await db.source.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (!row) throw notFound("source", id);
  return row;
}

/** A source with its secrets in clear, for what is signed with them. It never leaves the verb. */
export interface OpenedSource {
  source: Source;
  key: string;
}

export async function openSource(ctx: Ctx, id: string): Promise<OpenedSource> {
  const row = await findSource(ctx.app.db, ctx, id);
  return { source: { ...toSource(ctx, row), config: openConfig(ctx, row).config }, key: row.key };
}

/** The newest first; `name` and `type` are exact. */
export async function listSources(ctx: Ctx, input: ListSources): Promise<Page<Source>> {
  const window = pageWindow("source", input, ctx.app.now());
  const rows = await ctx.app.db.source.findMany({
    where: {
      ...namedWhere(ctx, input, window),
      type: input.type,
      disabled_at: isSet(input.disabled),
    },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  return toPage(
    rows.map((row) => toSource(ctx, row)),
    window,
  );
}

/** Since when a source's secrets are what they are; null where that is not known. */
export async function readSecretTimes(ctx: Ctx, id: string) {
  const row = await findSource(ctx.app.db, ctx, id);
  return {
    setAt: row.secret_set_at?.toISOString() ?? null,
    previousSince: row.previous_secret_since?.toISOString() ?? null,
    /** When the previous one was set, while it was the present one; null also where it never was. */
    previousSetAt: row.previous_secret_set_at?.toISOString() ?? null,
  };
}

export async function getSource(ctx: Ctx, { id }: ById): Promise<Source> {
  return toSource(ctx, await findSource(ctx.app.db, ctx, id));
}

/** Throws UNPROCESSABLE for a bad config. */
export async function insertSource(
  tx: Tx,
  ctx: Ctx,
  input: CreateSource,
  { isSystem = false } = {},
): Promise<SourceRow> {
  const type = input.type ?? "WEBHOOK";
  const now = ctx.app.now();
  const id = newId("source", now.getTime());
  const row = await tx.source.create({
    data: {
      id,
      team_id: ctx.teamId,
      name: input.name,
      description: input.description ?? null,
      type,
      key: newSourceKey(),
      is_system: isSystem,
      ...sealConfig(ctx, id, newSourceConfig(type, input.config ?? {}), null),
      disabled_at: input.disabled ? now : null,
      created_at: now,
      updated_at: now,
    },
    select: SELECT,
  });
  const endpoints = isSystem ? 0 : await connectToEndpoints(tx, ctx, row);
  const after = { ...toSource(ctx, row), ...(endpoints > 0 && { connected_endpoints: endpoints }) };
  await recordAudit(tx, ctx, "create", "source", id, { after, at: now });
  return row;
}

export async function createSource(ctx: Ctx, input: CreateSource): Promise<Source> {
  requireCan(ctx, "source.write");
  return toSource(ctx, await transact(ctx, (tx) => insertSource(tx, ctx, input)));
}

/** Makes a source with the settings and the secrets of another. Only its URL is its own. */
export async function duplicateSource(ctx: Ctx, { id, name }: DuplicateSource): Promise<Source> {
  requireCan(ctx, "source.write");
  const row = await transact(ctx, async (tx) => {
    const original = await findSource(tx, ctx, id);
    const { config, unusable } = openConfig(ctx, original);
    requireSecrets(unusable, undefined);
    const { description } = original;
    return insertSource(tx, ctx, { name, description, type: original.type as SourceType, config });
  });
  return toSource(ctx, row);
}

const CHANGES: Changeable<SourceRow, Prisma.SourceUpdateInput> = {
  table: "source",
  find: findSource,
  write: (tx, ctx, { id }, data) => tx.source.update({ where: { id, team_id: ctx.teamId }, data, select: SELECT }),
  toAudited: toSource,
};

/** Merges into the row as it is now; a new `type` brings its preset first. */
export async function changeSource(tx: Tx, ctx: Ctx, input: UpdateSource): Promise<SourceRow> {
  const row = await lockState(tx, ctx, CHANGES, input);
  const { config: current, unusable } = openConfig(ctx, row);
  const isRetyped = input.type !== undefined && input.type !== row.type;
  if (isRetyped && row.is_system) throw wrongField("type", "The system source keeps its type. Make another source.");
  const base = isRetyped && input.type ? retypeSourceConfig(current, input.type) : current;
  const isConfigSent = input.config !== undefined || isRetyped;
  if (isConfigSent) requireSecrets(unusable, input.config?.auth);
  const changed = await writeState(tx, ctx, CHANGES, "update", row, {
    name: input.name,
    description: input.description,
    type: input.type,
    ...(isConfigSent && sealConfig(ctx, row.id, mergeSourceConfig(base, input.config ?? {}), beforeOf(row, current))),
  });
  const flip = statedFlip(input.disabled, row.disabled_at);
  if (flip === null) return changed;
  await flipSwitch(tx, ctx, "source", { id: row.id }, flip);
  return findSource(tx, ctx, row.id);
}

export async function updateSource(ctx: Ctx, input: UpdateSource): Promise<Source> {
  requireCan(ctx, "source.write");
  return toSource(ctx, await transact(ctx, (tx) => changeSource(tx, ctx, input)));
}

/** Changes the source of this name as a PATCH would, or makes it. */
export async function saveSource(tx: Tx, ctx: Ctx, input: CreateSource): Promise<SourceRow> {
  const id = await findByName(tx, ctx, "source", input.name);
  return id === undefined ? insertSource(tx, ctx, input) : changeSource(tx, ctx, { ...input, id });
}

export async function upsertSource(ctx: Ctx, input: CreateSource): Promise<Source> {
  requireCan(ctx, "source.write");
  return toSource(ctx, await transactUpsert(ctx, (tx) => saveSource(tx, ctx, input)));
}

/** @throws where a connection uses it, other than those of endpoints that take events of every source */
export async function removeSource(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const source = toSource(ctx, await findSource(tx, ctx, id));
  const endpoints = await disconnectFromEndpoints(tx, ctx, id);
  await removeEnd(tx, ctx, "source", id, { ...source, ...(endpoints > 0 && { connected_endpoints: endpoints }) });
}

/** Only a source without connections that somebody made goes; its requests stay until their retention ends. */
export async function deleteSource(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "resources.delete");
  return deleteEnd(ctx, "source", id, (tx) => removeSource(tx, ctx, id));
}

async function flip(ctx: Ctx, input: SwitchOne, action: Flip): Promise<Source> {
  requireCan(ctx, "source.write");
  return transact(ctx, async (tx) => {
    await flipSwitch(tx, ctx, "source", input, action);
    return toSource(ctx, await findSource(tx, ctx, input.id));
  });
}

/** Idempotent. The door answers 403 SOURCE_DISABLED until it is enabled again. */
export const disableSource = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "disable");
/** Idempotent. */
export const enableSource = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "enable");

/** The current secret stays valid as the previous one. */
export async function rotateSourceSecret(ctx: Ctx, input: RotateSecret): Promise<RotatedSecret> {
  requireCan(ctx, "secrets.rotate");
  return transact(ctx, async (tx) => {
    const before = await lockState(tx, ctx, CHANGES, input);
    const { config } = openConfig(ctx, before);
    const rotated = rotateAuth({ kind: "source", ...config }, input.secret);
    const merged = mergeSourceConfig(config, { auth: rotated.auth });
    await writeState(
      tx,
      ctx,
      CHANGES,
      "rotate_secret",
      before,
      sealConfig(ctx, input.id, merged, beforeOf(before, config)),
    );
    return { id: input.id, secret: rotated.made, previous_is_valid: rotated.isPreviousKept };
  });
}
