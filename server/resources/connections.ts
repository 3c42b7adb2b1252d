// A connection joins exactly one source to exactly one destination, with rules that are saved in the order they run.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type {
  Connection,
  CreateConnection,
  ListConnections,
  PauseConnection,
  SavedConnection,
  UpdateConnection,
} from "#server/contracts/connection.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { notFound } from "#server/errors/app-error.ts";
import { below, wrongField } from "#server/errors/field-issues.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import { holdReferences } from "./connection-references.ts";
import { readRules, toRules, writeRules } from "./connection-rules.sql.ts";
import { connectionWarnings } from "./connection-warnings.ts";
import { insertDestination, saveDestination } from "./destinations.ts";
import { refuseMailFrom } from "./mail-way.ts";
import { isSet, namedWhere } from "./named-where.ts";
import { pageWindow, toPage } from "./paging.ts";
import { type Changeable, lockState, writeState } from "./row-change.ts";
import { scheduleRelease } from "./schedule-release.ts";
import { insertSource, saveSource } from "./sources.ts";
import { type Flip, flipSwitch, pauseUntil, statedFlip } from "./switches.ts";
import { findByName, type Tx, transact, transactUpsert } from "./transact.ts";

const SELECT = {
  id: true,
  team_id: true,
  name: true,
  description: true,
  source_id: true,
  destination_id: true,
  paused_at: true,
  paused_until: true,
  disabled_at: true,
  created_at: true,
  updated_at: true,
} as const;

type ConnectionRow = Prisma.ConnectionGetPayload<{ select: typeof SELECT }>;
type StoredConnection = ConnectionRow & { rules: string };
const COLUMNS = Prisma.raw(Object.keys(SELECT).join(", "));

