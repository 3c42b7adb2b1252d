// What somebody changes by hand after a file was applied: it is told with its author, chosen about, and never put back by itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  key = await api.makeKey([await api.makeTeam("a team of its own")]);
});

const file = (spec: string, name = "payments") =>
  `apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: ${name} }\nspec:\n${spec}`;
const PAYMENTS = file(`  source: { name: shop }
  destinations:
    - name: orders
      type: MOCK
      rateLimit: 600/minute
      retry: { strategy: linear, interval: 1m, count: 8 }
    - name: ledger
      type: MOCK
`);
const post = (path: string, body: object) => api.post(`/v1/flows/${path}`, body, { key });
const applied = async (text: string, more: object = {}) => {
  const answer = await post("apply", { text, ...more });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const one = async (kind: string, name: string) => (await api.get(`/v1/${kind}?name=${name}`, { key })).body.data[0];
const change = async (kind: string, name: string, body: object) => {
  const answer = await api.patch(`/v1/${kind}/${(await one(kind, name)).id}`, body, { key });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const flows = async () => (await api.get("/v1/flows", { key })).body.data;

describe("a change by hand", () => {
  beforeEach(async () => {
    await applied(PAYMENTS);
    await change("destinations", "orders", { config: { rate_limit: 300 } });
    const retry = { type: "retry", strategy: "linear", interval: 60_000, count: 10 };
    await change("connections", "shop-orders", { rules: [retry] });
  });

  test("is told by field, with what the file said and who it was", async () => {
    const [flow] = await flows();
    expect(flow.drifted_count).toBe(2);
    const drifted = flow.resources.filter(({ drift }: { drift: unknown[] }) => drift.length > 0);
    expect(drifted.map(({ name, drift }: { name: string; drift: object[] }) => [name, drift])).toEqual(
      expect.arrayContaining([
        [
          "orders",
          [
            {
              path: "config.rate_limit",
              file: "600/minute",
              runs: "300/minute",
              changed_by: expect.objectContaining({ actor_kind: "api_key", actor_name: "test" }),
            },
          ],
        ],
        [
          "shop-orders",
          [
            {
              path: "rules.retry.count",
              file: 8,
              runs: 10,
              changed_by: expect.objectContaining({ actor_kind: "api_key" }),
            },
          ],
        ],
      ]),
    );
  });

  test("needs a choice before the file is applied again", async () => {
    const before = await countConfig(api);
    const refused = await post("apply", { text: PAYMENTS });
    expect(refused.status).toBe(422);
    expect(refused.body.error.message).toContain(
      "config.rate_limit of the destination orders, changed by test; rules.retry.count of the connection shop-orders",
    );
    expect(await countConfig(api)).toEqual(before);
  });

  test("is undone where the file is chosen, and stays drifted where what runs is", async () => {
    const path = { kind: "destination", name: "orders", path: "config.rate_limit" };
    const done = await applied(PAYMENTS, { choices: [{ ...path, take: "runs" }], drift: "file" });
    expect(done.changes.map(({ name }: { name: string }) => name)).toEqual(["shop-orders"]);
    expect((await one("connections", "shop-orders")).rules[0].count).toBe(8);
    expect((await one("destinations", "orders")).config.rate_limit).toBe(300);
    const [flow] = await flows();
    const drift = flow.resources.flatMap((each: { drift: object[] }) => each.drift);
    expect(drift).toMatchObject([{ path: "config.rate_limit", changed_by: { actor_name: "test" } }]);
  });

  test("ends as drift when it comes into the file", async () => {
    const taken = PAYMENTS.replace("600/minute", "300/minute").replace("count: 8", "count: 10");
    const done = await applied(taken);
    expect(done).toMatchObject({ is_changed: true, changes: [] });
    expect((await flows())[0].drifted_count).toBe(0);
  });
});

test("a field of every kind that runs can be kept", async () => {
  const text = file(`  source: { name: shop, rateLimit: 5/second }
  transformations: [{ name: slim, code: return request; }]
  destinations:
    - { name: orders, type: MOCK, deadLetter: parked, transform: slim, filter: { eventType: "a.*" } }
    - { name: parked, type: MOCK, connect: false }
`);
  await applied(text);
  await change("sources", "shop", { description: "by hand", config: { rate_limit: 9 }, disabled: true });
  await change("transformations", "slim", { code: "request.body = 1;\nreturn request;" });
  await change("destinations", "orders", { config: { dead_letter_destination_id: null, breaker: { mode: "off" } } });
  await change("connections", "shop-orders", { rules: [{ type: "delay", delay: 5_000 }], paused: true });
  const before = await countConfig(api);
  const planned = await post("plan", { text });
  const drifted = planned.body.changes.flatMap(({ fields }: { fields: { path: string; drift: unknown }[] }) => fields);
  expect(drifted.every(({ drift }: { drift: unknown }) => drift !== null)).toBe(true);
  expect(drifted.length).toBeGreaterThan(8);
  expect(await applied(text, { drift: "runs" })).toMatchObject({ is_changed: false, changes: [] });
  expect(await countConfig(api)).toEqual(before);
  expect((await applied(text, { drift: "file" })).changes.length).toBe(4);
  expect((await flows())[0].drifted_count).toBe(0);
});

test("the author of a change is looked for among the newest changes alone, however long these are", async () => {
  await applied(PAYMENTS);
  await change("connections", "shop-ledger", { description: "by somebody" });
  const long = (n: number) => [{ type: "filter", body: { a: { $in: [n, "x".repeat(50_000)] } } }];
  const changedBy = async () => {
    const { drift } = (await flows())[0].resources.find(({ name }: { name: string }) => name === "shop-ledger");
    return drift.map((each: { path: string; changed_by: object | null }) => [each.path, each.changed_by !== null]);
  };
  await change("connections", "shop-ledger", { rules: long(0) });
  expect(await changedBy()).toEqual([
    ["description", true],
    ["rules.filter", true],
  ]);
  for (let n = 1; n <= 24; n++) await change("connections", "shop-ledger", { rules: long(n) });
  expect(await changedBy()).toEqual([
    ["description", false],
    ["rules.filter", true],
  ]);
});

test("another way of authentication that was set by hand can be kept, with its own secret", async () => {
  const text =
    file(`  source: { name: shop, authType: HMAC, auth: { signatureHeader: x-sig, secret: { secretFrom: { env: S } } } }
  destinations:
    - { name: crm, url: "https://crm.example.com/in", authType: BEARER_TOKEN, auth: { token: { secretFrom: { env: T } } } }
`);
  const secrets = { S: "a secret of the file", T: "a token of the file" };
  await applied(text, { secrets });
  const auth = { username: "by-hand", password: "a password by hand" };
  const config = { auth_type: "BASIC_AUTH", auth };
  await change("sources", "shop", { config });
  await change("destinations", "crm", { config });
  const before = await countConfig(api);
  expect(await applied(text, { secrets, drift: "runs" })).toMatchObject({ is_changed: false, changes: [] });
  expect(await countConfig(api)).toEqual(before);
  expect((await one("destinations", "crm")).config.auth).toMatchObject({ username: "by-hand" });
  await applied(text, { secrets, drift: "file" });
  expect((await one("destinations", "crm")).config.auth_type).toBe("BEARER_TOKEN");
});

test("a plan goes stale by a change of what it speaks of, and by none elsewhere", async () => {
  await applied(PAYMENTS);
  const more = `${PAYMENTS}    - { name: third, type: MOCK }\n`;
  const planned = await post("plan", { text: more });
  await api.post("/v1/sources", { name: "elsewhere" }, { key });
  expect((await post("plan", { text: more })).body.fingerprint).toBe(planned.body.fingerprint);
  await change("destinations", "ledger", { description: "meanwhile" });
  const before = await countConfig(api);
  const stale = await post("apply", { text: more, fingerprint: planned.body.fingerprint, drift: "file" });
  expect([stale.status, stale.body.error.message]).toEqual([
    409,
    expect.stringContaining("has changed since this was planned"),
  ]);
  expect(await countConfig(api)).toEqual(before);
});

test("a renamed resource is the flow's own, and gets its name back", async () => {
  await applied(PAYMENTS);
  const { id } = await change("destinations", "ledger", { name: "books" });
  expect((await applied(PAYMENTS, { drift: "file" })).changes).toMatchObject([
    { action: "update", id, name: "ledger" },
  ]);
  expect((await one("destinations", "ledger")).id).toBe(id);
});

test("what somebody has deleted is made anew", async () => {
  await applied(PAYMENTS);
  await api.delete(`/v1/connections/${(await one("connections", "shop-ledger")).id}`, { key });
  const gone = (await flows())[0].resources.filter(({ is_gone }: { is_gone: boolean }) => is_gone);
  expect(gone.map(({ name }: { name: string }) => name)).toEqual(["shop-ledger"]);
  expect((await applied(PAYMENTS)).changes).toMatchObject([{ action: "create", name: "shop-ledger" }]);
  expect((await flows())[0].resources.length).toBe(5);
});

test("two flows own nothing together: one declares it and the other refers to it", async () => {
  await applied(PAYMENTS);
  const mine = await post("apply", {
    text: file("  source: { name: s2 }\n  destinations: [{ name: orders, type: MOCK }]\n", "second"),
  });
  expect([mine.status, mine.body.error.message]).toEqual([
    422,
    "text.spec.destinations[0].name: Line 6, column 20: The destination orders belongs to the flow payments: write ref: orders.",
  ]);
  await applied(file("  source: { name: s2 }\n  destinations: [{ ref: orders, delay: 5s }]\n", "second"));
  expect((await one("connections", "s2-orders")).rules).toEqual([{ type: "delay", delay: 5_000 }]);
});

test("a flow that is forgotten leaves everything as it runs", async () => {
  await applied(PAYMENTS);
  const [{ id }] = await flows();
  expect((await api.delete(`/v1/flows/${id}`, { key })).status).toBe(200);
  expect([await flows(), (await one("destinations", "orders")).name]).toEqual([[], "orders"]);
});
