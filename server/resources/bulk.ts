// Operations on many events or requests: planned first, then run by the worker in pages, to be watched, slowed and cancelled.
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
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
  type SkipReason,
} from "#server/contracts/bulk.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { ById, Page } from "#server/contracts/page.ts";
import { RATE_PERIOD_MS, type RatePeriod } from "#server/contracts/rate-period.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { countStatement, type Operation, sampleStatement } from "#server/replay/targets.sql.ts";
import { eventsFilter, replayFilter, retryRequestsFilter } from "./bulk-filter.ts";
import { pageWindow, toPage } from "./paging.ts";
import { asJson, transact } from "./transact.ts";

type Rate = Pick<ReplayEvents, "rate_limit" | "rate_limit_period">;
/** For what sends nothing. */
const NO_RATE: Rate = { rate_limit_period: "minute" };

const SAMPLE = 10;
const SHOWN_DESTINATIONS = 20;
/** Each is a line in the list of the worker; what waits longer than a team can watch is better one operation. */
const MAX_RUNNING = 20;

interface Counted {
  status: string;
  destination_ids: string[];
  skip: SkipReason | null;
  count: number;
}

const countTargets = (ctx: Ctx, operation: Operation) => ctx.app.searches.run<Counted>(ctx, countStatement(operation));

const sumOf = (rows: Counted[]) => rows.reduce((sum, { count }) => sum + count, 0);

function sumBy(rows: Counted[], keysOf: (row: Counted) => string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) for (const key of keysOf(row)) sums[key] = (sums[key] ?? 0) + row.count;
  return sums;
}

const bySkip = (rows: Counted[]) => sumBy(rows, ({ skip }) => (skip === null ? [] : [skip]));

async function plan(ctx: Ctx, kind: BulkKind, filter: BulkFilter, rate: Rate): Promise<BulkPlan> {
  const operation = { teamId: ctx.teamId, kind, filter };
  const rows = await countTargets(ctx, operation);
  const sample = await ctx.app.searches.run<{ id: string }>(ctx, sampleStatement(operation, SAMPLE));
  const chosen = rows.filter(({ skip }) => skip === null);
  const count = sumOf(chosen);
  const byDestination = sumBy(chosen, ({ destination_ids }) => destination_ids);
  return {
    kind,
    filter,
    count,
    skipped: bySkip(rows),
    by_status: sumBy(chosen, ({ status }) => [status]),
    destinations: await describeDestinations(ctx, byDestination),
    sample: sample.map(({ id }) => id),
    min_duration_ms: rate.rate_limit
      ? Math.ceil((count * RATE_PERIOD_MS[rate.rate_limit_period]) / rate.rate_limit)
      : null,
  };
}

const PACE_MINUTES = 5;

/** Where it goes, with what each takes and gets at present. */
async function describeDestinations(ctx: Ctx, counts: Record<string, number>): Promise<BulkPlan["destinations"]> {
  const most = Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SHOWN_DESTINATIONS);
  const rows = await ctx.app.searches.run<DestinationRow>(ctx, {
    text: `
select d.id, d.name, (d.config ->> 'rate_limit')::int as rate_limit, coalesce(d.config ->> 'rate_limit_period', 'minute') as rate_limit_period,
  coalesce((select sum(m.attempt_count) from rollup_minute m where m.team_id = d.team_id and m.destination_id = d.id
    and m.bucket >= date_trunc('minute', $3::timestamptz) - interval '${PACE_MINUTES} minutes'
    and m.bucket < date_trunc('minute', $3::timestamptz)), 0)::float8 / ${PACE_MINUTES} as sent_per_minute
from destination d where d.team_id = $1 and d.id = any ($2::text[])`,
    values: [ctx.teamId, most.map(([id]) => id), ctx.app.now()],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const unknown = { rate_limit: null, rate_limit_period: "minute" as const, sent_per_minute: 0 };
  return most.map(([id, count]) => ({ name: id, ...unknown, ...byId.get(id), id, count }));
}

interface DestinationRow {
  id: string;
  name: string;
  rate_limit: number | null;
  rate_limit_period: RatePeriod;
  sent_per_minute: number;
}

/** What a replay would do. */
export async function planReplay(ctx: Ctx, input: ReplayEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "events_replay", await replayFilter(ctx, input), input);
}

export async function planEventsRetry(ctx: Ctx, input: RetryEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "events_retry", await eventsFilter(ctx, input), input);
}

/** What a cancellation of many would end. */
export async function planEventsCancel(ctx: Ctx, input: CancelEvents): Promise<BulkPlan> {
  requireCan(ctx, "events.cancel");
  return plan(ctx, "events_cancel", await eventsFilter(ctx, input), NO_RATE);
}

export async function planRequestsRetry(ctx: Ctx, input: RetryRequests): Promise<BulkPlan> {
  requireCan(ctx, "events.retry");
  return plan(ctx, "requests_retry", await retryRequestsFilter(ctx, input), input);
}

/** How many there will be; null where counting takes longer than a search may. @throws AppError UNPROCESSABLE for none */
async function countAhead(ctx: Ctx, operation: Operation): Promise<number | null> {
  const rows = await countTargets(ctx, operation).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "UNPROCESSABLE") return null;
    throw error;
  });
  if (rows === null) return null;
  const count = sumOf(rows.filter(({ skip }) => skip === null));
  if (count > 0) return count;
  const skipped = Object.entries(bySkip(rows)).map(([reason, n]) => `${n} ${reason}`);
  const message =
    skipped.length === 0
      ? "Nothing matches: widen the window or the filters."
      : `Nothing is left to do: ${skipped.join(", ")}.`;
  throw new AppError("UNPROCESSABLE", message, [{ path: "from", message }]);
}

async function start(ctx: Ctx, action: AuditAction, kind: BulkKind, filter: BulkFilter, rate: Rate) {
  const total = await countAhead(ctx, { teamId: ctx.teamId, kind, filter });
  const now = ctx.app.now();
  const row = await transact(ctx, async (tx) => {
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

const toOperation = (row: Row): BulkOperation => ({
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
  started_by: { kind: row.actor_kind, id: row.actor_id },
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
  return toPage(rows.map(toOperation), window);
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
  return {
    ...toOperation(row),
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
