import type { Ctx } from "#server/auth/ctx.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

export type Tx = Prisma.TransactionClient;

const KINDS = {
  Source: "source",
  Destination: "destination",
  Connection: "connection",
  Transformation: "transformation",
  SavedView: "view",
};
type NamedModel = keyof typeof KINDS;
const isNamedModel = (model: unknown): model is NamedModel => typeof model === "string" && Object.hasOwn(KINDS, model);

const isUniqueViolation = (error: unknown): error is Prisma.PrismaClientKnownRequestError =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";

export const isForeignKeyViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";

const ofTeam = (kind: string) =>
  `Another ${kind} of this team has this name: choose another one, or PUT /${kind}s to change the one that exists.`;
/** Where it is another sentence. */
const TAKEN: Partial<Record<NamedModel, string>> = {
  SavedView: "Another view of this list has this name: choose another one, or change that view.",
};

/** All unique keys but those made of random ids are names, so the model alone says which name is taken. */
function nameIsTaken(error: Prisma.PrismaClientKnownRequestError, paths: Partial<Record<NamedModel, string>>): unknown {
  const model = error.meta?.modelName;
  if (!isNamedModel(model)) return error;
  const path = paths[model] ?? "name";
  const message = TAKEN[model] ?? ofTeam(KINDS[model]);
  return new AppError("CONFLICT", `${path}: ${message}`, [{ path, message }]);
}

/**
 * Runs one verb's writes in one transaction, so that nothing is half saved.
 * @param paths where the name of each kind stands in the input, when it is not `name`. A name that is taken is a CONFLICT about it.
 * @param timeoutMs how long it may take, where it changes many rows
 */
export async function transact<T>(
  ctx: Ctx,
  work: (tx: Tx) => Promise<T>,
  paths: Partial<Record<NamedModel, string>> = {},
  timeoutMs = 5_000,
): Promise<T> {
  return ctx.app.db.$transaction(work, { timeout: timeoutMs }).catch((error: unknown) => {
    throw isUniqueViolation(error) ? nameIsTaken(error, paths) : error;
  });
}

/**
 * {@link transact} for an upsert, which it runs again after a CONFLICT: of two callers that make the same name at once, the
 * second then finds the row of the first.
 */
export async function transactUpsert<T>(
  ctx: Ctx,
  upsert: (tx: Tx) => Promise<T>,
  paths?: Partial<Record<NamedModel, string>>,
): Promise<T> {
  try {
    return await transact(ctx, upsert, paths);
  } catch (error) {
    if (error instanceof AppError && error.code === "CONFLICT") return transact(ctx, upsert, paths);
    throw error;
  }
}

export type Table = "source" | "destination" | "connection" | "transformation" | "saved_view";

/**
 * Locks a row until the end of the transaction, so nobody changes it before the merge is written, and returns its
 * `updated_at`. 404 when the row is not the team's.
 */
export async function lockRow(tx: Tx, ctx: Ctx, table: Table, id: string): Promise<Date> {
  const rows = await tx.$queryRawUnsafe<{ updated_at: Date }[]>(
    `select updated_at from ${table} where team_id = $1 and id = $2 for update`,
    ctx.teamId,
    id,
  );
  const [row] = rows;
  if (!row) throw notFound(table, id);
  return row.updated_at;
}

/** The id of the team's row with this name; undefined when there is none. */
export async function findByName(tx: Tx, ctx: Ctx, table: Table, name: string): Promise<string | undefined> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `select id from ${table} where team_id = $1 and name = $2`,
    ctx.teamId,
    name,
  );
  return rows[0]?.id;
}

/** Keeps a row from being deleted until the end of the transaction. False when it is not the team's. */
export async function holdRow(tx: Tx, ctx: Ctx, table: Table, id: string): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `select id from ${table} where team_id = $1 and id = $2 for key share`,
    ctx.teamId,
    id,
  );
  return rows.length > 0;
}

/** A value that a contract has checked, for a JSON column. Prisma's own type knows no interfaces. */
export const asJson = (value: object): Prisma.InputJsonValue => value as Prisma.InputJsonValue;
