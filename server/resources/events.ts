// Events: deliveries to make or made, with a person's retry or cancel.
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { BodyText, ReadBodyText } from "#server/contracts/body-text.ts";
import type { EventDetail, EventSummary, GetEvent, ListEvents } from "#server/contracts/event.ts";
import { shownGroup } from "#server/contracts/group-filter.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { EventRow } from "#server/events/event-row.sql.ts";
import { type CancelledEvent, cancelStatement, requeueStatement, type Statement } from "#server/events/moves.sql.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { readableBody } from "#server/payload/body-text.ts";
import { parsePayload } from "#server/payload/payload.ts";
import { shownOrderValue } from "#server/rules/order-key.ts";
import { requirePayload } from "./erase-request.ts";
import { traceLife } from "./event-trace.ts";
import { type EventDetailRow, selectEvent, selectEvents, selectTracedAttempts } from "./events.sql.ts";
import { withLookBound } from "./look-bound.sql.ts";
import { pageWindow, toPage, withSearchRange } from "./paging.ts";
import type { RawBody } from "./requests.ts";
import { isWithheld, withoutMasked } from "./shown-request.ts";
import { type Tx, transact } from "./transact.ts";

export function toSummary(row: EventRow): EventSummary {
  return {
    id: row.id,
    team_id: row.team_id,
    request_id: row.request_id,
    source_id: row.source_id,
    connection_id: row.connection_id,
    destination_id: row.destination_id,
    status: row.status,
    event_type: row.event_type,
    occurred_at: row.occurred_at?.toISOString() ?? null,
    resource_id: row.resource_id,
    attempts: row.attempts,
    trigger: row.trigger,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    response_status: row.response_status,
    error_code: row.error_code,
    hold_reason: row.hold_reason,
    ended_because: row.ended_because,
    dead_letter_of: row.dead_letter_of,
    group: shownGroup(row.turn_key),
    resent_from: row.resent_from,
    created_at: row.created_at.toISOString(),
  };
}

/** The newest first. `body` finds events whose JSON body, as delivered, contains it, by default of the last 24 hours. */
export async function listEvents(ctx: Ctx, input: ListEvents): Promise<Page<EventSummary>> {
  const now = ctx.app.now();
  const asked = pageWindow("event", withSearchRange(input, now), now);
  const window = await withLookBound(ctx, "event", asked, input);
  const rows = await selectEvents(ctx, input, window);
  return toPage(rows.map(toSummary), window);
}

/** @throws AppError NOT_FOUND */
export async function findEvent(ctx: Ctx, id: string, maxBytes?: number): Promise<EventDetailRow> {
  const row = await selectEvent(ctx, id, maxBytes);
  if (!row) throw notFound("event", id);
  return shownOf(row);
}

/** @throws AppError NOT_FOUND */
export async function requireEvent(ctx: Ctx, id: string): Promise<void> {
  await findEvent(ctx, id, 0);
}

const headerOf = (headers: HeaderList, wanted: string) =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;

/** The request of an event as it is shown, and nothing of what a transform made of one that is not masked yet. */
function shownOf(row: EventDetailRow): EventDetailRow {
  if (!isWithheld(row)) return row;
  const { path, query, headers, body } = withoutMasked({
    masks: row.masks,
    masked_at: row.masked_at,
    path: row.request_path ?? "",
    query: row.request_query ?? "",
    headers: row.request_headers ?? [],
    body: row.request_body,
    content_type: row.request_content_type,
  });
  const request = { request_path: path, request_query: query, request_headers: headers, request_body: body };
  return {
    ...row,
    ...request,
    transformed: row.transformed && WITHHELD,
    transformed_body: null,
    why: [],
    order_key: null,
  };
}

const WITHHELD = { method: "POST", path: "/", query: "", headers: [] };

/** The request to deliver: the transform's own parts, else those of the request. */
function effective(row: EventDetailRow) {
  const headers = row.transformed?.headers ?? row.request_headers ?? [];
  return {
    method: row.transformed?.method ?? row.request_method ?? "",
    path: row.transformed?.path ?? row.request_path ?? "",
    query: row.transformed?.query ?? row.request_query ?? "",
    headers,
    contentType: headerOf(headers, "content-type"),
    // A transform gives its body in clear, whatever encoding the request came in.
    contentEncoding: row.has_own_body ? null : headerOf(headers, "content-encoding"),
    body: Buffer.from(row.transformed_body ?? row.request_body ?? []),
  };
}

const STILL_WITHHELD =
  "What a transform made of a masked request is withheld until the masks are applied, some minutes after its last event has ended.";

export const ofRequest = ({ request_id, request_erased_at }: EventDetailRow) => ({
  id: request_id,
  erased_at: request_erased_at,
});

/** With `with_body: false` the body is not even read. */
export async function getEvent(ctx: Ctx, { id, with_body = true }: GetEvent): Promise<EventDetail> {
  const event = findEvent(ctx, id, with_body ? undefined : 0);
  const [row, attempts] = await Promise.all([event, selectTracedAttempts(ctx, id)]);
  const { contentType, contentEncoding, body, ...delivered } = effective(row);
  return {
    ...toSummary(row),
    source_name: row.source_name,
    source_type: row.source_type,
    connection_name: row.connection_name,
    destination_name: row.destination_name,
    ...delivered,
    order_value: row.order_key === null ? null : shownOrderValue(row.order_key),
    waits_for: row.waits_for,
    is_withheld: isWithheld(row),
    erased_at: row.request_erased_at?.toISOString() ?? null,
    is_transformed: row.transformed !== null || row.has_own_body,
    content_type: contentType,
    body_bytes: row.body_bytes,
    body: parsePayload(body, contentType, contentEncoding).value,
    why: [...row.why, ...traceLife(row, attempts)],
  };
}

