// Notifications of issues: connections of the team's system source. So retries, evidence, limits and the check of addresses are
// those of any delivery, and nothing is sent by another way.
import { z } from "zod";
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Connection } from "#server/contracts/connection.ts";
import type { CreateDestination, HttpDestinationConfig } from "#server/contracts/destination.ts";
import { IssueKind } from "#server/contracts/issue.ts";
import {
  type CreateNotification,
  type Notification,
  type NotificationChannel,
  type Notifications,
  PAGER_URL,
  type TestedNotification,
  type UpdateNotification,
} from "#server/contracts/notification.ts";
import type { QuietHours, StoredQuiet } from "#server/contracts/quiet-hours.ts";
import { changeQuiet } from "#server/contracts/quiet-times.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { hasQuiet } from "#server/issues/quiet.sql.ts";
import { systemRequest } from "#server/issues/system-request.ts";
import { LATE_MS } from "#server/issues/tell-quiet.ts";
import { addJobStatement } from "#server/jobs.ts";
import { laterThan, lockAsRead } from "./changed-since.ts";
import { changeConnection, createConnection, getConnection, listConnections } from "./connections.ts";
import { makeSystemSource } from "./system-source.ts";
import { asJson, type Tx, transact } from "./transact.ts";

/** Of a team that has more to tell, the rest waits its turn. */
const LIMIT = { rate_limit: 20, rate_limit_period: "minute", concurrency: 2 } as const;
/** An end that overtakes its beginning would leave the pager triggered. */
const PAGER_ORDER = { ordering: "by_key", ordering_key: "body.dedup_key", on_order_failure: "skip" } as const;
const MAX_LISTED = 255;
const MAX_QUIET = 100;

/** The rule by which only these kinds pass; also what is read back of it. */
const ruleOf = (kinds: readonly IssueKind[] | undefined): Rule[] => [
  { type: "filter", body: { data: { kind: { $in: [...(kinds ?? IssueKind.options)] } } } },
];

/** The rule as it is made here: whoever has written another one changes that. */
const OwnFilter = z.strictObject({
  type: z.literal("filter"),
  body: z.strictObject({ data: z.strictObject({ kind: z.strictObject({ $in: z.array(IssueKind) }) }) }),
});

function kindsOf(rules: readonly Rule[]): IssueKind[] | null {
  const text = JSON.stringify(rules.find(({ type }) => type === "filter") ?? {});
  const kinds = IssueKind.options.filter((kind) => text.includes(`"${kind}"`));
  return kinds.length === IssueKind.options.length || kinds.length === 0 ? null : kinds;
}

function destinationOf({ name, channel, url, routing_key, addresses }: CreateNotification): CreateDestination {
  const base = { ...LIMIT, http_method: "POST" as const, path_forwarding_disabled: true };
  if (channel !== "pager" && routing_key !== undefined)
    throw wrongField("routing_key", "Only a pager takes a routing key: leave it out, or choose the channel pager.");
  if (channel !== "email" && addresses !== undefined)
    throw wrongField("addresses", "Only e-mail has addresses: leave them out, or choose the channel email.");
  if (channel === "email") {
    if (url !== undefined) throw wrongField("url", "E-mail has no URL: leave it out.");
    if (addresses === undefined) throw wrongField("addresses", "E-mail needs addresses that have been confirmed.");
    return { name, type: "EMAIL", config: { ...LIMIT, to: addresses } };
  }
  if (channel !== "pager" && url === undefined) throw wrongField("url", "This field is required: give a string.");
  if (channel === "pager") {
    if (routing_key === undefined) throw wrongField("routing_key", "A pager needs the key of its integration.");
    const auth = { field: "routing_key", api_key: routing_key };
    return { name, config: { ...base, ...PAGER_ORDER, url: url ?? PAGER_URL, auth_type: "BODY_KEY", auth } };
  }
  return { name, config: { ...base, ...(channel === "chat" ? chatAddress(url ?? "") : { url }) } };
}

/** Whoever knows the URL of an incoming webhook may write to the chat. A text that is no URL is refused as it stands. */
function chatAddress(text: string): Pick<HttpDestinationConfig, "url" | "auth_type" | "auth"> {
  const url = /[\s\\@]/.test(text) ? null : URL.parse(text);
  if (!url?.protocol.startsWith("http") || (url.pathname === "/" && url.search === ""))
    return { url: text, auth_type: "NONE", auth: {} };
  return { url: `${url.origin}/`, auth_type: "SECRET_PATH", auth: { url_path: `${url.pathname}${url.search}` } };
}

