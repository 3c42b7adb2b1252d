// The calls of the fan-in guide, as they are printed there, with only host, key and team changed.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SecretOwner, secretsPlace } from "#server/crypto/secrets.ts";
import { childEnv } from "#server/env.ts";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ENVELOPE = `request.body = {
provider: "stripe",
event_id: request.body.id,
event_type: request.body.type,
object_id: request.body.data?.object?.id,
received_at: request.created_at,
data: request.body.data?.object ?? request.body
};
return request;`;

/** The bodies as the guide prints them. */
const STRIPE_SOURCE = `{
"name": "stripe-prod",
"type": "WEBHOOK",
"config": {
"auth_type": "HMAC",
"auth": {
"secret": "whsec_stripe_prod",
"signature_header": "stripe-signature"
},
"allowed_http_methods": ["POST"]
}
}`;
const SHOPIFY_SOURCE = STRIPE_SOURCE.replace("stripe-prod", "shopify-prod")
  .replace("whsec_stripe_prod", "shpss_shopify_prod")
  .replace("stripe-signature", "x-shopify-hmac-sha256");
const DESTINATION = `{
"name": "event-ingest-api",
"type": "HTTP",
"config": {
"url": "https://api.example.com/events",
"http_method": "POST",
"path_forwarding_disabled": false,
"rate_limit": 120,
"rate_limit_period": "minute",
"auth_type": "FASTHOOK_SIGNATURE",
"auth": {}
}
}`;
const STRIPE_CONNECTION = `{
"name": "stripe-to-ingest",
"source_id": "src_stripe",
"destination_id": "des_ingest",
"rules": [
{
"type": "filter",
"body": { "type": "invoice.paid" }
},
{
"type": "transform",
"transformation_id": "trs_stripe_to_envelope"
}
]
}`;
const SHOPIFY_CONNECTION = `{
"name": "shopify-to-ingest",
"source_id": "src_shopify",
"destination_id": "des_ingest",
"rules": [
{
"type": "deduplicate",
"window": 60000,
"include_fields": ["body.id"]
},
{
"type": "transform",
"transformation_id": "trs_shopify_to_envelope"
}
]
}`;

