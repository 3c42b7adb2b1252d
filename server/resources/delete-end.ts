import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { Deleted } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { isForeignKeyViolation, type Tx, transact } from "./transact.ts";

type End = "source" | "destination";

/** `2 connections use`, and the pronoun for them. */
export const connectionsUse = (count: number) =>
  count === 1 ? { use: "1 connection uses", them: "it" } : { use: `${count} connections use`, them: "them" };

async function inUse(ctx: Ctx, end: End, id: string): Promise<AppError> {
  const where = end === "source" ? { source_id: id } : { destination_id: id };
  const count = await ctx.app.db.connection.count({ where: { ...where, team_id: ctx.teamId } });
  const { use, them } = connectionsUse(count);
  return new AppError(
    "CONFLICT",
    `${use} this ${end}: delete ${them} or point ${them} elsewhere first (GET /connections?${end}_id=${id}).`,
  );
}

/** Deletes an end, which `before` shows for the audit log. The foreign key refuses one that a connection uses. */
export async function removeEnd(tx: Tx, ctx: Ctx, end: End, id: string, before: object): Promise<void> {
  const where = { team_id: ctx.teamId, id };
  const { count } =
    end === "source" ? await tx.source.deleteMany({ where }) : await tx.destination.deleteMany({ where });
  if (count === 0) throw notFound(end, id);
  await recordAudit(tx, ctx, "delete", end, id, { before });
}

/** Deletes an end of connections by `remove`; a CONFLICT with the count while any uses it. The foreign key decides, so no race can. */
export async function deleteEnd(ctx: Ctx, end: End, id: string, remove: (tx: Tx) => Promise<void>): Promise<Deleted> {
  try {
    await transact(ctx, remove);
    return { id };
  } catch (error) {
    throw isForeignKeyViolation(error) ? await inUse(ctx, end, id) : error;
  }
}
