// A team with one resource of each kind, and with secrets that nothing may show.
import type { Operation } from "#server/api/operation.ts";
import type { Db } from "#server/database/prisma.ts";
import { derivedId, newId } from "#server/ids.ts";
import type { Answer } from "./api.ts";
import { plantedIssue, rejectingSource } from "./planted-issue.ts";

export const CANARIES = {
  stripe: "whsec_canary_Stripe_secret_7Q",
  basic: "canary-basic-password-8W",
  previous: "canary-previous-password-9E",
  bearer: "canary-bearer-token-value-1R",
  short: "canaryPwd",
  bucket: "canary-bucket-secret-key-2T",
  pager: "canary-pager-routing-key-3Y",
  chat: "canary-chat-hook-path-4U",
};
export const url = "https://receiver.example.com/hooks";
const bucket = {
  bucket: "canary-bucket",
  region: "us-east-1",
  endpoint: "https://store.invalid",
  auth: { access_key_id: "AKIATEST", secret_access_key: CANARIES.bucket },
};

const PLANTED_FLOW = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: planted }
spec: { destinations: [{ name: of-the-flow, type: MOCK }] }
`;

interface Planted {
  db: Db;
  teamId: string;
}

/** What planting asks of the API; `body` is the parsed answer. */
interface PlantedApi extends Planted {
  get(path: string): Promise<Pick<Answer, "body">>;
  post(path: string, body?: unknown): Promise<Pick<Answer, "body">>;
}

/** The kind of resource that a field of an input names. */
export const KINDS_OF_FIELDS: Readonly<Record<string, string>> = {
  source: "sources",
  source_id: "sources",
  destination_id: "destinations",
  connection_id: "connections",
  connection_ids: "connections",
  transformation_id: "transformations",
  request_id: "requests",
  event_id: "events",
};

/** Makes them, and resolves to their ids by kind. */
export async function plantTeam(api: PlantedApi): Promise<Record<string, string>> {
  const source = await api.post("/v1/sources", {
    name: "s",
    type: "STRIPE",
    config: { auth: { secret: CANARIES.stripe } },
  });
  const basic = { username: "u", password: CANARIES.basic, previous_password: CANARIES.previous };
  await api.post("/v1/sources", { name: "published", type: "PUBLISH" });
  await api.post("/v1/sources", { name: "s2", config: { auth_type: "BASIC_AUTH", auth: basic } });
  const bearer = { url, auth_type: "BEARER_TOKEN", auth: { token: CANARIES.bearer } };
  const destination = await api.post("/v1/destinations", {
    name: "d",
    config: { ...bearer, groups: { key: "body.customer_id" } },
  });
  const short = { url, auth_type: "BASIC_AUTH", auth: { username: "u", password: CANARIES.short } };
  await api.post("/v1/destinations", { name: "d2", config: short });
  const transformation = await api.post("/v1/transformations", { name: "t", code: "return request;" });
  const rules = [{ type: "transform", transformation_id: transformation.body.id }];
  const ends = { source_id: source.body.id, destination_id: destination.body.id };
  const connection = await api.post("/v1/connections", { name: "c", ...ends, rules });
  const registration = { url: `${url}/agent`, eventTypes: ["never"], source: source.body.id };
  const endpoint = await api.post("/v1/endpoints", registration);
  const apiKey = await api.post("/v1/api-keys", { name: "k" });
  const notification = await api.post("/v1/notifications", { name: "told", url });
  const pager = { channel: "pager", url, routing_key: CANARIES.pager };
  await api.post("/v1/notifications", { name: "pager", ...pager });
  const chat = { channel: "chat", url: new URL(`/services/${CANARIES.chat}`, url).href };
  await api.post("/v1/notifications", { name: "chat", ...chat });
  const address = {
    team_id: api.teamId,
    address: "told@example.com",
    confirmed_at: new Date(),
    created_at: new Date(),
  };
  const mail = await api.db.mailAddress.create({ data: { ...address, id: newId("mail_address") } });
  const view = await api.post("/v1/views", { list: "events", name: "v", filters: { status: "FAILED" } });
  await api.post("/v1/flows/apply", { text: PLANTED_FLOW });
  const { body: applied } = await api.get("/v1/flows");
  const invitation = await api.post("/v1/invitations", { email: "invited@example.com", role: "viewer" });
  const stored = await plantWebhook(api, { ...ends, connection_id: connection.body.id });
  return {
    teams: api.teamId,
    sources: source.body.id,
    destinations: destination.body.id,
    connections: connection.body.id,
    endpoints: endpoint.body.id,
    transformations: transformation.body.id,
    "api-keys": apiKey.body.id,
    notifications: notification.body.id,
    "mail-addresses": mail.id,
    views: view.body.id,
    flows: applied.data[0].id,
    members: await plantMember(api),
    invitations: invitation.body.id,
    versions: "1",
    issues: await plantIssue(api, source.body.id),
    bulk: await plantBulk(api, new Date()),
    ...stored,
    ...(await plantTunnel(api, source.body.id, stored.requests)),
  };
}

async function plantTunnel(api: PlantedApi, sourceId: string, requestId: string) {
  const open = { name: "listener", session: "1".repeat(32), sources: [sourceId] };
  const tunnels = (await api.post("/v1/tunnels", open)).body.id;
  const { id: connection_id } = await api.db.connection.findFirstOrThrow({ where: { destination_id: tunnels } });
  const branch = { source_id: sourceId, destination_id: tunnels, connection_id, request_id: requestId };
  const tunnelled = derivedId("event", requestId, connection_id);
  const event = { status: "DELIVERED", trigger: "INITIAL", why: [], created_at: new Date() };
  await api.db.event.create({ data: { team_id: api.teamId, id: tunnelled, ...branch, ...event } });
  return { tunnels, tunnelled };
}

async function plantMember(api: PlantedApi): Promise<string> {
  const member = { create: { team_id: api.teamId, role: "viewer" } };
  const id = newId("user");
  const data = { id, email: `${id}@example.com`.toLowerCase(), name: "member", members: member };
  return (await api.db.user.create({ data, select: { id: true } })).id;
}

/** A request with an event and its attempt, of a branch; resolves to the ids of all three by kind. */
export async function plantWebhook(
  api: Planted,
  branch: { source_id: string; destination_id: string; connection_id: string },
  status: "DELIVERED" | "HOLD" = "DELIVERED",
): Promise<Record<"requests" | "events" | "attempts", string>> {
  const requestId = newId("request");
  const eventId = derivedId("event", requestId, branch.connection_id);
  const attemptId = newId("attempt");
  const base = { team_id: api.teamId, created_at: new Date() };
  await api.db.request.create({
    data: {
      ...base,
      id: requestId,
      source_id: branch.source_id,
      status: "accepted",
      verified: true,
      method: "POST",
      path: "/",
      query: "",
      headers: [["Content-Type", "text/html"]],
      body: Buffer.from("<script>alert(1)</script>"),
      content_type: "text/html",
      body_bytes: 25,
      remote_ip: "127.0.0.1",
    },
  });
  const hold = status === "HOLD" ? { hold_reason: "connection_paused" } : {};
  const event = { request_id: requestId, status, ...hold, trigger: "INITIAL", why: [], attempts: 1 };
  await api.db.event.create({ data: { ...base, ...branch, ...event, id: eventId } });
  const attempt = {
    event_id: eventId,
    number: 1,
    trigger: "INITIAL",
    requested_url: url,
    http_method: "POST",
    request_headers: [],
    latency_ms: 1,
  };
  await api.db.attempt.create({ data: { ...base, ...branch, ...attempt, id: attemptId } });
  return { requests: requestId, events: eventId, attempts: attemptId };
}

/** An open issue of the source; resolves to its id. */
export async function plantIssue({ db, teamId }: Planted, sourceId: string): Promise<string> {
  return (await db.issue.create({ data: plantedIssue(teamId, new Date(), rejectingSource(sourceId)) })).id;
}

/** A running operation of many events, which turns its next page at `nextPageAt`; resolves to its id. */
export async function plantBulk({ db, teamId }: Planted, nextPageAt: Date): Promise<string> {
  const [id, now] = [newId("bulk_operation"), new Date()];
  const asked = { kind: "events_retry", state: "RUNNING", actor_kind: "system", actor_id: "test" };
  const filter = { from: now.toISOString(), to: now.toISOString() };
  const data = { team_id: teamId, id, filter, ...asked, created_at: now, next_page_at: nextPageAt };
  await db.bulkOperation.create({ data });
  return id;
}

/** A body that the contract accepts wherever one is needed. */
export function bodyFor(operation: Operation, ids: Record<string, string>): unknown {
  if (operation.method === "GET" || operation.method === "DELETE") return undefined;
  const bodies: Record<string, unknown> = {
    "/sources": { name: "new" },
    "/destinations": { name: "new", config: { url } },
    "/connections": { name: "new", source: { name: "new-s" }, destination: { name: "new-d", config: { url } } },
    "/connections/dry-run": { source_id: ids.sources, rules: [] },
    "/transformations": { name: "new", code: "return request;" },
    "/transformations/run": { code: "return request;" },
    "/transformations/:id/restore": { version: 1 },
    "/transformations/:id/duplicate": { name: "copy" },
    "/destinations/:id/duplicate": { name: "copy" },
    "/destinations/check": { config: bucket },
    "/destinations/:id/breaker": { mode: "auto" },
    "/destinations/:id/groups/pause": { value: "one" },
    "/destinations/:id/groups/resume": { value: "one" },
    "/sources/:id/duplicate": { name: "copy" },
    "/api-keys": { name: "new" },
    "/routes": { routes: [{ name: "all", source: "*", event_type: "*", destination: { name: "all", type: "MOCK" } }] },
    "/publish": { source: "published", type: "order.paid" },
    "/tunnels": { name: "laptop", session: "0".repeat(32), sources: ["*"] },
    "/tunnels/:id/next": { session: "1".repeat(32), wait_ms: 0 },
    "/tunnels/:id/answers": {
      ...{ event_id: ids.tunnelled, attempt_id: newId("attempt"), token: "1", requested_url: url, http_method: "POST" },
      ...{ request_headers: [], response_status: 200, response_headers: [], response_body_base64: "" },
      ...{ error_code: null, latency_ms: 1 },
    },
    "/flows/plan": { text: PLANTED_FLOW },
    "/flows/apply": { text: PLANTED_FLOW },
    "/endpoints": { url, eventTypes: ["order.*"] },
    "/views": { list: "events", name: "new", filters: {} },
    "/notifications": { name: "told-too", url },
    "/notifications/:id": { kinds: null },
    "/mail-addresses": { address: "told@example.com" },
    "/mail-addresses/:id/confirm": { code: "0000-0000-0000" },
    "/issues/rules": { rules: { backlog: { late_ms: 600_000 } } },
    "/retention": { days: 7 },
    "/issues/:id/snooze": { for_ms: 60_000 },
    "/requests/:id/erase": { reason: "asked for" },
    "/events/:id/resend": { destination_id: ids.destinations },
    "/destinations/:id/check-signature": { signature: "v1,x", body: "" },
    "/versions/:number/restore": { resource_id: ids.sources, if_newest: 1 },
    "/members/:id": { role: "member" },
    "/invitations": { email: "new@example.com", role: "viewer" },
    ...Object.fromEntries(
      ["/events/replay", "/bulk/events/retry", "/bulk/events/cancel", "/bulk/requests/retry"].flatMap((path) => {
        const what = { from: "now-1h", ...(path === "/events/replay" && { source: ids.sources }) };
        return [
          [path, what],
          [`${path}/plan`, what],
        ];
      }),
    ),
  };
  return bodies[operation.path] ?? {};
}
