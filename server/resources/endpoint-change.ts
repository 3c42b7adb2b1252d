// Changes of an endpoint: its URL, its event types, its lease and its pause, each in the transaction of its verb.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Endpoint } from "#server/contracts/endpoint.ts";
import { KEPT_RENEWALS } from "#server/contracts/endpoint-lease.ts";
import { AppError } from "#server/errors/app-error.ts";
import { unprocessable } from "#server/errors/field-issues.ts";
import { laterThan } from "./changed-since.ts";
import { readRules } from "./connection-rules.sql.ts";
import { changeConnection, flipConnection } from "./connections.ts";
import { refuseWhileNamed } from "./dead-letter-way.ts";
import { changeDestination } from "./destinations.ts";
import { withEventTypes } from "./event-type-rules.ts";
import { scheduleRelease } from "./schedule-release.ts";
import { pauseUntil } from "./switches.ts";
import type { Tx } from "./transact.ts";

export interface EndpointChange {
  url?: string | undefined;
  event_types?: string[] | undefined;
  /** Null: no lease any more. */
  ttl?: number | null | undefined;
  paused?: boolean | undefined;
  description?: string | null | undefined;
}

/** The URL of an endpoint is the `config.url` of its destination: a mistake is named as the caller sent it. */
export async function asSent<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.issues === undefined) throw error;
    throw unprocessable(error.issues.map(({ path, message }) => ({ path: path.replace(/^config\./, ""), message })));
  }
}

/** Changes an endpoint whose destination is locked. */
export async function changeEndpoint(tx: Tx, ctx: Ctx, before: Endpoint, change: EndpointChange): Promise<void> {
  const { id } = before;
  const { url, event_types, ttl, paused, description } = change;
  // Whoever gives a lease to what has none lets it go by itself, which is to delete it.
  if (ttl != null && before.ttl === null && ctx.endpointId === undefined) requireCan(ctx, "resources.delete");
  const isMoved = url !== undefined && url !== before.url;
  if (isMoved || (description !== undefined && description !== before.description)) {
    const config = isMoved ? { url } : undefined;
    await asSent(() => changeDestination(tx, ctx, { id, description, config }));
  }
  if (event_types !== undefined) await subscribe(tx, ctx, before, event_types);
  if (ttl !== undefined) await lease(tx, ctx, before, ttl);
  if (paused !== undefined) await setPaused(tx, ctx, before, paused);
  await writeHold(tx, ctx, id);
  const [was, is] = [termsOf(before, {}), termsOf(before, change)];
  if (JSON.stringify(was) === JSON.stringify(is)) return;
  const where = { id, team_id: ctx.teamId };
  const { updated_at } = await tx.destination.findFirstOrThrow({ where, select: { updated_at: true } });
  const at = laterThan(updated_at, ctx.app.now());
  await tx.destination.update({ where, data: { updated_at: at }, select: { id: true } });
  await recordAudit(tx, ctx, "update", "destination", id, { before: was, after: is, at });
}

const termsOf = ({ event_types, ttl }: Endpoint, change: EndpointChange) => ({
  event_types: change.event_types ?? event_types,
  ttl: change.ttl === undefined ? ttl : change.ttl,
});

/** All of them: an endpoint is read with a few. */
async function connectionIds(tx: Tx, ctx: Ctx, endpointId: string): Promise<string[]> {
  const where = { team_id: ctx.teamId, destination_id: endpointId };
  const rows = await tx.connection.findMany({ where, select: { id: true }, orderBy: { id: "asc" } });
  return rows.map(({ id }) => id);
}

/** What else somebody has set on its connections stays. */
async function subscribe(tx: Tx, ctx: Ctx, { id, event_types: before }: Endpoint, types: string[]) {
  if (JSON.stringify(types) === JSON.stringify(before)) return;
  const ids = await connectionIds(tx, ctx, id);
  const rules = await readRules(tx, ctx, ids);
  for (const one of ids) await changeConnection(tx, ctx, one, { rules: withEventTypes(rules.get(one) ?? [], types) });
  await tx.$executeRaw`update endpoint set event_types = ${types} where team_id = ${ctx.teamId} and id = ${id}`;
}

/** A lease that ends deletes: what takes dead letters has none. */
async function lease(tx: Tx, ctx: Ctx, before: Endpoint, ttl: number | null): Promise<void> {
  if (ttl !== null && before.ttl === null) await refuseWhileNamed(tx, ctx, before.id);
  const until = ttl === null ? null : new Date(ctx.app.now().getTime() + ttl * 1_000);
  await tx.$executeRaw`
    update endpoint set ttl_seconds = ${ttl}, lease_until = ${until}, lapsed_at = null where team_id = ${ctx.teamId} and id = ${before.id}`;
}

async function setPaused(tx: Tx, ctx: Ctx, endpoint: Endpoint, paused: boolean): Promise<void> {
  for (const id of await connectionIds(tx, ctx, endpoint.id)) {
    if (!paused) await flipConnection(tx, ctx, { id }, "unpause");
    else if (!(await isPaused(tx, ctx, id))) await pauseUntil(tx, ctx, { id });
  }
}

const isPaused = async (tx: Tx, ctx: Ctx, id: string): Promise<boolean> =>
  (await tx.connection.count({ where: { team_id: ctx.teamId, id, paused_at: { not: null } } })) > 0;

/** Writes down for the lanes why the endpoint gets nothing, and lets go what was held for a reason that is over. */
export async function writeHold(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const changed = await tx.$executeRaw`
    update destination d set endpoint_hold = held.reason from (
      select id, case when lapsed_at is not null then 'lease_expired' when verification <> 'confirmed' then 'endpoint_unverified' end as reason
      from endpoint where team_id = ${ctx.teamId} and id = ${id}) as held
    where d.id = held.id and d.endpoint_hold is distinct from held.reason`;
  if (changed === 0) return;
  await scheduleRelease(tx, await connectionIds(tx, ctx, id));
}

/** Begins the lease anew, also of one that had run out. The destination is locked. */
export async function revive(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const now = ctx.app.now();
  await tx.$executeRaw`
    update endpoint set lease_until = ${now}::timestamptz + ttl_seconds * interval '1 second', lapsed_at = null, renewals = renewals + 1,
      renewed_at = (array_append(renewed_at, ${now}::timestamptz))[greatest(1, cardinality(renewed_at) + 2 - ${KEPT_RENEWALS}::int):]
    where team_id = ${ctx.teamId} and id = ${id} and ttl_seconds is not null`;
  await writeHold(tx, ctx, id);
}