/** Makes the destination and the connection, and the system source where there is none. */
export async function createNotification(ctx: Ctx, input: CreateNotification): Promise<Notification> {
  requireCan(ctx, "connection.write");
  const destination = destinationOf(input);
  const source_id = (await systemSourceId(ctx)) ?? (await makeSystemSource(ctx)).id;
  const made = await createConnection(ctx, { name: input.name, source_id, destination, rules: ruleOf(input.kinds) });
  return describeOne(ctx, made);
}

interface Place {
  channel: NotificationChannel | null;
  to: string;
}

function placeOf({ type, config }: { type: string; config: unknown }): Place {
  const { url = "", auth_type, to = [] } = config as { url?: string; auth_type?: string; to?: string[] };
  if (type === "EMAIL") return { channel: "email", to: to.join(", ") };
  const host = URL.parse(url)?.host ?? "";
  if (type !== "HTTP") return { channel: null, to: host };
  if (auth_type === "BODY_KEY") return { channel: "pager", to: host };
  return { channel: auth_type === "SECRET_PATH" ? "chat" : "webhook", to: host };
}

async function withPlaces(ctx: Ctx, connections: readonly Connection[]): Promise<Notification[]> {
  const id = { in: connections.map(({ destination_id }) => destination_id) };
  const select = { id: true, type: true, config: true };
  const rows = await ctx.app.db.destination.findMany({ where: { team_id: ctx.teamId, id }, select });
  const places = new Map(rows.map((row) => [row.id, placeOf(row)]));
  const quiet = await quietHoursOf(ctx, connections);
  return connections.map((each) =>
    toNotification(each, places.get(each.destination_id) ?? { channel: null, to: "" }, quiet.get(each.id) ?? null),
  );
}

async function quietHoursOf(ctx: Ctx, connections: readonly Connection[]): Promise<Map<string, QuietHours | null>> {
  const where = { team_id: ctx.teamId, id: { in: connections.map(({ id }) => id) } };
  const rows = await ctx.app.db.connection.findMany({ where, select: { id: true, quiet_hours: true } });
  return new Map(rows.map(({ id, quiet_hours }) => [id, storedQuiet(quiet_hours).hours]));
}
const storedQuiet = (value: unknown) => (value ?? { hours: null, cut: null }) as StoredQuiet;

const toNotification = (
  connection: Connection,
  { channel, to }: Place,
  quiet_hours: QuietHours | null,
): Notification => ({
  id: connection.id,
  name: connection.name,
  destination_id: connection.destination_id,
  channel,
  to,
  kinds: kindsOf(connection.rules),
  quiet_hours,
  paused_at: connection.paused_at,
  disabled_at: connection.disabled_at,
  created_at: connection.created_at,
  updated_at: connection.updated_at,
});

async function systemSourceId(ctx: Ctx): Promise<string | null> {
  const where = { team_id: ctx.teamId, is_system: true };
  return (await ctx.app.db.source.findFirst({ where, select: { id: true } }))?.id ?? null;
}

/** Every connection of the system source, the newest first. */
export async function listNotifications(ctx: Ctx): Promise<Notifications> {
  const sourceId = await systemSourceId(ctx);
  if (sourceId === null) return { data: [] };
  const all = { limit: MAX_LISTED, order_by: "created_at", dir: "desc" } as const;
  const { data } = await listConnections(ctx, { ...all, source_id: [sourceId] });
  return { data: await withPlaces(ctx, data) };
}

async function findNotification(ctx: Ctx, id: string): Promise<Connection> {
  const sourceId = await systemSourceId(ctx);
  const where = { team_id: ctx.teamId, id, source_id: sourceId ?? "" };
  if ((await ctx.app.db.connection.count({ where })) === 0) throw notFound("notification", id);
  return getConnection(ctx, { id });
}

const describeOne = async (ctx: Ctx, connection: Connection): Promise<Notification> => {
  const [notification] = await withPlaces(ctx, [connection]);
  if (!notification) throw notFound("notification", connection.id);
  return notification;
};

export const getNotification = async (ctx: Ctx, { id }: ById): Promise<Notification> =>
  describeOne(ctx, await findNotification(ctx, id));

/** What is left out stays. */
export async function updateNotification(ctx: Ctx, input: UpdateNotification): Promise<Notification> {
  requireCan(ctx, "connection.write");
  const { id, kinds, quiet_hours } = input;
  const connection = await findNotification(ctx, id);
  if (quiet_hours) await requireQuietChannel(ctx, connection);
  // New kinds keep the other rules: whoever has changed those meanwhile keeps the change.
  const rules = kinds === undefined ? undefined : rulesWith(connection, kinds);
  const if_updated_at = input.if_updated_at ?? (rules && connection.updated_at);
  await transact(ctx, async (tx) => {
    await lockAsRead(tx, ctx, "connection", id, if_updated_at);
    if (rules !== undefined) await changeConnection(tx, ctx, id, { rules });
    if (quiet_hours !== undefined) await changeQuietHours(tx, ctx, id, quiet_hours);
  });
  return getNotification(ctx, { id });
}

