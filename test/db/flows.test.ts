// Flows over the API: a file is planned, applied as one or not at all, and exported again.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const flow = (name: string, spec: string) =>
  `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: ${name} }\nspec:\n${spec}`;

const PAYMENTS = flow(
  "payments",
  `  source:
    name: payment-provider
    type: STRIPE
    auth: { secret: { secretFrom: { env: STRIPE_SECRET } } }
  transformations:
    - name: slim
      code: |
        return request;
  destinations:
    - name: order-processing
      url: https://orders.example.com/hooks
      rateLimit: 900/minute
      timeout: 10s
      deadLetter: parked
      retry: { strategy: exponential, interval: 1m, count: 8 }
      filter: { eventType: "payment.*" }
    - name: analytics
      url: https://analytics.example.com/in
      ordering: by_key
      orderingKey: body.data.id
      concurrency: 4
      retry: { strategy: custom, schedule: [1s, 1m, 1h] }
      transform: slim
      delay: 5m
      deduplicate: { window: 1m, includeFields: [body.id] }
      paused: true
    - name: parked
      type: MOCK
      connect: false
`,
);
const secrets = { STRIPE_SECRET: "whsec_payments_secret_of_the_test" };
const plan = (text: string, more: object = {}) => api.post("/v1/flows/plan", { text, secrets, ...more });
const apply = (text: string, more: object = {}) => api.post("/v1/flows/apply", { text, secrets, ...more });
const idOf = async (kind: string, name: string) => (await api.get(`/v1/${kind}?name=${name}`)).body.data[0]?.id;
type Change = {
  action: string;
  kind: string;
  name: string;
  fields: { path: string; before: unknown; after: unknown }[];
};
const told = (changes: Change[]) =>
  changes.flatMap(({ kind, name, fields }) =>
    fields.map(({ path, before, after }) => [kind, name, path, before, after]),
  );

describe("a flow", () => {
  test("is planned with everything that it makes, and saves nothing by it", async () => {
    const before = await countConfig(api);
    const { status, body } = await plan(PAYMENTS);
    expect([status, body.problems]).toEqual([200, []]);
    expect(body.changes.map(({ action, kind, name }: Change) => [action, kind, name])).toEqual([
      ["create", "source", "payment-provider"],
      ["create", "destination", "order-processing"],
      ["create", "connection", "payment-provider-order-processing"],
      ["create", "destination", "analytics"],
      ["create", "connection", "payment-provider-analytics"],
      ["create", "destination", "parked"],
      ["create", "transformation", "slim"],
    ]);
    expect(told(body.changes)).toContainEqual([
      "destination",
      "order-processing",
      "config.rate_limit",
      null,
      "900/minute",
    ]);
    expect(body.changes[1].line).toBe(14);
    expect(await countConfig(api)).toEqual(before);
  });

  test("that is applied is there whole, and applied again changes nothing", async () => {
    const planned = await plan(PAYMENTS);
    const { status, body } = await apply(PAYMENTS, { fingerprint: planned.body.fingerprint });
    expect([status, body.is_changed, body.changes.length]).toEqual([200, true, 7]);
    expect(body.made_secrets.map(({ name }: { name: string }) => name).sort()).toEqual([
      "analytics",
      "order-processing",
    ]);
    const orders = (await api.get(`/v1/destinations?name=order-processing`)).body.data[0];
    expect(orders.config).toMatchObject({
      timeout_ms: 10_000,
      rate_limit: 900,
      dead_letter_destination_id: await idOf("destinations", "parked"),
    });
    const branch = (await api.get(`/v1/connections?name=payment-provider-analytics`)).body.data[0];
    expect(branch.paused_at).not.toBeNull();
    expect(branch.rules).toEqual([
      { type: "deduplicate", window: 60_000, include_fields: ["body.id"] },
      { type: "transform", transformation_id: await idOf("transformations", "slim") },
      { type: "delay", delay: 300_000 },
      { type: "retry", strategy: "custom", schedule: [1_000, 60_000, 3_600_000] },
    ]);
    const rows = await countConfig(api);
    expect((await plan(PAYMENTS)).body).toMatchObject({ is_empty: true, changes: [], unchanged_count: 7 });
    const again = await apply(PAYMENTS);
    expect(again.body).toMatchObject({ is_changed: false, changes: [] });
    expect(await countConfig(api)).toEqual(rows);
  });

  test("stands in the audit log with each resource that it made, once", async () => {
    const { body } = await api.get("/v1/audit?limit=255");
    const entries = body.data.filter(({ after }: { after: { flow?: string } | null }) => after?.flow === "payments");
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(Array(7).fill("create"));
    expect(new Set(entries.map(({ resource_id }: { resource_id: string }) => resource_id)).size).toBe(7);
  });

  test("is exported as what applies to nothing, and to the same bytes again", async () => {
    const first = await api.get("/v1/flows/export");
    expect(first.body.text).not.toContain(secrets.STRIPE_SECRET);
    const planned = await api.post("/v1/flows/plan", { text: first.body.text });
    expect(planned.body.problems).toEqual([]);
    expect(planned.body.changes).toEqual([]);
    expect((await api.post("/v1/flows/apply", { text: first.body.text })).status).toBe(200);
    expect((await api.get("/v1/flows/export")).body.text).toBe(first.body.text);
  });
});

test("an export leaves out what registers itself, until a file declares it", async () => {
  const key = await api.makeKey([await api.makeTeam("with an endpoint")]);
  await api.post("/v1/sources", { name: "shop" }, { key });
  const url = "https://agent.example.com/hooks";
  const made = await api.post("/v1/endpoints", { url, eventTypes: ["*"], name: "agent", ttl: 300 }, { key });
  expect(made.status, made.text).toBe(201);
  const exported = async () => (await api.get("/v1/flows/export", { key })).body.text as string;
  expect(await exported()).toContain("name: shop");
  expect(await exported()).not.toContain("agent");
  const text = flow("agents", `  destinations: [{ name: agent, url: "${url}" }]\n`);
  expect((await api.post("/v1/flows/apply", { text }, { key })).status).toBe(200);
  expect(await exported()).toContain("name: agent");
});

test("a file that only takes what is there is in the audit log, once", async () => {
  const key = await api.makeKey([await api.makeTeam("with its own")]);
  await api.post("/v1/destinations", { name: "there", type: "MOCK" }, { key });
  const text =
    "apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: taker }\nspec: { destinations: [{ name: there, type: MOCK }] }\n";
  for (const isChanged of [true, false]) {
    const { body } = await api.post("/v1/flows/apply", { text }, { key });
    expect(body).toMatchObject({ is_changed: isChanged, changes: [] });
  }
  const { body } = await api.get("/v1/audit?resource_kind=flow", { key });
  expect(body.data).toMatchObject([
    { action: "create", after: { name: "taker", now_declares: ["destination there"] }, actor_kind: "api_key" },
  ]);
});
