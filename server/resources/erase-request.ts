// The erasure of a request's payload: asked for by a person, audited, never undone.
// docs/decisions/062-masked-and-erased.md
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { ErasedRequest, EraseRequest, ErasurePlan } from "#server/contracts/erasure.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { type Branches, branchesStatement, deliveredStatement, eraseStatement } from "#server/events/erase.sql.ts";
import { cancelStatement } from "#server/events/moves.sql.ts";
import { addJobStatement } from "#server/jobs.ts";
import { type Tx, transact } from "./transact.ts";

/** A send lasts a minute at most, and its result is stored a little later. */
const ON_THE_WIRE_MS = 3 * 60_000;

type Asking = Pick<Tx, "$queryRaw" | "$queryRawUnsafe">;

async function readPlan(db: Asking, ctx: Ctx, id: string) {
  const [request] = await db.$queryRaw<{ erased_at: Date | null }[]>`
    select erased_at from request where team_id = ${ctx.teamId} and id = ${id}`;
  if (!request) throw notFound("request", id);
  const key = { teamId: ctx.teamId, requestId: id };
  const [branches, delivered] = [branchesStatement(key), deliveredStatement(key)];
  const [found] = await db.$queryRawUnsafe<Branches[]>(branches.text, ...branches.values);
  if (!found) throw new Error("A count is one row.");
  const { unfinished_ids, is_being_routed, ...counts } = found;
  const copies = await db.$queryRawUnsafe<ErasurePlan["delivered"]>(delivered.text, ...delivered.values);
  const erasedAt = request.erased_at?.toISOString() ?? null;
  const plan = { ...counts, unfinished_events: unfinished_ids.length, delivered: copies, erased_at: erasedAt };
  return { plan: plan satisfies ErasurePlan, unfinished_ids, is_being_routed };
}

/** Counts what an erasure would reach, and says what it would not. */
export const planErasure = async (ctx: Ctx, { id }: ById): Promise<ErasurePlan> =>
  (await readPlan(ctx.app.db, ctx, id)).plan;

/**
 * Erases what a request brought, from its own row, its events, attempts, dead letters and ignored events.
 * @throws AppError CONFLICT while it is being routed, and while events of it are not finished and may not be cancelled
 */
export async function eraseRequest(
  ctx: Ctx,
  { id, reason, cancel_unfinished = false }: EraseRequest,
): Promise<ErasedRequest> {
  requireCan(ctx, "payload.erase");
  if (cancel_unfinished) requireCan(ctx, "events.cancel");
  const now = ctx.app.now();
  const key = { teamId: ctx.teamId, requestId: id };
  return transact(ctx, async (tx) => {
    const { plan, unfinished_ids, is_being_routed } = await readPlan(tx, ctx, id);
    if (is_being_routed)
      throw new AppError("CONFLICT", `The request ${id} is being routed: erase it when it has been, in a moment.`);
    if (unfinished_ids.length > 0 && !cancel_unfinished) throw stillOwed(unfinished_ids);
    const cancel = cancelStatement(ctx.teamId, unfinished_ids);
    const cancelled = await tx.$queryRawUnsafe<object[]>(cancel.text, ...cancel.values);
    const erase = eraseStatement(key, now);
    const [row] = await tx.$queryRawUnsafe<{ erased_at: Date }[]>(erase.text, ...erase.values);
    if (!row) throw notFound("request", id);
    const { unfinished_events: _, ...counts } = plan;
    const done = {
      ...counts,
      request_id: id,
      cancelled_events: cancelled.length,
      erased_at: row.erased_at.toISOString(),
    };
    const after = { reason, events: done.events, attempts: done.attempts, cancelled_events: done.cancelled_events };
    await recordAudit(tx, ctx, "erase", "request", id, { after });
    const again = addJobStatement("erase-again", key, new Date(now.getTime() + ON_THE_WIRE_MS));
    await tx.$executeRawUnsafe(again.text, ...again.values);
    return done;
  });
}

const MAX_NAMED = 5;

function stillOwed(ids: readonly string[]): AppError {
  const named =
    ids.slice(0, MAX_NAMED).join(", ") + (ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : "");
  const message = `Not finished yet: ${named}. Wait for their end, cancel them, or set cancel_unfinished.`;
  return new AppError("CONFLICT", message, [{ path: "cancel_unfinished", message }]);
}

/** @throws AppError CONFLICT where there is no payload any more */
export function requirePayload({ id, erased_at }: { id: string; erased_at: Date | null }): void {
  if (!erased_at) return;
  throw new AppError("CONFLICT", `The payload of the request ${id} was erased at ${erased_at.toISOString()}.`);
}
