// The registration of an endpoint: a destination and its connections in one transaction, and a key with the right to nothing else.
// docs/decisions/082-endpoints.md
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { HttpDestinationConfig } from "#server/contracts/destination.ts";
import type { CreateEndpoint, RegisteredEndpoint } from "#server/contracts/endpoint.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { newId } from "#server/ids.ts";
import { insertDestination, openDestination } from "./destinations.ts";
import { challengeAtOnce } from "./endpoint-challenge.ts";
import { asSent, changeEndpoint, revive, writeHold } from "./endpoint-change.ts";
import { findEndpoint } from "./endpoint-rows.ts";
import { connectEndpoint, sourcesOf } from "./endpoint-sources.ts";
import type { NamedRow } from "./endpoints-of-source.ts";
import { lockRow, type Tx, transactUpsert } from "./transact.ts";

const MAX_ENDPOINTS = 20_000;
/** Replicas that register one URL each have a key; the oldest goes with the next registration. */
const MAX_KEYS = 5;
const HOST_PART = 100;

interface Registration extends Omit<CreateEndpoint, "eventTypes" | "event_types"> {
  event_types: string[];
}

/** A consumer in one call; the same call again renews the endpoint that is there. */
export async function createEndpoint(ctx: Ctx, input: CreateEndpoint): Promise<RegisteredEndpoint> {
  requireCan(ctx, "connection.write");
  const taken = ctx.app.shares.registrations.take(ctx.teamId, ctx.app.now().getTime());
  if (taken !== true) {
    const seconds = Math.ceil(taken.againInMs / 1_000);
    throw new AppError(
      "TOO_MANY_REQUESTS",
      `This team has registered too many endpoints in this minute: go on in ${seconds} s.`,
    );
  }
  const { eventTypes, event_types = eventTypes ?? [], ...rest } = input;
  const made = await transactUpsert(ctx, (tx) => register(tx, ctx, { ...rest, event_types }), { Destination: "name" });
  if (input.verify) await challengeAtOnce(ctx, made.id);
  return { ...(await findEndpoint(ctx.app.db, ctx, made.id)), ...made };
}

type Made = Pick<RegisteredEndpoint, "id" | "is_new" | "key" | "secret">;

async function register(tx: Tx, ctx: Ctx, input: Registration): Promise<Made> {
  requireCan(ctx, "destination.write");
  const sources = await sourcesOf(tx, ctx, input.source);
  // One registration of a team at a time: two of one URL are one endpoint.
  await tx.$executeRaw`select from team where id = ${ctx.teamId} for no key update`;
  const known = await findKnown(tx, ctx, input, sources);
  const id = known ?? (await insert(tx, ctx, input, sources));
  if (known !== null) await renewKnown(tx, ctx, known, input, sources);
  const key = await giveKey(tx, ctx, id);
  // A secret that was there before was shown before.
  const secret = known === null ? await secretOf(tx, ctx, id) : null;
  return { id, is_new: known === null, key, secret };
}