/** @throws AppError UNPROCESSABLE: an end that is kept back leaves an incident open there, and a message of many closes none */
async function requireQuietChannel(ctx: Ctx, connection: Connection): Promise<void> {
  const { channel } = await describeOne(ctx, connection);
  if (channel !== "pager") return;
  throw wrongField("quiet_hours", "A pager takes each issue's beginning and end: set its hours in its own schedules.");
}

/** Hours that last are cut where they are changed: what they kept back is told then. */
async function changeQuietHours(tx: Tx, ctx: Ctx, id: string, hours: QuietHours | null): Promise<void> {
  const where = { team_id: ctx.teamId, id };
  const row = await tx.connection.findFirstOrThrow({ where, select: { quiet_hours: true, updated_at: true } });
  const before = storedQuiet(row.quiet_hours);
  const now = ctx.app.now();
  if (hours && !before.hours) await requireQuietRoom(tx, ctx, id);
  const at = laterThan(row.updated_at, now);
  const after = changeQuiet(before, hours, now.getTime());
  await tx.connection.update({ where, data: { quiet_hours: asJson(after), updated_at: at }, select: { id: true } });
  const said = ({ hours: quiet_hours }: StoredQuiet) => ({ quiet_hours });
  await recordAudit(tx, ctx, "update", "connection", id, { before: said(before), after: said(after), at });
}

/** @throws AppError UNPROCESSABLE: each minute the watch looks at every one of them, for this team and for those after it */
async function requireQuietRoom(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  // Of two at once the second waits here, so that it counts the first.
  await tx.$queryRaw`select id from team where id = ${ctx.teamId} for no key update`;
  const [row] = await tx.$queryRawUnsafe<{ others: number }[]>(
    `select count(*)::int as others from connection c where c.team_id = $1 and c.id <> $2 and ${hasQuiet("$3")}`,
    ctx.teamId,
    id,
    ctx.app.now().getTime() - LATE_MS,
  );
  if ((row?.others ?? 0) < MAX_QUIET) return;
  throw wrongField(
    "quiet_hours",
    `A team has at most ${MAX_QUIET} notifications with quiet hours, and one that had them counts for twelve hours more: let several people share one.`,
  );
}

/** The filter of the connection is replaced; its other rules stay. */
function rulesWith(connection: Connection, kinds: readonly IssueKind[] | null): Rule[] {
  const rest = connection.rules.filter(({ type }) => type !== "filter");
  if (connection.rules.some((rule) => rule.type === "filter" && !OwnFilter.safeParse(rule).success))
    throw wrongField(
      "kinds",
      "Its filter was written by hand: change it on the connection, where nothing of it is lost.",
    );
  return [...rest, ...ruleOf(kinds ?? undefined)];
}

/** Sends a message that says that it is a test, to this one alone. It goes the whole way of a notification. */
export async function testNotification(ctx: Ctx, { id }: ById): Promise<TestedNotification> {
  requireCan(ctx, "connection.write");
  const sourceId = await systemSourceId(ctx);
  const where = { team_id: ctx.teamId, id, source_id: sourceId ?? "" };
  const connection = await ctx.app.db.connection.findFirst({ where, select: { name: true } });
  if (!connection || sourceId === null) throw notFound("notification", id);
  const now = ctx.app.now();
  const row = systemRequest(ctx.teamId, sourceId, {
    key: `test ${id} ${now.getTime()}`,
    type: "notification.test",
    at: now,
    text: `A test of ${connection.name}: nothing is wrong. ${ctx.app.publicDashboardUrl}/issues`,
    data: { kind: "test" },
    pager: { action: "trigger", key: `test ${id}`, severity: "info" },
  });
  const job = addJobStatement("reroute-request", {
    teamId: ctx.teamId,
    requestId: row.id,
    connectionIds: [id],
    isForced: true,
  });
  await transact(ctx, async (tx) => {
    await tx.request.create({ data: { ...row, team_id: ctx.teamId, test: "unrouted" }, select: { id: true } });
    await tx.$executeRawUnsafe(job.text, ...job.values);
    await recordAudit(tx, ctx, "retry", "request", row.id, { after: { connection_ids: [id] } });
  });
  return { request_id: row.id };
}
