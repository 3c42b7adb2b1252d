// Endpoints: read, changed, renewed and removed, by whoever has the right or by the endpoint itself with its own key.
import { recordAudit } from "#server/auth/audit.ts";
import { forgetKey } from "#server/auth/authenticate.ts";
import { type Ctx, requireOwn } from "#server/auth/ctx.ts";
import type {
  DeletedEndpoint,
  Endpoint,
  GoneEndpoints,
  ListEndpoints,
  RenewedEndpoint,
  UpdateEndpoint,
} from "#server/contracts/endpoint.ts";
import { KEPT_RENEWALS } from "#server/contracts/endpoint-lease.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { removeEndpoint as removeRows } from "#server/endpoints/remove-endpoint.ts";
import { notFound } from "#server/errors/app-error.ts";
import { lowestId } from "#server/ids.ts";
import { lockAsRead } from "./changed-since.ts";
import { refuseWhileNamed } from "./dead-letter-way.ts";
import { changeEndpoint, revive } from "./endpoint-change.ts";
import { findEndpoint, readEndpoints } from "./endpoint-rows.ts";
import { toPage } from "./paging.ts";
import { lockRow, transact } from "./transact.ts";

const GONE_WITHIN_MS = 86_400_000;
const MAX_GONE = 50;

/** The newest first. */
export async function listEndpoints(ctx: Ctx, input: ListEndpoints): Promise<Page<Endpoint>> {
  const { rows, window } = await readEndpoints(ctx, input);
  return toPage(rows, window);
}

export async function getEndpoint(ctx: Ctx, { id }: ById): Promise<Endpoint> {
  requireOwn(ctx, id, "data.read");
  return findEndpoint(ctx.app.db, ctx, id);
}

/** Its waiting events follow it to a new URL. New event types count for what comes from now on. */
export async function updateEndpoint(ctx: Ctx, { id, if_updated_at, ...input }: UpdateEndpoint): Promise<Endpoint> {
  requireOwn(ctx, id, "connection.write");
  const { eventTypes, event_types = eventTypes, ...rest } = input;
  return transact(ctx, async (tx) => {
    const before = await findEndpoint(tx, ctx, id);
    if (input.url !== undefined) requireOwn(ctx, id, "destination.write");
    if (input.paused !== undefined) requireOwn(ctx, id, "connection.pause");
    await lockAsRead(tx, ctx, "destination", id, if_updated_at);
    await changeEndpoint(tx, ctx, before, { ...rest, event_types });
    return findEndpoint(tx, ctx, id);
  });
}

/** Renews the lease: one statement while it has not run out. What has no lease needs none, and stays as it is. */
export async function renewEndpoint(ctx: Ctx, { id }: ById): Promise<RenewedEndpoint> {
  requireOwn(ctx, id, "connection.write");
  const now = ctx.app.now();
  const renewed = await ctx.app.db.$executeRaw`
    update endpoint set lease_until = ${now}::timestamptz + ttl_seconds * interval '1 second', renewals = renewals + 1,
      renewed_at = (array_append(renewed_at, ${now}::timestamptz))[greatest(1, cardinality(renewed_at) + 2 - ${KEPT_RENEWALS}::int):]
    where team_id = ${ctx.teamId} and id = ${id} and ttl_seconds is not null and lapsed_at is null`;
  if (renewed === 0) await comeBack(ctx, id);
  const select = { ttl_seconds: true, lease_until: true, destination: { select: { endpoint_hold: true } } } as const;
  const row = await ctx.app.db.endpoint.findFirst({ where: { team_id: ctx.teamId, id }, select });
  if (!row) throw notFound("endpoint", id);
  const { ttl_seconds: ttl, lease_until, destination } = row;
  const hold_reason = destination.endpoint_hold as RenewedEndpoint["hold_reason"];
  return { id, ttl, lease_until: lease_until?.toISOString() ?? null, hold_reason };
}

/** An endpoint whose lease had run out goes on with what was held meanwhile. */
async function comeBack(ctx: Ctx, id: string): Promise<void> {
  await transact(ctx, async (tx) => {
    const { removed_at } = await findEndpoint(tx, ctx, id);
    await lockRow(tx, ctx, "destination", id);
    await revive(tx, ctx, id);
    if (removed_at !== null) await recordAudit(tx, ctx, "unpause", "destination", id, { after: { lease: "renewed" } });
  });
}

/** Its events stay to be read; those that wait are cancelled. */
export async function deleteEndpoint(ctx: Ctx, { id }: ById): Promise<DeletedEndpoint> {
  requireOwn(ctx, id, "resources.delete");
  const cancelled_count = await transact(ctx, async (tx) => {
    await findEndpoint(tx, ctx, id);
    await lockRow(tx, ctx, "destination", id);
    await refuseWhileNamed(tx, ctx, id);
    const removed = await removeRows(({ text, values }) => tx.$queryRawUnsafe(text, ...values), ctx.teamId, id);
    if (!removed) throw notFound("endpoint", id);
    const { waiting, ...before } = removed;
    const because = ctx.endpointId === undefined ? "removed" : "unregistered_itself";
    await recordAudit(tx, ctx, "delete", "destination", id, { before, after: { because, cancelled: waiting } });
    return waiting;
  });
  forgetKey(ctx.app, id);
  return { id, cancelled_count };
}

/** The endpoints that went within a day, the latest first, as the audit log tells it. */
export async function listGoneEndpoints(ctx: Ctx): Promise<GoneEndpoints> {
  const now = ctx.app.now();
  const since = lowestId("audit_entry", now.getTime() - GONE_WITHIN_MS);
  const rows = await ctx.app.db.$queryRaw<(Omit<GoneEndpoints["data"][number], "gone_at"> & { gone_at: Date })[]>`
    select id, coalesce(url, '') as url, because, cancelled_count, gone_at from (
      select resource_id as id, before::json ->> 'url' as url, after::json ->> 'because' as because, (after::json ->> 'cancelled')::int as cancelled_count,
        created_at as gone_at
      from audit_entry where team_id = ${ctx.teamId} and id >= ${since} and action = 'delete' and resource_kind = 'destination' and after is not null
      order by audit_entry.id desc limit ${MAX_GONE}) as gone
    where because is not null`;
  return { data: rows.map((row) => ({ ...row, gone_at: row.gone_at.toISOString() })) };
}
