// Routes by globs of source and event type in one call, and the counts by event type beside them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
  for (const source of [
    { name: "stripe-prod", type: "STRIPE" },
    { name: "stripe-test", type: "STRIPE" },
    { name: "shop", type: "SHOPIFY" },
    { name: "orders", type: "PUBLISH" },
  ])
    expect((await api.post("/v1/sources", source)).status).toBe(201);
  await api.post("/v1/sources/system", {});
});
afterAll(() => api[Symbol.asyncDispose]());

const MOCK = { type: "MOCK" } as const;
const put = (...routes: object[]) => api.put("/v1/routes", { routes });
const namesOf = (connections: { name: string }[]) => connections.map(({ name }) => name);

describe("routes", () => {
  test("of a type, of everything, and of single events are made in one call", async () => {
    const { status, body } = await put(
      { name: "revenue", source: "stripe", event_type: "payment.succeeded", destination: { name: "ledger", ...MOCK } },
      { name: "crm", source: "s*", event_type: ["order.*", "customer.*"], destination: { name: "crm", ...MOCK } },
      { name: "audit", source: "*", event_type: "*", destination: { name: "audit-log", ...MOCK } },
    );
    expect(status).toBe(200);
    const [revenue, crm, audit] = body.routes;
    expect(namesOf(revenue.connections)).toEqual(["revenue-stripe-prod", "revenue-stripe-test"]);
    expect(revenue.connections[0].rules).toEqual([{ type: "filter", event_type: "payment.succeeded" }]);
    expect(namesOf(crm.connections)).toEqual(["crm-stripe-prod", "crm-stripe-test", "crm-shop"]);
    // The team's own happenings are no producer's events.
    expect(namesOf(audit.connections)).toEqual([
      "audit-stripe-prod",
      "audit-stripe-test",
      "audit-shop",
      "audit-orders",
    ]);
    expect(audit.connections.every(({ rules }: { rules: object[] }) => rules.length === 0)).toBe(true);
    const destinations = audit.connections.map((each: { destination_id: string }) => each.destination_id);
    expect(new Set(destinations)).toEqual(new Set([audit.destination_id]));
  });

  test("made again cover new sources and keep what somebody has set on their connections", async () => {
    const route = { name: "again", source: "STRIPE", event_type: "charge.*", destination: { name: "again", ...MOCK } };
    const first = await put(route);
    const [changed] = first.body.routes[0].connections;
    const retry = { type: "retry", strategy: "linear", interval: 60_000, count: 3 };
    const filter = { type: "filter", event_type: "charge.*", body: { livemode: true } };
    await api.patch(`/v1/connections/${changed.id}`, { rules: [filter, retry] });
    await api.post("/v1/sources", { name: "stripe-new", type: "STRIPE" });
    const second = await put({ ...route, event_type: "payout.*" });
    const { connections } = second.body.routes[0];
    expect(namesOf(connections)).toEqual(["again-stripe-prod", "again-stripe-test", "again-stripe-new"]);
    expect(connections[0]).toMatchObject({ id: changed.id, rules: [{ ...filter, event_type: "payout.*" }, retry] });
    const third = await put({ ...route, event_type: "*" });
    expect(third.body.routes[0].connections[0].rules).toEqual([{ type: "filter", body: { livemode: true } }, retry]);
  });

  test("of which one is wrong are not made at all", async () => {
    const good = { name: "half", source: "shop", event_type: "*", destination: { name: "half", ...MOCK } };
    const none = await put(good, { ...good, name: "none", source: "nowhere-*" });
    expect(none.body.error.issues[0]).toMatchObject({ path: "routes[1].source" });
    const gone = await put({ ...good, destination: undefined, destination_id: "des_0" });
    expect(gone.status).toBe(422);
    const twice = await put(good, { ...good, event_type: "order.*" });
    expect(twice.body.error.issues[0]).toMatchObject({ path: "routes[1].name" });
    const both = await put({ ...good, destination_id: "des_0" });
    expect(both.status).toBe(422);
    const { body } = await api.get("/v1/destinations?name=half");
    expect(body.data).toEqual([]);
  });
});

test("events are counted by type and source, of the team alone", async () => {
  const publish = (type: string, id: string) => api.post("/v1/publish", { source: "orders", type, id });
  for (const [type, id] of [
    ["order.paid", "1"],
    ["order.paid", "2"],
    ["order.paid", "2"],
    ["order.sent", "3"],
  ] as const)
    await publish(type, id);
  const { body } = await api.get("/v1/metrics/event_types?from=now-1h");
  expect(body).toMatchObject({ are_requests_at_least: false, are_events_at_least: false });
  expect(body.data.map(({ source_id: _, ...counts }: { source_id: string }) => counts)).toEqual([
    {
      event_type: "order.paid",
      accepted_count: 3,
      duplicate_count: 1,
      event_count: 0,
      delivered_count: 0,
      failed_count: 0,
    },
    {
      event_type: "order.sent",
      accepted_count: 1,
      duplicate_count: 0,
      event_count: 0,
      delivered_count: 0,
      failed_count: 0,
    },
  ]);
  const key = await api.makeKey([await api.makeTeam("others")]);
  expect((await api.get("/v1/metrics/event_types?from=now-1h", { key })).body.data).toEqual([]);
});

test("of more requests than are counted at once the newest are, and the answer says so", async () => {
  const team = await api.makeTeam("busy");
  const key = await api.makeKey([team]);
  const now = new Date();
  const prefix = newId("request", now.getTime()).slice(0, 14);
  const plant = (type: string, from: number, to: number) =>
    api.pool.query(
      `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, event_type, created_at)
       select $1, $2 || lpad(n::text, 16, '0'), 'src_busy', 'accepted', false, 'POST', '/', '', '[]', '', 0, '127.0.0.1', $3, $4
       from generate_series($5::int, $6::int) as n`,
      [team, prefix, type, now, from, to],
    );
  await plant("old", 1, 1);
  await plant("new", 2, 10_000);
  const counts = async () => (await api.get("/v1/metrics/event_types?from=now-1h", { key })).body;
  const [fresh, old] = [
    { event_type: "new", accepted_count: 9_999 },
    { event_type: "old", accepted_count: 1 },
  ];
  expect(await counts()).toMatchObject({
    are_requests_at_least: false,
    are_events_at_least: false,
    data: [fresh, old],
  });
  await plant("new", 10_001, 10_001);
  expect(await counts()).toMatchObject({
    are_requests_at_least: true,
    data: [{ ...fresh, accepted_count: 10_000 }, old],
  });
});
