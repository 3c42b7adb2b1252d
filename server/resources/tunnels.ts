// Tunnels: sessions of `switchyard listen`. Each is a destination of type CLI with connections from the sources that it
// listens to, so that lists, the graph and an event's trace show it like any other receiver.
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import {
  type AnsweredTunnel,
  type AnswerTunnel,
  type ListTunnels,
  MAX_TUNNEL_SOURCES,
  type NextOfTunnel,
  type OpenTunnel,
  type Tunnel,
  type TunnelNews,
  type Tunnels,
} from "#server/contracts/tunnel.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { MAX_TUNNELS } from "#server/shares/team-shares.ts";
import { removeConnection, saveConnection } from "./connections.ts";
import { insertListener } from "./destinations.ts";
import { type Tx, transact, transactUpsert } from "./transact.ts";

/** While a call waits, it is noted every five seconds. */
const CONNECTED_MS = 15_000;

const SELECT = {
  destination_id: true,
  session: true,
  seen_at: true,
  created_at: true,
  destination: {
    select: {
      name: true,
      connections: {
        orderBy: { id: "asc" },
        select: { id: true, name: true, rules: true, source: { select: { id: true, name: true } } },
      },
    },
  },
} as const;

async function readRow(db: Pick<Tx, "tunnel">, ctx: Ctx, id: string) {
  const row = await db.tunnel.findFirst({ where: { team_id: ctx.teamId, destination_id: id }, select: SELECT });
  if (!row) throw notFound("tunnel", id);
  return row;
}

type TunnelRow = Awaited<ReturnType<typeof readRow>>;

function toTunnel(ctx: Ctx, { destination_id: id, destination, seen_at, created_at }: TunnelRow): Tunnel {
  const sources = new Map(destination.connections.map(({ source }) => [source.id, source]));
  return {
    id,
    name: destination.name,
    sources: [...sources.values()],
    is_connected: ctx.app.now().getTime() - seen_at.getTime() < CONNECTED_MS,
    seen_at: seen_at.toISOString(),
    created_at: created_at.toISOString(),
  };
}

export async function listTunnels(ctx: Ctx, _input: ListTunnels): Promise<Tunnels> {
  const where = { team_id: ctx.teamId };
  const rows = await ctx.app.db.tunnel.findMany({ where, orderBy: { created_at: "desc" }, select: SELECT });
  return { data: rows.map((row) => toTunnel(ctx, row)) };
}

export const getTunnel = async (ctx: Ctx, { id }: ById): Promise<Tunnel> =>
  toTunnel(ctx, await readRow(ctx.app.db, ctx, id));

interface Listened {
  id: string;
  name: string;
}

async function findSources(tx: Tx, ctx: Ctx, wanted: string[]): Promise<Listened[]> {
  const all = await tx.source.findMany({
    where: { team_id: ctx.teamId, is_system: false },
    orderBy: { id: "asc" },
    select: { id: true, name: true },
  });
  const found = wanted.includes("*") ? all : wanted.map((text, index) => named(all, text, index));
  if (found.length > MAX_TUNNEL_SOURCES) {
    const message = `These are ${found.length} sources: listen to at most ${MAX_TUNNEL_SOURCES}, by their names.`;
    throw wrongField("sources", message);
  }
  if (found.length === 0) throw wrongField("sources", "This team has no source yet: make one first.");
  return [...new Set(found)];
}

function named(all: Listened[], text: string, index: number): Listened {
  const found = all.find(({ id, name }) => id === text || name === text);
  if (!found) throw wrongField(`sources[${index}]`, `There is no source ${text}: see GET /sources.`);
  return found;
}

const MAX_NAME = 155;
/** A listener's connections have names of their own: nobody meets one that exists, or is in the way of another session. */
const connectionName = (listener: string, source: string) =>
  `${listener.slice(0, 60)}-${source.slice(0, MAX_NAME - 75)}-${randomBytes(5).toString("hex")}`;

/** The session's own tunnel where there is one; undefined where the name is free. */
async function findSession(tx: Tx, ctx: Ctx, { name, session }: OpenTunnel): Promise<TunnelRow | undefined> {
  const where = { team_id: ctx.teamId, name };
  const destination = await tx.destination.findFirst({ where, select: { id: true, tunnel: { select: SELECT } } });
  if (!destination) return undefined;
  if (!destination.tunnel) {
    throw wrongField("name", `A destination of this team is called ${name} already: choose another name.`);
  }
  const row = destination.tunnel;
  const isBusy = toTunnel(ctx, row).is_connected;
  if (row.session === session || !isBusy) return row;
  throw new AppError(
    "CONFLICT",
    `name: A listener called ${name} is connected: choose another name, and both get every event.`,
  );
}

