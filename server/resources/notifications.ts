// Notifications of issues: connections of the team's system source. So retries, evidence, limits and the check of addresses are
// those of any delivery, and nothing is sent by another way.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Connection } from "#server/contracts/connection.ts";
import type { CreateDestination, HttpDestinationConfig } from "#server/contracts/destination.ts";
import { IssueKind } from "#server/contracts/issue.ts";
import {
  type CreateNotification,
  type Notification,
  type Notifications,
  PAGER_URL,
  type TestedNotification,
} from "#server/contracts/notification.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { systemRequest } from "#server/issues/system-request.ts";
import { addJobStatement } from "#server/jobs.ts";
import { createConnection, listConnections } from "./connections.ts";
import { makeSystemSource } from "./system-source.ts";
import { transact } from "./transact.ts";

/** Of a team that has more to tell, the rest waits its turn. */
const LIMIT = { rate_limit: 20, rate_limit_period: "minute", concurrency: 2 } as const;
/** An end that overtakes its beginning would leave the pager triggered. */
const PAGER_ORDER = { ordering: "by_key", ordering_key: "body.dedup_key", on_order_failure: "skip" } as const;
const MAX_LISTED = 255;

/** The rule by which only these kinds pass; also what is read back of it. */
const ruleOf = (kinds: readonly IssueKind[] | undefined): Rule[] => [
  { type: "filter", body: { data: { kind: { $in: [...(kinds ?? IssueKind.options)] } } } },
];

function kindsOf(rules: readonly Rule[]): IssueKind[] | null {
  const text = JSON.stringify(rules.find(({ type }) => type === "filter") ?? {});
  const kinds = IssueKind.options.filter((kind) => text.includes(`"${kind}"`));
  return kinds.length === IssueKind.options.length || kinds.length === 0 ? null : kinds;
}

function destinationOf({ name, channel, url, routing_key }: CreateNotification): CreateDestination {
  const base = { ...LIMIT, http_method: "POST" as const, path_forwarding_disabled: true };
  if (channel !== "pager" && routing_key !== undefined)
    throw wrongField("routing_key", "Only a pager takes a routing key: leave it out, or choose the channel pager.");
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
  return toNotification(made);
}

const toNotification = (connection: Connection): Notification => ({
  id: connection.id,
  name: connection.name,
  destination_id: connection.destination_id,
  kinds: kindsOf(connection.rules),
  paused_at: connection.paused_at,
  disabled_at: connection.disabled_at,
  created_at: connection.created_at,
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
  return { data: data.map(toNotification) };
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
