// Rows for the pages of the lists: requests, their events and attempts, in every state.
import { Client } from "pg";
import { newId } from "#server/ids.ts";
import { newDestinationSettings } from "#server/resources/destination-settings.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { policyUnder } from "./egress-policy.ts";

const TEAM = "tm_default";
const SECOND_MS = 1000;

const ENDS = [
  { source: "stripe-live", type: "STRIPE", connection: "stripe-ledger", destination: "billing-ledger" },
  { source: "shopify-store", type: "SHOPIFY", connection: "shopify-refunds", destination: "billing-ledger" },
  { source: "github-org", type: "GITHUB", connection: "github-index", destination: "search-index" },
] as const;
const TYPES = ["invoice.paid", "charge.refunded", "refunds/create", "customer.subscription.updated", "push"];
type Fate = [status: string, attempts: number, response: number | null, error: string | null, hold: string | null];
const FATES: readonly Fate[] = [
  ["DELIVERED", 1, 200, null, null],
  ["DELIVERED", 2, 202, null, null],
  ["RETRYING", 2, null, "TIMEOUT", null],
  ["DELIVERED", 1, 200, null, null],
  ["HOLD", 0, null, null, "breaker_open"],
  ["DELIVERED", 1, 204, null, null],
  ["FAILED", 6, 503, "BAD_RESPONSE", null],
  ["DELIVERED", 1, 200, null, null],
  ["QUEUED", 0, null, null, null],
  ["DELIVERED", 1, 200, null, null],
];

export interface ListRows {
  client: Client;
  branches: readonly { sourceId: string; connectionId: string; destinationId: string }[];
  /** One request with its event and, where it was tried, an attempt; `at` says when, `i` what becomes of it. */
  add(at: Date, i: number): Promise<{ requestId: string; eventId: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function insert(client: Client, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  await client.query(`insert into ${table} (${columns.join(", ")}) values (${places.join(", ")})`, Object.values(row));
}

/** The sources, connections and destinations of the default team; `add` makes what went over them. */
export async function openListRows(databaseUrl: string, now: Date): Promise<ListRows> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await ensurePartitions(client, now.getTime(), 2);
  await client.query("insert into team (id, name) values ($1, 'Default') on conflict do nothing", [TEAM]);
  const destinations = new Map(
    [...new Set(ENDS.map((end) => end.destination))].map((name) => [name, newId("destination")]),
  );
  const { settings } = newDestinationSettings("MOCK", {}, { policy: policyUnder(), now });
  for (const [name, id] of destinations)
    await insert(client, "destination", { id, team_id: TEAM, name, type: "MOCK", config: settings.config });
  const branches: ListRows["branches"][number][] = [];
  for (const end of ENDS) {
    const branch = {
      sourceId: newId("source"),
      connectionId: newId("connection"),
      destinationId: destinations.get(end.destination) ?? "",
    };
    const { sourceId: source_id, connectionId, destinationId: destination_id } = branch;
    const config = newSourceConfig("WEBHOOK", {});
    await insert(client, "source", {
      id: source_id,
      team_id: TEAM,
      name: end.source,
      type: end.type,
      key: end.source,
      config,
    });
    await insert(client, "connection", {
      id: connectionId,
      team_id: TEAM,
      name: end.connection,
      source_id,
      destination_id,
    });
    branches.push(branch);
  }
  return {
    client,
    branches,
    add: (at, i) => addOne(client, branches[i % branches.length] ?? branches[0], at, i),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function addOne(client: Client, branch: ListRows["branches"][number] | undefined, at: Date, i: number) {
  if (!branch) throw new Error("The rows have no branch to go over.");
  const { sourceId: source_id, connectionId: connection_id, destinationId: destination_id } = branch;
  const [status, attempts, response_status, error_code, hold_reason] = FATES[i % FATES.length] ?? [
    "DELIVERED",
    1,
    200,
    null,
    null,
  ];
  const key = { team_id: TEAM, source_id, created_at: at };
  const event_type = TYPES[i % TYPES.length];
  const isRejected = i % 12 === 11;
  const requestId = newId("request", at.getTime());
  const body = Buffer.from(JSON.stringify({ id: i, customer: `cus_${i % 7}`, type: event_type }));
  await insert(client, "request", {
    ...key,
    id: requestId,
    status: isRejected ? "rejected" : "accepted",
    verified: !isRejected,
    verification: isRejected ? "failed" : "verified",
    rejection_cause: isRejected ? "VERIFICATION_FAILED" : null,
    method: "POST",
    path: "/",
    query: "",
    headers: "[]",
    body,
    content_type: "application/json",
    body_bytes: body.length,
    event_type,
    remote_ip: "203.0.113.7",
  });
  const eventId = newId("event", at.getTime());
  if (isRejected) return { requestId, eventId };
  const route = { connection_id, destination_id };
  await insert(client, "event", {
    ...{ ...key, ...route, event_type, status, attempts, response_status, error_code, hold_reason },
    id: eventId,
    request_id: requestId,
    trigger: "INITIAL",
    why: "[]",
  });
  if (attempts === 0) return { requestId, eventId };
  await insert(client, "attempt", {
    ...{ ...key, ...route, response_status, error_code },
    id: newId("attempt", at.getTime()),
    event_id: eventId,
    number: attempts,
    trigger: attempts > 1 ? "AUTOMATIC" : "INITIAL",
    requested_url: "https://ledger.example.com/hooks",
    http_method: "POST",
    request_headers: "[]",
    latency_ms: error_code === "TIMEOUT" ? 15_000 : 40 + (i % 300),
  });
  return { requestId, eventId };
}

/** `count` requests, the newest now and the others a few seconds before each other. */
export async function insertListRows(rows: ListRows, now: Date, count: number, stepMs = 9 * SECOND_MS): Promise<void> {
  await rows.client.query("begin");
  for (let i = 0; i < count; i++) await rows.add(new Date(now.getTime() - i * stepMs), i);
  await rows.client.query("commit");
}

/** Many requests of one moment, which nothing became of. */
export async function insertOldRequests({ client, branches }: ListRows, at: Date, count: number): Promise<void> {
  await client.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     select $1, $2 || lpad(n::text, 16, '0'), $3, 'accepted', true, 'POST', '/', '', '[]', '{}', 2, '127.0.0.1', $4
     from generate_series(1, $5::integer) as n`,
    [TEAM, newId("request", at.getTime()).slice(0, 14), branches[0]?.sourceId, at, count],
  );
}