async function insertTunnel(tx: Tx, ctx: Ctx, input: OpenTunnel): Promise<TunnelRow> {
  await tx.$executeRaw`select from team where id = ${ctx.teamId} for no key update`;
  const count = await tx.tunnel.count({ where: { team_id: ctx.teamId } });
  if (count >= MAX_TUNNELS) {
    const message = `This team has ${count} listeners: end one first, or wait until those that are away are gone.`;
    throw new AppError("CONFLICT", message);
  }
  const now = ctx.app.now();
  const id = await insertListener(tx, ctx, input.name);
  const times = { seen_at: now, created_at: now };
  await tx.tunnel.create({
    data: { team_id: ctx.teamId, destination_id: id, session: input.session, ...times },
    select: { destination_id: true },
  });
  return readRow(tx, ctx, id);
}

/** Leads these sources there and no others. What stays as it is keeps what was held for it. */
async function connect(tx: Tx, ctx: Ctx, row: TunnelRow, filter: FilterRule | undefined, sources: Listened[]) {
  const rules = filter ? [filter] : [];
  const left = new Set(sources.map(({ id }) => id));
  for (const { id, name, source, rules: before } of row.destination.connections) {
    if (!left.delete(source.id)) await removeConnection(tx, ctx, id);
    else if (!isDeepStrictEqual(before, rules)) await saveConnection(tx, ctx, { name, rules });
  }
  for (const { id, name } of sources.filter((one) => left.has(one.id))) {
    const ends = { source_id: id, destination_id: row.destination_id };
    await saveConnection(tx, ctx, { name: connectionName(row.destination.name, name), ...ends, rules });
  }
}

/** Idempotent for one session: a listener that comes back goes on with what was held for it. */
export async function openTunnel(ctx: Ctx, input: OpenTunnel): Promise<Tunnel> {
  requireCan(ctx, "connection.write");
  return transactUpsert(ctx, async (tx) => {
    const sources = await findSources(tx, ctx, input.sources);
    const known = await findSession(tx, ctx, input);
    const row = known ?? (await insertTunnel(tx, ctx, input));
    await connect(tx, ctx, row, input.filter, sources);
    const where = { destination_id: row.destination_id, team_id: ctx.teamId };
    await tx.tunnel.update({
      where,
      data: { session: input.session, seen_at: ctx.app.now() },
      select: { session: true },
    });
    return toTunnel(ctx, await readRow(tx, ctx, row.destination_id));
  });
}

/** The next events of a listener; waits for one where none is due. */
export async function nextOfTunnel(ctx: Ctx, input: NextOfTunnel): Promise<TunnelNews> {
  requireCan(ctx, "connection.write");
  const outcome = await ctx.app.tunnels.next({ ...input, teamId: ctx.teamId }, ctx.signal);
  if (outcome.kind === "gone") throw notFound("tunnel", input.id);
  if (outcome.kind === "taken") {
    throw new AppError(
      "CONFLICT",
      `Another listener called ${outcome.name} has taken this one's place: start yours under another name.`,
    );
  }
  return { token: outcome.token, events: outcome.events };
}

/** Records the answer of a person's server as an attempt. The same answer may come twice. */
export async function answerTunnel(ctx: Ctx, input: AnswerTunnel): Promise<AnsweredTunnel> {
  requireCan(ctx, "connection.write");
  const outcome = await ctx.app.tunnels.answer({ ...input, teamId: ctx.teamId });
  if (outcome.kind === "no_tunnel") throw notFound("tunnel", input.id);
  if (outcome.kind === "no_event") throw wrongField("event_id", `No event ${input.event_id} was sent here.`);
  if (outcome.kind === "wrong_attempt") {
    throw wrongField("attempt_id", "Give the attempt_id that came with the event, within a day.");
  }
  return { event_id: input.event_id, attempt_id: input.attempt_id, status: outcome.status };
}

/** Ends a session with its destination. What still waits for it is cancelled. */
export async function endTunnel(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "connection.write");
  await transact(ctx, async (tx) => {
    const row = await readRow(tx, ctx, id);
    for (const connection of row.destination.connections) await removeConnection(tx, ctx, connection.id);
    await tx.destination.deleteMany({ where: { team_id: ctx.teamId, id } });
    await recordAudit(tx, ctx, "delete", "destination", id, { before: { name: row.destination.name, type: "CLI" } });
  });
  await ctx.app.tunnels.leave(id);
  return { id };
}
