// Turns the input of a caller into the filter that an operation keeps: times are resolved once, and each named resource
// must exist.
import type { Ctx } from "#server/auth/ctx.ts";
import type { BulkFilter, CancelEvents, ReplayEvents, RetryEvents, RetryRequests } from "#server/contracts/bulk.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";

/** @throws AppError UNPROCESSABLE about one field of the input */
function refuse(path: string, message: string): never {
  throw new AppError("UNPROCESSABLE", `${path}: ${message}`, [{ path, message }]);
}

/** Resolves both ends to instants. Requests that come after the call are no part of the window, whatever `to` says. */
function resolveWindow(ctx: Ctx, { from, to }: { from: string; to: string }): Pick<BulkFilter, "from" | "to"> {
  const nowMs = ctx.app.now().getTime();
  const [fromMs, toMs] = [resolveTime(from, nowMs), Math.min(resolveTime(to, nowMs), nowMs)];
  if (fromMs > nowMs) refuse("from", "It lies in the future: name a time that has passed.");
  if (fromMs > toMs) refuse("from", "It lies behind `to`: swap the two, or leave `to` out.");
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

async function findSource(ctx: Ctx, idOrName: string): Promise<string> {
  const source = await ctx.app.db.source.findFirst({
    where: { team_id: ctx.teamId, OR: [{ id: idOrName }, { name: idOrName }] },
    select: { id: true },
  });
  return source?.id ?? refuse("source", `No source of this team has the id or name ${idOrName}.`);
}

async function findConnection(ctx: Ctx, id: string) {
  const connection = await ctx.app.db.connection.findFirst({
    where: { team_id: ctx.teamId, id },
    select: { id: true, name: true, source_id: true, disabled_at: true, destination_id: true },
  });
  return connection ?? refuse("connection_id", `No connection of this team has the id ${id}.`);
}

async function findDestination(ctx: Ctx, id: string) {
  const destination = await ctx.app.db.destination.findFirst({
    where: { team_id: ctx.teamId, id },
    select: { id: true, name: true, disabled_at: true },
  });
  return destination ?? refuse("destination_id", `No destination of this team has the id ${id}.`);
}

/** A replay of events; with a connection and no status also of requests that never had an event on it. */
export async function replayFilter(ctx: Ctx, input: ReplayEvents): Promise<BulkFilter> {
  const window = resolveWindow(ctx, input);
  const { source, connection_id, destination_id, status, event_type_pattern } = input;
  if (source === undefined && connection_id === undefined && destination_id === undefined) {
    refuse("source", "Name a source, a connection or a destination.");
  }
  const sourceId = source === undefined ? undefined : await findSource(ctx, source);
  if (destination_id !== undefined) await findDestination(ctx, destination_id);
  const filter: BulkFilter = {
    ...window,
    source_id: sourceId === undefined ? undefined : [sourceId],
    destination_id: destination_id === undefined ? undefined : [destination_id],
    status,
    event_type_pattern: typeof event_type_pattern === "string" ? [event_type_pattern] : event_type_pattern,
  };
  if (connection_id === undefined) return filter;
  const connection = await findConnection(ctx, connection_id);
  if (sourceId !== undefined && connection.source_id !== sourceId) {
    refuse("connection_id", `The connection ${connection.name} is not one of the source ${source}.`);
  }
  if (destination_id !== undefined && connection.destination_id !== destination_id) {
    refuse("connection_id", `The connection ${connection.name} does not lead to the destination ${destination_id}.`);
  }
  if (status !== undefined) return { ...filter, connection_id: [connection_id] };
  await requireOpen(ctx, connection);
  const { destination_id: _, ...rest } = filter;
  return { ...rest, source_id: [connection.source_id], connection_id: [connection_id], backfills: true };
}

/** Refuses a backfill into a branch that accepts nothing: it would only leave ignored events behind. */
async function requireOpen(ctx: Ctx, connection: { name: string; disabled_at: Date | null; destination_id: string }) {
  if (connection.disabled_at)
    refuse("connection_id", `The connection ${connection.name} is disabled; enable it first.`);
  const destination = await findDestination(ctx, connection.destination_id);
  if (destination.disabled_at) {
    refuse("connection_id", `Its destination ${destination.name} is disabled; enable it first.`);
  }
}

/** An event type as the lists take it, where a `*` makes it a glob. */
const eventTypeFilter = (eventType: string | undefined): Pick<BulkFilter, "event_type" | "event_type_pattern"> =>
  eventType?.includes("*") ? { event_type_pattern: [eventType] } : { event_type: eventType };

/** The filters of the list of events, each as it was given. */
export async function eventsFilter(ctx: Ctx, input: RetryEvents | CancelEvents): Promise<BulkFilter> {
  const { from, to, event_type, ...rest } = input;
  const { rate_limit: _limit, rate_limit_period: _period, ...filter } = rest as Partial<RetryEvents>;
  await requireKnown(ctx, "source", filter.source_id);
  await requireKnown(ctx, "connection", filter.connection_id);
  await requireKnown(ctx, "destination", filter.destination_id);
  return { ...filter, ...eventTypeFilter(event_type), ...resolveWindow(ctx, { from, to }) };
}

export async function retryRequestsFilter(ctx: Ctx, input: RetryRequests): Promise<BulkFilter> {
  const {
    from,
    to,
    status,
    event_type,
    connection_ids,
    rate_limit: _limit,
    rate_limit_period: _period,
    ...filter
  } = input;
  await requireKnown(ctx, "source", filter.source_id);
  await requireKnown(ctx, "connection", connection_ids, "connection_ids");
  return {
    ...filter,
    ...eventTypeFilter(event_type),
    ...resolveWindow(ctx, { from, to }),
    status: status && [status],
    connection_id: connection_ids,
  };
}

/** Refuses an unknown id, which is more likely a slip than a wish for nothing. */
async function requireKnown(
  ctx: Ctx,
  kind: "source" | "connection" | "destination",
  ids: readonly string[] | undefined,
  path = `${kind}_id`,
): Promise<void> {
  if (ids === undefined) return;
  const rows = await ctx.app.db.$queryRawUnsafe<{ id: string }[]>(
    `select id from ${kind} where team_id = $1 and id = any ($2::text[])`,
    ctx.teamId,
    [...ids],
  );
  const known = new Set(rows.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) refuse(path, `No ${kind} of this team has the id ${unknown.slice(0, 5).join(", ")}.`);
}