/** The body to deliver, as a person reads it. */
export async function getEventBodyText(ctx: Ctx, { id, max_bytes }: ReadBodyText): Promise<BodyText> {
  const row = await findEvent(ctx, id, max_bytes);
  const { contentType, contentEncoding, body } = effective(row);
  const told = { content_type: contentType, body_bytes: row.body_bytes };
  if (row.request_erased_at) return { ...told, kind: "erased", text: null };
  if (row.has_own_body && isWithheld(row)) return { ...told, kind: "withheld", text: null };
  if (row.body_bytes > max_bytes) return { ...told, kind: "too_large", text: null };
  return { ...told, ...readableBody(body, contentType, contentEncoding) };
}

/** The bytes to deliver. */
export async function getEventRawBody(ctx: Ctx, { id }: ById): Promise<RawBody> {
  const row = await findEvent(ctx, id);
  requirePayload(ofRequest(row));
  if (row.has_own_body && isWithheld(row)) throw new AppError("CONFLICT", STILL_WITHHELD);
  const { contentType, body } = effective(row);
  return { content_type: contentType, body };
}

/**
 * Makes an event due now, whatever its state. A finished event is delivered again under the same id and starts its retry
 * policy anew. A waiting event stops waiting; a queued or held one stays as it is. The event is held when its connection is
 * paused. CONFLICT when its connection is gone or its destination disabled.
 */
export async function retryEvent(ctx: Ctx, { id }: ById): Promise<EventSummary> {
  requireCan(ctx, "events.retry");
  const event = await findEvent(ctx, id);
  requirePayload(ofRequest(event));
  if (event.resent_from !== null) {
    const message = `This is a debug copy, which is sent once: send another one of the event ${event.resent_from}.`;
    throw new AppError("CONFLICT", message);
  }
  await requireRoute(ctx, event);
  const requeue = requeueStatement(ctx.teamId, [id], { trigger: "MANUAL", now: ctx.app.now() });
  const [moved] = await transact(ctx, (tx) => moveOne(tx, ctx, id, "retry", requeue));
  const retried = moved ?? (await findEvent(ctx, id));
  if (retried.status === "QUEUED") await wakeLane(ctx, retried);
  return toSummary(retried);
}

export async function wakeLane(ctx: Ctx, event: EventRow): Promise<void> {
  const wake = wakeLanesStatement([event.destination_id]);
  await ctx.app.db.$executeRawUnsafe(wake.text, ...wake.values);
}

/** Runs a move of one event, and records who asked for it where it moved anything. */
async function moveOne<Row extends EventRow>(
  tx: Tx,
  ctx: Ctx,
  id: string,
  action: AuditAction,
  { text, values }: Statement,
): Promise<Row[]> {
  const moved = await tx.$queryRawUnsafe<Row[]>(text, ...values);
  const after = moved[0] && { status: moved[0].status, trigger: moved[0].trigger };
  if (after) await recordAudit(tx, ctx, action, "event", id, { after });
  return moved;
}

async function requireRoute(ctx: Ctx, event: EventRow): Promise<void> {
  const connection = await ctx.app.db.connection.findFirst({
    where: { id: event.connection_id, team_id: ctx.teamId },
    select: { id: true },
  });
  if (!connection)
    throw new AppError("CONFLICT", `The connection of the event ${event.id} was deleted, so it has no way to go.`);
  // An event keeps the destination it was made for, wherever its connection points now.
  const destination = await ctx.app.db.destination.findFirst({
    where: { id: event.destination_id, team_id: ctx.teamId },
    select: { name: true, disabled_at: true },
  });
  if (!destination)
    throw new AppError("CONFLICT", `The destination of the event ${event.id} was deleted, so it has no way to go.`);
  if (destination.disabled_at)
    throw new AppError(
      "CONFLICT",
      `The destination ${destination.name} is disabled; enable it before you retry its events.`,
    );
}

/** Ends an event that is not finished. Idempotent; CONFLICT where it was delivered or has failed for good. */
export async function cancelEvent(ctx: Ctx, { id }: ById): Promise<EventSummary> {
  requireCan(ctx, "events.cancel");
  const cancel = cancelStatement(ctx.teamId, [id]);
  const [cancelled] = await transact(ctx, (tx) => moveOne<CancelledEvent>(tx, ctx, id, "cancel", cancel));
  if (cancelled?.is_in_line) await wakeLane(ctx, cancelled);
  if (cancelled) return toSummary(cancelled);
  const event = await findEvent(ctx, id);
  if (event.status === "CANCELLED") return toSummary(event);
  const end = event.delivered_at ? `already delivered at ${event.delivered_at.toISOString()}` : "already finished";
  throw new AppError("CONFLICT", `The event ${id} is ${event.status}: ${end}, so there is nothing to cancel.`);
}
