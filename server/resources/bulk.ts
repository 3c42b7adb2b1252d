// Bulk operations on events or requests. They are planned first; then the worker runs them in pages. They can be watched,
// slowed and cancelled.
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
import { holdBulkTurn } from "#server/auth/bulk-turn.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import {
  BulkFilter,
  type BulkKind,
  type BulkOperation,
  type BulkOperationDetail,
  type BulkPlan,
  type CancelEvents,
  type ChangeBulkOperation,
  type ListBulkOperations,
  type ReplayEvents,
  type RetryEvents,
  type RetryRequests,
} from "#server/contracts/bulk.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { namesOf } from "./audit-names.ts";
import { eventsFilter, replayFilter, retryRequestsFilter } from "./bulk-filter.ts";
import { countAhead, plan, type Rate } from "./bulk-plan.ts";
import { pageWindow, toPage } from "./paging.ts";
import { asJson, type Tx, transact } from "./transact.ts";

/** For what sends nothing. */
const NO_RATE: Rate = { rate_limit_period: "minute" };

/** Each is a line in the list of the worker; what waits longer than a team can watch is better one operation. */
const MAX_RUNNING = 20;

/** Plans a replay: what it would do. */
export async function planReplay(ctx: Ctx, input: ReplayEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "events_replay", await replayFilter(ctx, input), input);
}

export async function planEventsRetry(ctx: Ctx, input: RetryEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "events_retry", await eventsFilter(ctx, input), input);
}

/** Plans a bulk cancellation: the events that it would end. */
export async function planEventsCancel(ctx: Ctx, input: CancelEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.cancel");
  return plan(ctx, "events_cancel", await eventsFilter(ctx, input), NO_RATE);
}

export async function planRequestsRetry(ctx: Ctx, input: RetryRequests): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "requests_retry", await retryRequestsFilter(ctx, input), input);
}

async function start(ctx: Ctx, action: AuditAction, kind: BulkKind, filter: BulkFilter, rate: Rate) {
  const total = await countAhead(ctx, { teamId: ctx.teamId, kind, filter });
  const now = ctx.app.now();
  const row = await transact(ctx, async (tx) => {
    await holdBulkTurn(tx, ctx.teamId);
    await requireAsPlanned(tx, ctx);
    const running = await tx.bulkOperation.count({ where: { team_id: ctx.teamId, state: "RUNNING" } });
    if (running >= MAX_RUNNING) {
      const message = `${MAX_RUNNING} bulk operations of this team run already: wait for one, or cancel one.`;
      throw new AppError("TOO_MANY_REQUESTS", message);
    }
    const made = await tx.bulkOperation.create({
      data: {
        team_id: ctx.teamId,
        id: newId("bulk_operation", now.getTime()),
        kind,
        state: "RUNNING",
        filter: asJson(filter),
        rate_limit: rate.rate_limit ?? null,
        rate_limit_period: rate.rate_limit === undefined ? null : rate.rate_limit_period,
        total_count: total,
        actor_kind: ctx.actor.kind,
        actor_id: ctx.actor.id,
        created_at: now,
        next_page_at: now,
      },
    });
    await recordAudit(tx, ctx, action, "bulk_operation", made.id, { after: toOperation(made) });
    return made;
  });
  return toOperation(row);
}

