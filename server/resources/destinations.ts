// A destination is one receiver, shared by every connection that points at it.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { SetBreaker } from "#server/contracts/breaker.ts";
import {
  type CreateDestination,
  DESTINATION_KINDS,
  type Destination,
  type DestinationSettings,
  type DestinationType,
  type DuplicateDestination,
  type ListDestinations,
  type UpdateDestination,
} from "#server/contracts/destination.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import type { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import { type SecretFields, withSecrets } from "#server/crypto/secrets.ts";
import { notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { refuseWhileNamed, refuseWrongWay } from "./dead-letter-way.ts";
import { deleteEnd, removeEnd } from "./delete-end.ts";
import {
  type DescribedDestination,
  readBreakers,
  releaseGroups,
  wakeLane,
  withBreaker,
} from "./destination-breaker.ts";
import { maskSettings, sealSettings } from "./destination-secrets.ts";
import {
  hasSameOrder,
  judgesOf,
  mergeDestinationSettings,
  newDestinationSettings,
  refuseOwnAddress,
} from "./destination-settings.ts";
import { flipDestination } from "./destination-switch.ts";
import { askAgain } from "./endpoint-moved.ts";
import { refuseUnconfirmed } from "./mail-addresses.ts";
import { isSet, namedWhere } from "./named-where.ts";
import { pageWindow, toPage } from "./paging.ts";
import { rotateAuth } from "./rotate-secret.ts";
import { type Changeable, lockState, writeState } from "./row-change.ts";
import { openSealed, requireSecrets } from "./secret-fields.ts";
import { type Flip, statedFlip } from "./switches.ts";
import { findByName, type Tx, transact, transactUpsert } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  name: true,
  description: true,
  type: true,
  config: true,
  secrets: true,
  disabled_at: true,
  created_at: true,
  updated_at: true,
} as const;

type DestinationRow = Prisma.DestinationGetPayload<{ select: typeof SELECT }>;
/** `shown` is the field of `config.auth` that was made just now: its owner sees it this once. */
interface SavedRow {
  row: DestinationRow;
  shown: string | undefined;
}

/** Opens the settings with their secrets in clear, and the reason when those do not open. */
export function openSettings(ctx: Ctx, row: DestinationRow) {
  const { secrets, unusable } = openSealed(ctx.app.keyring, "destination", row);
  // A row may be older than a setting.
  const { defaults } = DESTINATION_KINDS[row.type as DestinationType];
  const config = withSecrets({ ...defaults, ...(row.config as object) } as SecretFields, secrets);
  return { settings: { type: row.type, config } as DestinationSettings, unusable };
}