/** A call as the guide prints it. */
function printed(method: string, path: string, body?: string): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"https://api.fasthook.io${path}"`,
    '-H "Authorization: Bearer fh_api_xxx"',
    '-H "x-team-id: tm_xxx"',
    ...(body === undefined ? [] : ['-H "content-type: application/json"', `-d '${body}'`]),
  ];
  return lines.join(" \\\n");
}

/** Runs it as it stands, but for host, key and team. `-g` lets curl take `date_range[start]` for what it is. */
async function run(call: string) {
  const text = call
    .replace("https://api.fasthook.io", api.origin)
    .replace("fh_api_xxx", api.key)
    .replace("tm_xxx", api.teamId);
  const script = `curl() { command curl -sSg -w '\\n%{http_code}' "$@"; }\n${text}`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { env: childEnv({}) });
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)), text: stdout };
}

/** Gives a resource the id by which the printed calls name it; its secrets are sealed for their row. */
async function callIt(table: SecretOwner | "connection", id: string, printedId: string): Promise<void> {
  const { keyring } = api.app;
  expect(await api.db.$executeRawUnsafe(`update ${table} set id = $1 where id = $2`, printedId, id)).toBe(1);
  if (table === "connection" || table === "transformation") return;
  const read = `select secrets from ${table} where id = $1`;
  const [row] = await api.db.$queryRawUnsafe<{ secrets: string }[]>(read, printedId);
  const secrets = keyring.open(row?.secrets ?? "", secretsPlace(table, id));
  const sealed = keyring.seal(secrets, secretsPlace(table, printedId));
  await api.db.$executeRawUnsafe(`update ${table} set secrets = $1 where id = $2`, sealed, printedId);
}

async function storeRequest(sourceId: string, body: object): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  await api.db.request.create({
    data: {
      team_id: api.teamId,
      id: newId("request"),
      source_id: sourceId,
      status: "accepted",
      verified: true,
      method: "POST",
      path: "/",
      query: "",
      headers: [["content-type", "application/json"]],
      body: bytes,
      body_bytes: bytes.length,
      content_type: "application/json",
      remote_ip: "127.0.0.1",
      created_at: new Date(),
    },
  });
}

test("every call of the fan-in guide runs as printed and does what the text says", async () => {
  const stripe = await run(printed("POST", "/v1/sources", STRIPE_SOURCE));
  const shopify = await run(printed("POST", "/v1/sources", SHOPIFY_SOURCE));
  expect([stripe.status, shopify.status]).toEqual([201, 201]);
  expect(stripe.body.config).toMatchObject({ auth_type: "HMAC", allowed_http_methods: ["POST"] });
  expect(stripe.body.config.auth).toEqual({ secret: "whsec_…prod", signature_header: "stripe-signature" });
  expect(shopify.body.config.auth.secret).toBe("shpss_…prod");

  const destination = await run(printed("POST", "/v1/destinations", DESTINATION));
  expect(destination.status).toBe(201);
  expect(destination.body.config).toMatchObject({
    rate_limit: 120,
    rate_limit_period: "minute",
    auth_type: "SWITCHYARD_SIGNATURE",
  });

  const code = { code: ENVELOPE };
  for (const name of ["trs_stripe_to_envelope", "trs_shopify_to_envelope"])
    await callIt("transformation", (await api.post("/v1/transformations", { name, ...code })).body.id, name);
  await callIt("source", stripe.body.id, "src_stripe");
  await callIt("source", shopify.body.id, "src_shopify");
  await callIt("destination", destination.body.id, "des_ingest");
  const made = await run(printed("POST", "/v1/connections", STRIPE_CONNECTION));
  expect(made.status, made.text).toBe(201);
  expect(made.body.rules.map((rule: { type: string }) => rule.type)).toEqual(["transform", "filter"]);
  expect(made.body.warnings).toEqual([]);
  const second = await run(printed("POST", "/v1/connections", SHOPIFY_CONNECTION));
  expect(second.status, second.text).toBe(201);
  await callIt("connection", made.body.id, "web_stripe_ingest");
  await callIt("connection", second.body.id, "web_shopify_ingest");

  const reads = [
    "/v1/requests?from=now-24h&to=now&source_id=src_stripe&status=accepted",
    "/v1/events?from=now-24h&to=now&connection_id=web_stripe_ingest&destination_id=des_ingest",
    "/v1/attempts?event_id=evt_xxx&order_by=created_at&dir=desc",
  ];
  for (const path of reads) {
    const answer = await run(printed("GET", path));
    expect([answer.status, answer.body?.data], answer.text).toEqual([200, []]);
    expect(answer.body.pagination).toMatchObject({ order_by: "created_at", dir: "desc" });
  }
  const day = "date_range[start]=2026-05-29T00:00:00Z&date_range[end]=2026-05-29T23:59:59Z";
  const metrics = await run(printed("GET", `/v1/metrics/events?${day}&destination_id=des_ingest&granularity=1h`));
  expect([metrics.status, metrics.body.granularity, metrics.body.data.length]).toEqual([200, "1h", 24]);

  const paused = await run(printed("PUT", "/v1/connections/web_shopify_ingest/pause"));
  expect([paused.status, typeof paused.body.paused_at]).toEqual([200, "string"]);
  const limit = '{\n"config": {\n"rate_limit": 60,\n"rate_limit_period": "minute"\n}\n}';
  const patched = await run(printed("PATCH", "/v1/destinations/des_ingest", limit));
  expect(patched.body.config, patched.text).toMatchObject({
    rate_limit: 60,
    url: "https://api.example.com/events",
    http_method: "POST",
  });
});

test("a save warns when the filter reads what the transform's output for the newest request lacks", async () => {
  const source = await api.post("/v1/sources", { name: "warned" });
  const envelope = await api.post("/v1/transformations", { name: "warned", code: ENVELOPE });
  const rules = [
    { type: "filter", body: { type: "invoice.paid" } },
    { type: "transform", transformation_id: envelope.body.id },
  ];
  await storeRequest(source.body.id, { id: "evt_1", type: "invoice.paid", data: { object: { id: "in_1" } } });
  const input = {
    name: "warned",
    source_id: source.body.id,
    destination: { name: "warned", config: { url: "https://api.example.com/events" } },
    rules,
  };

  const made = await api.post("/v1/connections", input);
  expect(made.status).toBe(201);
  expect(made.body.warnings).toEqual([
    { path: "rules[1].body.type", message: expect.stringMatching(/body\.type.*lacks.*after the transform/) },
  ]);
  const again = await api.put("/v1/connections", input);
  expect(again.body.warnings).toHaveLength(1);
  const mended = await api.patch(`/v1/connections/${made.body.id}`, {
    rules: [{ type: "filter", body: { event_type: "invoice.paid" } }, rules[1]],
  });
  expect(mended.body.warnings).toEqual([]);

  const failing = await api.put("/v1/transformations", { name: "warned", code: "throw new Error('not this one')" });
  expect(failing.status).toBe(200);
  const failed = await api.patch(`/v1/connections/${made.body.id}`, { rules });
  expect(failed.body.warnings).toEqual([
    { path: "rules[0].transformation_id", message: expect.stringContaining("not this one") },
  ]);
});
