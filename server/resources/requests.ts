// Requests as producers sent them. They never change; a retry only evaluates their route again.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { BodyText, ReadBodyText } from "#server/contracts/body-text.ts";
import type { Page } from "#server/contracts/page.ts";
import type {
  GetRequest,
  ListRequests,
  RequestDetail,
  RequestSummary,
  RetriedRequest,
  RetryRequest,
} from "#server/contracts/request.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { addJobStatement } from "#server/jobs.ts";
import { readableBody } from "#server/payload/body-text.ts";
import { parsePayload } from "#server/payload/payload.ts";
import { requirePayload } from "./erase-request.ts";
import { withLookBound } from "./look-bound.sql.ts";
import { pageWindow, toPage, withSearchRange } from "./paging.ts";
import { type RequestDetailRow, type RequestRow, selectRequest, selectRequests } from "./requests.sql.ts";
import { masksOf, withoutMasked } from "./shown-request.ts";
import { findRuleRequest } from "./stored-request.ts";
import { transact } from "./transact.ts";

/** Bytes as they were received or will be delivered. */
export interface RawBody {
  content_type: string | null;
  body: Buffer;
}

function toSummary(row: RequestRow): RequestSummary {
  const { masks: _, masked_at: __, ...summary } = withoutMasked({ headers: [], body: null, ...row });
  return {
    ...summary,
    occurred_at: row.occurred_at?.toISOString() ?? null,
    erased_at: row.erased_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

/** The newest first. `body` finds JSON bodies that contain it, by default of the last 24 hours. */
export async function listRequests(ctx: Ctx, input: ListRequests): Promise<Page<RequestSummary>> {
  const now = ctx.app.now();
  const asked = pageWindow("request", withSearchRange(input, now), now);
  const window = await withLookBound(ctx, "request", asked, input);
  const rows = await selectRequests(ctx, input, window);
  return toPage(rows.map(toSummary), window);
}

async function findRequest(ctx: Ctx, id: string, maxBytes?: number): Promise<RequestDetailRow> {
  const row = await selectRequest(ctx, id, maxBytes);
  if (!row) throw notFound("request", id);
  return withoutMasked(row);
}

const bytesOf = ({ body }: RequestDetailRow) => Buffer.from(body ?? []);
const encodingOf = ({ headers }: RequestDetailRow) =>
  headers.find(([name]) => name.toLowerCase() === "content-encoding")?.[1] ?? null;

/** With `with_body: false` the body is not even read. */
export async function getRequest(ctx: Ctx, { id, with_body = true }: GetRequest): Promise<RequestDetail> {
  const row = await findRequest(ctx, id, with_body ? undefined : 0);
  const body = parsePayload(bytesOf(row), row.content_type, encodingOf(row)).value;
  return { ...row, ...toSummary(row), masks: masksOf(row), body };
}

/** The request as filters and transforms see it, every number with its digits. */
export async function getRuleRequest(ctx: Ctx, input: ById): Promise<TransformRequest> {
  const request = await findRuleRequest(ctx, input);
  if (!request) throw notFound("request", input.id);
  return request;
}

/** The exact bytes that were received, still encoded as `content-encoding` says. */
export async function getRawBody(ctx: Ctx, { id }: ById): Promise<RawBody> {
  const row = await findRequest(ctx, id);
  requirePayload(row);
  return { content_type: row.content_type, body: bytesOf(row) };
}

/** The received body, as a person reads it. */
export async function getRequestBodyText(ctx: Ctx, { id, max_bytes }: ReadBodyText): Promise<BodyText> {
  const row = await findRequest(ctx, id, max_bytes);
  const told = { content_type: row.content_type, body_bytes: row.body_bytes };
  if (row.erased_at) return { ...told, kind: "erased", text: null };
  if (row.body === null) return { ...told, kind: "too_large", text: null };
  return { ...told, ...readableBody(bytesOf(row), row.content_type, encodingOf(row)) };
}

/**
 * Asks routing to evaluate the request again on `connection_ids` (default: every connection of its source), deduplication
 * aside. CONFLICT for a rejected request; UNPROCESSABLE where a connection is not one of its source.
 */
export async function retryRequest(ctx: Ctx, input: RetryRequest): Promise<RetriedRequest> {
  requireCan(ctx, "events.retry");
  const { db } = ctx.app;
  const request = await db.request.findUnique({
    where: { team_id_id: { team_id: ctx.teamId, id: input.id } },
    select: { id: true, status: true, source_id: true, rejection_cause: true, erased_at: true },
  });
  if (!request) throw notFound("request", input.id);
  requirePayload(request);
  if (request.status !== "accepted") {
    throw new AppError(
      "CONFLICT",
      `This request was rejected with ${request.rejection_cause}, so it has no route to retry.`,
    );
  }
  const connections = await db.connection.findMany({
    where: { team_id: ctx.teamId, source_id: request.source_id },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  const known = new Set(connections.map(({ id }) => id));
  const unknown = (input.connection_ids ?? []).filter((id) => !known.has(id));
  if (unknown.length > 0) {
    const message = `Name connections of the source ${request.source_id} only; not of it: ${unknown.join(", ")}.`;
    throw new AppError("UNPROCESSABLE", message, [{ path: "connection_ids", message }]);
  }
  if (input.send_anyway && !input.connection_ids) {
    const message = "Name the connections that are to be sent to although they ignored it.";
    throw new AppError("UNPROCESSABLE", message, [{ path: "connection_ids", message }]);
  }
  const connectionIds = input.connection_ids ? [...new Set(input.connection_ids)] : null;
  const job = addJobStatement("reroute-request", {
    teamId: ctx.teamId,
    requestId: input.id,
    connectionIds,
    isForced: input.send_anyway ?? false,
  });
  await transact(ctx, async (tx) => {
    await tx.$executeRawUnsafe(job.text, ...job.values);
    await recordAudit(tx, ctx, "retry", "request", input.id, { after: { connection_ids: connectionIds } });
  });
  return { request_id: input.id, connection_ids: connectionIds ?? [...known] };
}