/** The endpoint that this call registered before: of its name, or else of its URL, event types and source. */
async function findKnown(tx: Tx, ctx: Ctx, input: Registration, sources: NamedRow[]): Promise<string | null> {
  const { name, url, event_types } = input;
  if (name !== undefined) {
    const where = { team_id: ctx.teamId, name };
    const named = await tx.destination.findFirst({ where, select: { id: true, endpoint: { select: { id: true } } } });
    if (!named || named.endpoint) return named?.id ?? null;
    const message = "A destination of this team has this name, and is no endpoint: choose another one.";
    throw new AppError("CONFLICT", `name: ${message}`, [{ path: "name", message }]);
  }
  const isOfEvery = input.source === "*";
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select e.id from endpoint e join destination d on d.id = e.id
    where d.team_id = ${ctx.teamId} and d.config ->> 'url' is not null and md5(d.config ->> 'url') = md5(${url}) and d.config ->> 'url' = ${url}
      and e.event_types = ${event_types} and e.is_of_every_source = ${isOfEvery}
      and (${isOfEvery} or exists (select from connection c where c.destination_id = e.id and c.source_id = ${sources[0]?.id ?? ""}))
    order by e.id limit 1`;
  return rows[0]?.id ?? null;
}

async function renewKnown(tx: Tx, ctx: Ctx, id: string, input: Registration, sources: NamedRow[]): Promise<void> {
  await lockRow(tx, ctx, "destination", id);
  const before = await findEndpoint(tx, ctx, id);
  const isSameSource =
    before.is_of_every_source === (input.source === "*") &&
    (before.is_of_every_source || before.connections.some(({ source_id }) => source_id === sources[0]?.id));
  if (!isSameSource)
    throw wrongField(
      "source",
      "The endpoint of this name takes events of other sources: remove it first, or choose another name.",
    );
  // Its key may pause and delete it: whoever may not gets none but of what it registered itself.
  if (before.made_by_kind !== ctx.actor.kind || before.made_by_id !== ctx.actor.id) {
    requireCan(ctx, "connection.pause");
    requireCan(ctx, "resources.delete");
  }
  const { url, event_types, ttl, description } = input;
  await changeEndpoint(tx, ctx, before, { url, event_types, description, ...(ttl != null && { ttl }) });
  if (input.verify && before.verification === null) {
    await tx.$executeRaw`update endpoint set verification = 'pending' where team_id = ${ctx.teamId} and id = ${id}`;
  }
  await revive(tx, ctx, id);
}

async function insert(tx: Tx, ctx: Ctx, input: Registration, sources: NamedRow[]): Promise<string> {
  const { event_types, ttl = null, verify, url, description } = input;
  if ((await tx.endpoint.count({ where: { team_id: ctx.teamId } })) >= MAX_ENDPOINTS) {
    throw new AppError("CONFLICT", `This team has ${MAX_ENDPOINTS} endpoints: remove some first, or give them a ttl.`);
  }
  const name = input.name ?? nameOf(url);
  const config = { url, path_forwarding_disabled: true };
  const { row } = await asSent(() => insertDestination(tx, ctx, { name, description, config }));
  await tx.endpoint.create({
    data: {
      id: row.id,
      team_id: ctx.teamId,
      event_types,
      is_of_every_source: input.source === "*",
      ttl_seconds: ttl,
      lease_until: ttl === null ? null : new Date(ctx.app.now().getTime() + ttl * 1_000),
      renewed_at: [],
      verification: verify ? "pending" : null,
      made_by_kind: ctx.actor.kind,
      made_by_id: ctx.actor.id,
    },
    select: { id: true },
  });
  for (const source of sources) await connectEndpoint(tx, ctx, row, source, event_types);
  await writeHold(tx, ctx, row.id);
  return row.id;
}

/** Of a URL that is none, its check says so. */
function nameOf(url: string): string {
  const host =
    URL.parse(url)
      ?.host.replace(/[^A-Za-z0-9.-]/g, "-")
      .slice(0, HOST_PART) ?? "endpoint";
  return `${host}-${newId("destination").slice(-6).toLowerCase()}`;
}

async function giveKey(tx: Tx, ctx: Ctx, endpointId: string): Promise<string> {
  const key = newApiKey();
  const now = ctx.app.now();
  const name = `endpoint ${endpointId}`;
  const row = apiKeyRow(now, {
    key,
    name,
    scope: "endpoint",
    endpointId,
    teamIds: [ctx.teamId],
    expiresAt: null,
    madeBy: ctx.actor,
  });
  await tx.apiKey.create({ data: row, select: { id: true } });
  await tx.$executeRaw`
    delete from api_key k using endpoint e where e.team_id = ${ctx.teamId} and e.id = ${endpointId} and k.endpoint_id = e.id and k.id not in (
      select id from api_key where endpoint_id = ${endpointId} order by created_at desc, id desc limit ${MAX_KEYS})`;
  const after = { name, scope: "endpoint", endpoint_id: endpointId, last_four: row.last_four };
  await recordAudit(tx, ctx, "create", "api_key", row.id, { after });
  return key;
}

async function secretOf(tx: Tx, ctx: Ctx, id: string): Promise<string | null> {
  const { settings } = await openDestination(ctx, id, tx);
  const { auth } = settings.config as HttpDestinationConfig;
  return typeof auth.signing_secret === "string" ? auth.signing_secret : null;
}
