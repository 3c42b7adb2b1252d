// Endpoints as they are read: the registration, its destination and connections, and what waits there.
import type { Ctx } from "#server/auth/ctx.ts";
import type { Endpoint, ListEndpoints, VerificationState } from "#server/contracts/endpoint.ts";
import { graceSeconds } from "#server/contracts/endpoint-lease.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { notFound } from "#server/errors/app-error.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { namesOf } from "./audit-names.ts";
import { literally } from "./named-where.ts";
import { type PageWindow, pageWindow } from "./paging.ts";
import type { Tx } from "./transact.ts";

type Db = Ctx["app"]["db"] | Tx;

/** Hand-made connections to an endpoint may be many; a card shows a few. */
const MAX_CONNECTIONS = 100;

const SELECT = {
  id: true,
  team_id: true,
  event_types: true,
  is_of_every_source: true,
  ttl_seconds: true,
  lease_until: true,
  lapsed_at: true,
  renewed_at: true,
  renewals: true,
  verification: true,
  verified_at: true,
  verification_detail: true,
  made_by_kind: true,
  made_by_id: true,
  destination: {
    select: {
      name: true,
      description: true,
      config: true,
      endpoint_hold: true,
      disabled_at: true,
      created_at: true,
      updated_at: true,
      connections: {
        select: { id: true, source_id: true, paused_at: true },
        orderBy: { id: "asc" },
        take: MAX_CONNECTIONS,
      },
    },
  },
  api_keys: { select: { last_four: true }, where: { revoked_at: null }, orderBy: { id: "desc" }, take: 1 },
} as const satisfies Prisma.EndpointSelect;
type EndpointRow = Prisma.EndpointGetPayload<{ select: typeof SELECT }>;

interface Counts {
  destination_id: string;
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  last_attempt_at: Date | null;
}

/** Also of connections that are gone, to which events of an endpoint still belong. */
const readCounts = (db: Db, ctx: Ctx, ids: string[]): Promise<Counts[]> => db.$queryRaw<Counts[]>`
  select ids.id as destination_id, coalesce(counts.waiting, 0)::int as waiting_count, coalesce(counts.retrying, 0)::int as retrying_count,
    coalesce(counts.failed, 0)::int as failed_count, coalesce(minutes.delivered, 0)::int as delivered_in_hour, minutes.last_attempt_at
  from unnest(${ids}::text[]) as ids(id)
  left join (
    select destination_id, sum(queued_count + scheduled_count + retrying_count + hold_count) as waiting, sum(retrying_count) as retrying, sum(failed_count) as failed
    from (${Prisma.raw(BRANCH_COUNT_ROWS)}) as rows where team_id = ${ctx.teamId} and destination_id = any (${ids}::text[]) group by 1
  ) as counts on counts.destination_id = ids.id
  left join (
    select destination_id, sum(delivered_count) as delivered, max(bucket) as last_attempt_at from rollup_minute
    where team_id = ${ctx.teamId} and bucket > ${ctx.app.now()}::timestamptz - interval '1 hour' and destination_id = any (${ids}::text[])
      and attempt_count > 0 group by 1
  ) as minutes on minutes.destination_id = ids.id`;

const iso = (time: Date | null) => time?.toISOString() ?? null;

function toEndpoint(row: EndpointRow, counts: Counts | undefined, names: ReadonlyMap<string, string>): Endpoint {
  const { destination, ttl_seconds: ttl, lapsed_at, verification } = row;
  const { connections } = destination;
  const { destination_id: _, last_attempt_at = null, ...numbers } = counts ?? NO_COUNTS;
  return {
    id: row.id,
    team_id: row.team_id,
    name: destination.name,
    description: destination.description,
    url: (destination.config as { url?: string }).url ?? "",
    event_types: row.event_types,
    is_of_every_source: row.is_of_every_source,
    connections: connections.map(({ id, source_id }) => ({ id, source_id })),
    paused: connections.length > 0 && connections.every(({ paused_at }) => paused_at !== null),
    disabled_at: iso(destination.disabled_at),
    hold_reason: destination.endpoint_hold as HoldReason | null,
    ttl,
    lease_until: iso(row.lease_until),
    removed_at:
      lapsed_at && ttl !== null ? new Date(lapsed_at.getTime() + graceSeconds(ttl) * 1_000).toISOString() : null,
    renewals: row.renewals,
    renewed_at: row.renewed_at.map((time) => time.toISOString()),
    verification:
      verification === null
        ? null
        : {
            state: verification as VerificationState,
            detail: row.verification_detail,
            asked_at: iso(row.verified_at),
          },
    ...numbers,
    last_attempt_at: iso(last_attempt_at),
    key_last_four: row.api_keys[0]?.last_four ?? null,
    made_by_kind: row.made_by_kind,
    made_by_id: row.made_by_id,
    made_by_name: names.get(row.made_by_id) ?? null,
    created_at: destination.created_at.toISOString(),
    updated_at: destination.updated_at.toISOString(),
  };
}

const NO_COUNTS: Counts = {
  destination_id: "",
  waiting_count: 0,
  retrying_count: 0,
  failed_count: 0,
  delivered_in_hour: 0,
  last_attempt_at: null,
};

async function toEndpoints(db: Db, ctx: Ctx, rows: EndpointRow[]): Promise<Endpoint[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const counts = new Map((await readCounts(db, ctx, ids)).map((each) => [each.destination_id, each]));
  const makers = rows.map((row) => [row.made_by_kind, row.made_by_id] as const);
  const names = await namesOf(db, ctx.teamId, makers);
  return rows.map((row) => toEndpoint(row, counts.get(row.id), names));
}

export async function findEndpoint(db: Db, ctx: Ctx, id: string): Promise<Endpoint> {
  const row = await db.endpoint.findFirst({ where: { team_id: ctx.teamId, id }, select: SELECT });
  const [endpoint] = row ? await toEndpoints(db, ctx, [row]) : [];
  if (!endpoint) throw notFound("endpoint", id);
  return endpoint;
}

function whereOf(ctx: Ctx, { name, search, source_id, held }: ListEndpoints, window: PageWindow) {
  const contains = search === undefined ? undefined : literally(search);
  const found: Prisma.EndpointWhereInput[] | undefined =
    contains === undefined || search === undefined
      ? undefined
      : [
          { event_types: { has: search } },
          { destination: { name: { contains, mode: "insensitive" } } },
          { destination: { config: { path: ["url"], string_contains: contains, mode: "insensitive" } } },
        ];
  const destination: Prisma.DestinationWhereInput = {
    ...(name !== undefined && { name }),
    ...(held !== undefined && { endpoint_hold: held ? { not: null } : null }),
    ...(source_id !== undefined && { connections: { some: { source_id } } }),
  };
  return { ...window.where, team_id: ctx.teamId, destination, ...(found && { OR: found }) };
}

/** The rows of a page, with what the page is cut by. */
export async function readEndpoints(ctx: Ctx, input: ListEndpoints): Promise<{ rows: Endpoint[]; window: PageWindow }> {
  const window = pageWindow("destination", input, ctx.app.now());
  const { orderBy, take } = window;
  const rows = await ctx.app.db.endpoint.findMany({
    where: whereOf(ctx, input, window),
    orderBy,
    take,
    select: SELECT,
  });
  return { rows: await toEndpoints(ctx.app.db, ctx, rows), window };
}