async function requireAsPlanned(tx: Tx, { teamId, plannedAfter }: Ctx): Promise<void> {
  if (plannedAfter === undefined) return;
  const newest = await tx.bulkOperation.findFirst({
    where: { team_id: teamId },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  if ((newest?.id ?? null) !== plannedAfter)
    throw new AppError("CONFLICT", "Another bulk operation has started since this was planned: plan it again.");
}

/** Sends events of a source, a connection or a destination again; with a connection alone, also what came before it was made. */
export async function replayEvents(ctx: Ctx, input: ReplayEvents): Promise<BulkOperation> {
  requireCan(ctx, "events.retry");
  return start(ctx, "replay", "events_replay", await replayFilter(ctx, input), input);
}

/** Sends the events that a list shows again. */
export async function retryEvents(ctx: Ctx, input: RetryEvents): Promise<BulkOperation> {
  requireCan(ctx, "events.retry");
  return start(ctx, "retry", "events_retry", await eventsFilter(ctx, input), input);
}

/** Ends the events that a list shows, where they are not finished. */
export async function cancelEvents(ctx: Ctx, input: CancelEvents): Promise<BulkOperation> {
  requireCan(ctx, "events.cancel");
  return start(ctx, "cancel", "events_cancel", await eventsFilter(ctx, input), NO_RATE);
}

/** Routes the requests that a list shows again, deduplication aside. */
export async function retryRequests(ctx: Ctx, input: RetryRequests): Promise<BulkOperation> {
  requireCan(ctx, "events.retry");
  return start(ctx, "retry", "requests_retry", await retryRequestsFilter(ctx, input), input);
}

type Row = Prisma.BulkOperationGetPayload<object>;

/** Operations with the names of those who started them. */
async function withNames(ctx: Ctx, rows: Row[]): Promise<BulkOperation[]> {
  const names = await namesOf(
    ctx.app.db,
    ctx.teamId,
    rows.map((row) => [row.actor_kind, row.actor_id] as const),
  );
  return rows.map((row) => toOperation(row, names.get(row.actor_id)));
}

const toOperation = (row: Row, starter: string | null = null): BulkOperation => ({
  id: row.id,
  team_id: row.team_id,
  kind: row.kind as BulkKind,
  state: row.state as BulkOperation["state"],
  filter: BulkFilter.parse(row.filter),
  rate_limit: row.rate_limit,
  rate_limit_period: row.rate_limit_period as BulkOperation["rate_limit_period"],
  total_count: row.total_count,
  looked_at_count: row.looked_at_count,
  queued_count: row.queued_count,
  held_count: row.held_count,
  routed_count: row.routed_count,
  cancelled_count: row.cancelled_count,
  skipped: row.skipped as BulkOperation["skipped"],
  error: row.error,
  started_by: { kind: row.actor_kind, id: row.actor_id, name: starter },
  created_at: row.created_at.toISOString(),
  finished_at: row.finished_at?.toISOString() ?? null,
});

/** The newest first. */
export async function listBulkOperations(ctx: Ctx, input: ListBulkOperations): Promise<Page<BulkOperation>> {
  const window = pageWindow("bulk_operation", input, ctx.app.now());
  const rows = await ctx.app.db.bulkOperation.findMany({
    where: {
      ...window.where,
      team_id: ctx.teamId,
      ...(input.kind && { kind: { in: input.kind } }),
      ...(input.state && { state: { in: input.state } }),
    },
    orderBy: window.orderBy,
    take: window.take,
  });
  return toPage(await withNames(ctx, rows), window);
}

async function findOperation(ctx: Ctx, id: string): Promise<Row> {
  const row = await ctx.app.db.bulkOperation.findFirst({ where: { team_id: ctx.teamId, id } });
  if (!row) throw notFound("bulk operation", id);
  return row;
}

/** With the states of the events that it queued. */
export async function getBulkOperation(ctx: Ctx, { id }: ById): Promise<BulkOperationDetail> {
  const row = await findOperation(ctx, id);
  const counted = await ctx.app.searches.run<{ status: EventStatus; count: number }>(ctx, {
    text: "select status, count(*)::int as count from event where team_id = $1 and bulk_id = $2 group by status",
    values: [ctx.teamId, id],
  });
  const [operation = toOperation(row)] = await withNames(ctx, [row]);
  return {
    ...operation,
    outcomes: Object.fromEntries(counted.map(({ status, count }) => [status, count])),
  };
}

/** Whether the operation may still be changed, by its state. */
function requireRunning({ id, state, finished_at }: Row): void {
  if (state === "RUNNING") return;
  const since = finished_at ? ` since ${finished_at.toISOString()}` : "";
  throw new AppError("CONFLICT", `The bulk operation ${id} is ${state}${since}, so there is nothing left to change.`);
}

/** Queues nothing more; what it has queued is delivered. Idempotent; CONFLICT where the operation is over. */
export async function cancelBulkOperation(ctx: Ctx, { id }: ById): Promise<BulkOperation> {
  requireCan(ctx, "events.retry");
  const cancelled = await transact(ctx, async (tx) => {
    const { count } = await tx.bulkOperation.updateMany({
      where: { team_id: ctx.teamId, id, state: "RUNNING" },
      data: { state: "CANCELLED", finished_at: ctx.app.now() },
    });
    if (count > 0) await recordAudit(tx, ctx, "cancel", "bulk_operation", id, { after: { state: "CANCELLED" } });
    return count > 0;
  });
  const row = await findOperation(ctx, id);
  if (!cancelled && row.state !== "CANCELLED") requireRunning(row);
  return toOperation(row);
}

/** Changes the cap of a running operation; null lifts it. */
export async function changeBulkOperation(ctx: Ctx, input: ChangeBulkOperation): Promise<BulkOperation> {
  requireCan(ctx, "events.retry");
  const { id, rate_limit, rate_limit_period } = input;
  if (rate_limit === undefined) return toOperation(await findOperation(ctx, id));
  const changed = await transact(ctx, async (tx) => {
    const now = ctx.app.now();
    const { count } = await tx.bulkOperation.updateMany({
      where: { team_id: ctx.teamId, id, state: "RUNNING" },
      data: { rate_limit, rate_limit_period: rate_limit === null ? null : rate_limit_period, next_page_at: now },
    });
    if (count > 0)
      await recordAudit(tx, ctx, "update", "bulk_operation", id, { after: { rate_limit, rate_limit_period } });
    return count > 0;
  });
  const row = await findOperation(ctx, id);
  if (!changed) requireRunning(row);
  return toOperation(row);
}