const toConnection = (row: ConnectionRow, rules: Rules): Connection => ({
  ...row,
  rules,
  paused_at: row.paused_at?.toISOString() ?? null,
  paused_until: row.paused_until?.toISOString() ?? null,
  disabled_at: row.disabled_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

async function withRules(db: Tx | Ctx["app"]["db"], ctx: Ctx, rows: ConnectionRow[]): Promise<Connection[]> {
  const ids = rows.map(({ id }) => id);
  const rules = await readRules(db, ctx, ids);
  return rows.map((row) => toConnection(row, rules.get(row.id) ?? []));
}

async function findConnection(db: Tx | Ctx["app"]["db"], ctx: Ctx, id: string): Promise<Connection> {
  const [row] = await db.$queryRaw<StoredConnection[]>`
    select ${COLUMNS}, rules::text as rules from connection where team_id = ${ctx.teamId} and id = ${id}`;
  if (!row) throw notFound("connection", id);
  const { rules, ...rest } = row;
  return toConnection(rest, toRules(rules));
}

/** Connections whose transform rule names one of these. */
const transformedBy = (ids: string[] | undefined) => {
  const naming = (id: string) => ({ rules: { array_contains: [{ type: "transform", transformation_id: id }] } });
  return ids === undefined ? {} : { AND: [{ OR: ids.map(naming) }] };
};

/** The newest first; by either end, transformation, name, paused or disabled. */
export async function listConnections(ctx: Ctx, input: ListConnections): Promise<Page<Connection>> {
  const window = pageWindow("connection", input, ctx.app.now());
  const rows = await ctx.app.db.connection.findMany({
    where: {
      ...namedWhere(ctx, input, window),
      source_id: { in: input.source_id },
      destination_id: { in: input.destination_id },
      ...transformedBy(input.transformation_id),
      disabled_at: isSet(input.disabled),
      paused_at: isSet(input.paused),
    },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  return toPage(await withRules(ctx.app.db, ctx, rows), window);
}

export const getConnection = (ctx: Ctx, { id }: ById): Promise<Connection> => findConnection(ctx.app.db, ctx, id);

type Ends = Pick<CreateConnection, "source" | "source_id" | "destination" | "destination_id">;
const INLINE_NAMES = { Source: "source.name", Destination: "destination.name" };

/** Saves inline ends, which takes the rights to them, and returns the ids of both; undefined for an end of which nothing was sent. */
async function saveEnds(tx: Tx, ctx: Ctx, ends: Ends, mode: "create" | "upsert") {
  const { source, destination } = ends;
  if (source) requireCan(ctx, "source.write");
  if (destination) requireCan(ctx, "destination.write");
  const [putSource, putDestination] =
    mode === "create" ? [insertSource, insertDestination] : [saveSource, saveDestination];
  const sourceId = source ? (await below("source", () => putSource(tx, ctx, source))).id : ends.source_id;
  const destinationId = destination
    ? (await below("destination", () => putDestination(tx, ctx, destination))).row.id
    : ends.destination_id;
  return { source_id: sourceId, destination_id: destinationId };
}

function requireEnd(ids: { source_id: string | undefined; destination_id: string | undefined }) {
  const { source_id, destination_id } = ids;
  if (source_id === undefined) throw wrongField("source_id", "Give source_id or an inline source.");
  if (destination_id === undefined) throw wrongField("destination_id", "Give destination_id or an inline destination.");
  return { source_id, destination_id };
}

export async function insertConnection(
  tx: Tx,
  ctx: Ctx,
  input: CreateConnection,
  mode: "create" | "upsert",
): Promise<Connection> {
  await holdReferences(tx, ctx, input);
  const ends = requireEnd(await saveEnds(tx, ctx, input, mode));
  await refuseMailFrom(tx, ctx, ends);
  if (input.paused !== undefined) requireCan(ctx, "connection.pause");
  const now = ctx.app.now();
  const row = await tx.connection.create({
    data: {
      id: newId("connection", now.getTime()),
      team_id: ctx.teamId,
      name: input.name,
      description: input.description ?? null,
      ...ends,
      paused_at: input.paused ? now : null,
      disabled_at: input.disabled ? now : null,
      created_at: now,
      updated_at: now,
    },
    select: SELECT,
  });
  const rules = input.rules ?? [];
  await writeRules(tx, ctx, row.id, rules);
  const connection = toConnection(row, rules);
  await recordAudit(tx, ctx, "create", "connection", row.id, { after: connection, at: now });
  return connection;
}

async function withWarnings(ctx: Ctx, connection: Connection): Promise<SavedConnection> {
  return { ...connection, warnings: await connectionWarnings(ctx, connection) };
}

/** Inline ends are made in the same transaction: either everything is saved or nothing is. */
export async function createConnection(ctx: Ctx, input: CreateConnection): Promise<SavedConnection> {
  requireCan(ctx, "connection.write");
  const insert = (tx: Tx) => insertConnection(tx, ctx, input, "create");
  return withWarnings(ctx, await transact(ctx, insert, INLINE_NAMES));
}

/** A change of rules alone is one statement, and is told to those who follow the configuration once. */
const isAsBefore = (before: Connection, { updated_at, ...data }: Prisma.ConnectionUncheckedUpdateInput): boolean =>
  Object.entries(data).every(([key, value]) => value === undefined || value === before[key as keyof Connection]);

const CHANGES: Changeable<Connection, Prisma.ConnectionUncheckedUpdateInput & { rules?: Rules | undefined }> = {
  table: "connection",
  find: findConnection,
  async write(tx, ctx, before, { rules, ...data }) {
    const { id, rules: rulesBefore } = before;
    if (rules !== undefined && isAsBefore(before, data)) {
      const { updated_at } = data;
      await writeRules(tx, ctx, id, rules, updated_at);
      return { ...before, rules, updated_at: updated_at.toISOString() };
    }
    const row = await tx.connection.update({ where: { id, team_id: ctx.teamId }, data, select: SELECT });
    if (rules !== undefined) await writeRules(tx, ctx, id, rules);
    return toConnection(row, rules ?? rulesBefore);
  },
  toAudited: (_ctx, connection) => connection,
};

/** Changes a connection within a transaction, and records it. The right to do so is the caller's to ask for. */
export async function changeConnection(tx: Tx, ctx: Ctx, id: string, input: Omit<UpdateConnection, "id"> & Ends) {
  await holdReferences(tx, ctx, input);
  const ends = await saveEnds(tx, ctx, input, "upsert");
  const before = await lockState(tx, ctx, CHANGES, { id, if_updated_at: input.if_updated_at });
  const { source_id = before.source_id, destination_id = before.destination_id } = ends;
  if (source_id !== before.source_id || destination_id !== before.destination_id)
    await refuseMailFrom(tx, ctx, { source_id, destination_id });
  const { name, description, rules } = input;
  const changed = await writeState(tx, ctx, CHANGES, "update", before, { ...ends, name, description, rules });
  return (await setSwitches(tx, ctx, before, input)) ? findConnection(tx, ctx, id) : changed;
}

/** Sets the switches that a save states. False when all stood so already; a pause keeps the end that it has. */
async function setSwitches(
  tx: Tx,
  ctx: Ctx,
  { id, paused_at, disabled_at }: Connection,
  { paused, disabled }: Pick<UpdateConnection, "paused" | "disabled">,
): Promise<boolean> {
  if (paused !== undefined) requireCan(ctx, "connection.pause");
  const flips = [statedFlip(disabled, disabled_at), paused === false && paused_at !== null ? "unpause" : null] as const;
  for (const flip of flips) if (flip !== null) await flipConnection(tx, ctx, { id }, flip);
  const isPaused = paused === true && paused_at === null;
  if (isPaused) await pauseUntil(tx, ctx, { id });
  return isPaused || flips.some((flip) => flip !== null);
}

/** Events that exist keep the destination they were made for. */
export async function updateConnection(ctx: Ctx, { id, ...input }: UpdateConnection): Promise<SavedConnection> {
  requireCan(ctx, "connection.write");
  return withWarnings(ctx, await transact(ctx, (tx) => changeConnection(tx, ctx, id, input)));
}

/** Changes the connection of this name, or makes it. */
export async function saveConnection(tx: Tx, ctx: Ctx, input: CreateConnection): Promise<Connection> {
  const id = await findByName(tx, ctx, "connection", input.name);
  return id === undefined ? insertConnection(tx, ctx, input, "upsert") : changeConnection(tx, ctx, id, input);
}

/** Changes the connection of this name, and its inline ends by theirs, or makes what is missing. */
export async function upsertConnection(ctx: Ctx, input: CreateConnection): Promise<SavedConnection> {
  requireCan(ctx, "connection.write");
  const save = (tx: Tx) => saveConnection(tx, ctx, input);
  return withWarnings(ctx, await transactUpsert(ctx, save, INLINE_NAMES));
}

export async function removeConnection(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const connection = await findConnection(tx, ctx, id);
  const { count } = await tx.connection.deleteMany({ where: { team_id: ctx.teamId, id } });
  if (count === 0) throw notFound("connection", id);
  await recordAudit(tx, ctx, "delete", "connection", id, { before: connection });
  // The lane of the destination ends the events that are due: it may have them on the wire.
  await scheduleRelease(tx, [id]);
  const job = addJobStatement("cancel-waiting", { connectionId: id, destinationId: connection.destination_id });
  await tx.$executeRawUnsafe(job.text, ...job.values);
}

/** Deletes a connection. Its events can still be read; those that are pending are cancelled. */
export async function deleteConnection(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "resources.delete");
  return transact(ctx, async (tx) => {
    await removeConnection(tx, ctx, id);
    return { id };
  });
}

export async function flipConnection(tx: Tx, ctx: Ctx, input: SwitchOne, action: Flip): Promise<void> {
  const isFlipped = await flipSwitch(tx, ctx, "connection", input, action);
  if (isFlipped && (action === "unpause" || action === "enable")) await scheduleRelease(tx, [input.id]);
}

async function flip(ctx: Ctx, input: SwitchOne, action: Flip): Promise<Connection> {
  requireCan(ctx, action === "unpause" ? "connection.pause" : "connection.write");
  return transact(ctx, async (tx) => {
    await flipConnection(tx, ctx, input, action);
    return findConnection(tx, ctx, input.id);
  });
}

/**
 * Idempotent. Events are held within a second; sends on the wire finish. With `until` it resumes by itself. The last pause
 * counts: one without `until` has no end, whatever was said before.
 */
export async function pauseConnection(ctx: Ctx, input: PauseConnection): Promise<Connection> {
  requireCan(ctx, "connection.pause");
  return transact(ctx, async (tx) => {
    await pauseUntil(tx, ctx, input);
    return findConnection(tx, ctx, input.id);
  });
}
/** Idempotent. Held events drain in order. */
export const unpauseConnection = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "unpause");
/** Idempotent. No new events; those that exist are still delivered. */
export const disableConnection = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "disable");
/** Idempotent. */
export const enableConnection = (ctx: Ctx, input: SwitchOne) => flip(ctx, input, "enable");