/** A destination as its owner set it. */
function describe(ctx: Ctx, row: DestinationRow, shown?: string): DescribedDestination {
  const { settings, unusable } = openSettings(ctx, row);
  return {
    id: row.id,
    team_id: row.team_id,
    name: row.name,
    description: row.description,
    ...maskSettings(settings, shown),
    unusable_because: unusable,
    disabled_at: row.disabled_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** A destination as it is. */
async function toDestination(ctx: Ctx, row: DestinationRow, shown?: string): Promise<Destination> {
  return withBreaker(await readBreakers(ctx, [row]), describe(ctx, row, shown));
}

async function findDestination(db: Pick<Tx, "destination">, ctx: Ctx, id: string): Promise<DestinationRow> {
  const row = await db.destination.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  if (!row) throw notFound("destination", id);
  return row;
}

/** A destination of the asking team with its secrets in clear, or why those do not open. It never leaves the server. */
export const openDestination = async (
  ctx: Ctx,
  id: string,
  db: Pick<Tx, "destination"> = ctx.app.db,
): Promise<ReturnType<typeof openSettings>> => openSettings(ctx, await findDestination(db, ctx, id));

/** The newest first; `name` is exact. */
export async function listDestinations(ctx: Ctx, input: ListDestinations): Promise<Page<Destination>> {
  const window = pageWindow("destination", input, ctx.app.now());
  const rows = await ctx.app.db.destination.findMany({
    where: {
      ...namedWhere(ctx, input, window),
      disabled_at: isSet(input.disabled),
    },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  const breakers = await readBreakers(ctx, rows);
  return toPage(
    rows.map((row) => withBreaker(breakers, describe(ctx, row))),
    window,
  );
}

export async function getDestination(ctx: Ctx, { id }: ById): Promise<Destination> {
  return toDestination(ctx, await findDestination(ctx.app.db, ctx, id));
}

async function insertWith(
  tx: Tx,
  ctx: Ctx,
  { name, description, disabled = false }: Pick<CreateDestination, "name" | "description" | "disabled">,
  settings: DestinationSettings,
): Promise<DestinationRow> {
  const now = ctx.app.now();
  const id = newId("destination", now.getTime());
  const row = await tx.destination.create({
    data: {
      id,
      team_id: ctx.teamId,
      name,
      description: description ?? null,
      type: settings.type,
      ...sealSettings(ctx, id, settings),
      disabled_at: disabled ? now : null,
      created_at: now,
      updated_at: now,
    },
    select: SELECT,
  });
  await recordAudit(tx, ctx, "create", "destination", id, { after: describe(ctx, row), at: now });
  return row;
}

export async function insertDestination(tx: Tx, ctx: Ctx, input: CreateDestination): Promise<SavedRow> {
  const { settings, madeField } = newDestinationSettings(input.type ?? "HTTP", input.config ?? {}, judgesOf(ctx));
  await refuseOwnAddress(tx, settings, input.config);
  await refuseUnconfirmed(tx, ctx, settings);
  await refuseWrongWay(tx, ctx, "", settings.config.dead_letter_destination_id);
  return { row: await insertWith(tx, ctx, input, settings), shown: madeField };
}

/** Makes the destination that stands for a listener, and returns its id. */
export async function insertListener(tx: Tx, ctx: Ctx, name: string): Promise<string> {
  const { settings } = newDestinationSettings("CLI", {}, judgesOf(ctx));
  return (await insertWith(tx, ctx, { name }, settings)).id;
}

/** A signing secret that was made because none was given is shown in this answer and masked ever after. */
export async function createDestination(ctx: Ctx, input: CreateDestination): Promise<Destination> {
  requireCan(ctx, "destination.write");
  const { row, shown } = await transact(ctx, (tx) => insertDestination(tx, ctx, input));
  return toDestination(ctx, row, shown);
}

/** Another one with the same settings and secrets, which nobody could read to send them again. It is enabled. */
export async function duplicateDestination(ctx: Ctx, { id, name }: DuplicateDestination): Promise<Destination> {
  requireCan(ctx, "destination.write");
  return transact(ctx, async (tx) => {
    const copied = await findDestination(tx, ctx, id);
    const { settings, unusable } = openSettings(ctx, copied);
    if (settings.type === "CLI")
      throw wrongField("id", "This is a listener: start another one with switchyard listen, under another name.");
    requireSecrets(unusable, undefined);
    return toDestination(ctx, await insertWith(tx, ctx, { name, description: copied.description }, settings));
  });
}

const CHANGES: Changeable<DestinationRow, Prisma.DestinationUpdateInput> = {
  table: "destination",
  find: findDestination,
  write: (tx, ctx, { id }, data) => tx.destination.update({ where: { id, team_id: ctx.teamId }, data, select: SELECT }),
  toAudited: describe,
};

/** Merges into the row as it is now. */
export async function changeDestination(tx: Tx, ctx: Ctx, input: UpdateDestination): Promise<SavedRow> {
  const before = await lockState(tx, ctx, CHANGES, input);
  const { settings: current, unusable } = openSettings(ctx, before);
  if (input.type !== undefined && input.type !== current.type) {
    const stays = `This destination is of type ${current.type} and stays it: make another one for ${input.type}.`;
    throw wrongField("type", stays);
  }
  if (input.config) requireSecrets(unusable, input.config.auth);
  const merged = input.config && mergeDestinationSettings(current, input.config, judgesOf(ctx));
  if (merged) {
    await refuseOwnAddress(tx, merged.settings, input.config);
    if (input.config?.to) await refuseUnconfirmed(tx, ctx, merged.settings);
    await refuseWrongWay(tx, ctx, input.id, input.config?.dead_letter_destination_id);
    if (input.config?.url !== undefined) await askAgain(tx, ctx, input.id, current, merged.settings);
  }
  const changed = await writeState(tx, ctx, CHANGES, "update", before, {
    name: input.name,
    description: input.description,
    ...(merged && sealSettings(ctx, input.id, merged.settings)),
  });
  const isSorted = !merged || hasSameOrder(current.config, merged.settings.config);
  // The lane sorts what waits, or lets go what it held for a breaker, also where nothing is due.
  if (input.config?.breaker || input.config?.maintenance_windows || !isSorted) await wakeLane(tx, input.id);
  if (input.config?.groups !== undefined) await releaseGroups(tx, input.id);
  const flip = statedFlip(input.disabled, before.disabled_at);
  if (flip !== null) await flipDestination(tx, ctx, { id: input.id }, flip);
  const row = flip === null ? changed : await findDestination(tx, ctx, input.id);
  return { row, shown: merged?.madeField };
}

export async function updateDestination(ctx: Ctx, input: UpdateDestination): Promise<Destination> {
  requireCan(ctx, "destination.write");
  const { row, shown } = await transact(ctx, (tx) => changeDestination(tx, ctx, input));
  return toDestination(ctx, row, shown);
}

/** Opens or closes the breaker by hand, or leaves it to itself again. The lane knows within a second. */
export const setDestinationBreaker = (ctx: Ctx, { mode, ...input }: SetBreaker): Promise<Destination> =>
  updateDestination(ctx, { ...input, config: { breaker: { mode } } });

/** Changes the destination of this name as a PATCH would, or makes it. */
export async function saveDestination(tx: Tx, ctx: Ctx, input: CreateDestination): Promise<SavedRow> {
  const id = await findByName(tx, ctx, "destination", input.name);
  return id === undefined ? insertDestination(tx, ctx, input) : changeDestination(tx, ctx, { ...input, id });
}

export async function upsertDestination(ctx: Ctx, input: CreateDestination): Promise<Destination> {
  requireCan(ctx, "destination.write");
  const { row, shown } = await transactUpsert(ctx, (tx) => saveDestination(tx, ctx, input));
  return toDestination(ctx, row, shown);
}

/** @throws where a connection uses it, or the dead letters of another come to it */
export async function removeDestination(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const row = await findDestination(tx, ctx, id);
  await refuseWhileNamed(tx, ctx, id);
  await removeEnd(tx, ctx, "destination", id, describe(ctx, row));
}

/** Only a destination without connections goes. */
export async function deleteDestination(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "resources.delete");
  return deleteEnd(ctx, "destination", id, (tx) => removeDestination(tx, ctx, id));
}

async function flip(ctx: Ctx, input: SwitchOne, action: Flip): Promise<Destination> {
  requireCan(ctx, "destination.write");
  return transact(ctx, async (tx) => {
    await flipDestination(tx, ctx, input, action);
    return toDestination(ctx, await findDestination(tx, ctx, input.id));
  });
}

/** Idempotent. Stops every branch to it within a second. */
export const disableDestination = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "disable");
/** Idempotent. What was held drains in order. */
export const enableDestination = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "enable");

/** A signing secret stays valid as the previous one; a credential that the receiver made is simply replaced. */
export async function rotateDestinationSecret(ctx: Ctx, input: RotateSecret): Promise<RotatedSecret> {
  requireCan(ctx, "secrets.rotate");
  return transact(ctx, async (tx) => {
    const before = await lockState(tx, ctx, CHANGES, input);
    const { settings: current } = openSettings(ctx, before);
    const { type, config } = current;
    if (type === "S3") throw wrongField("type", "A store makes its own keys: PATCH config.auth with the new pair.");
    if (!("auth" in config)) throw wrongField("type", `A destination of type ${type} has no secret to rotate.`);
    const rotated = rotateAuth({ kind: "destination", ...config }, input.secret);
    const { settings } = mergeDestinationSettings(current, { auth: rotated.auth }, judgesOf(ctx));
    await writeState(tx, ctx, CHANGES, "rotate_secret", before, sealSettings(ctx, input.id, settings));
    return { id: input.id, secret: rotated.made, previous_is_valid: rotated.isPreviousKept };
  });
}
