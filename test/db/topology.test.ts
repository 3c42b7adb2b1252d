// The whole wiring of a team in one answer: what each card of a picture shows, and nothing of another team or of a secret.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Topology } from "#server/contracts/topology.ts";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

const SECRET = "whsec_c2VjcmV0LW9mLWEtdG9wb2xvZ3ktdGVzdA==";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function newTeam(name: string) {
  const key = await api.makeKey([await api.makeTeam(name)]);
  const as = { key };
  return {
    post: async (path: string, body: unknown) => {
      const answer = await api.post(path, body, as);
      expect([answer.status, answer.text]).toEqual([201, answer.text]);
      return answer.body;
    },
    put: (path: string) => api.put(path, {}, as),
    topology: async (): Promise<Topology> => Topology.parse((await api.get("/v1/topology", as)).body),
    text: async () => (await api.get("/v1/topology", as)).text,
  };
}

test("a bucket comes with the place of its store", async () => {
  const team = await newTeam("archived");
  const auth = { access_key_id: "AKIAEXAMPLE", secret_access_key: SECRET };
  const bucket = { bucket: "archive", region: "eu-central-1", auth };
  await team.post("/v1/destinations", { name: "aws", type: "S3", config: bucket });
  const endpoint = "https://store.example.com:9000";
  await team.post("/v1/destinations", { name: "other", type: "S3", config: { ...bucket, endpoint } });
  expect((await team.topology()).destinations).toMatchObject([
    { host: "s3.eu-central-1.amazonaws.com", path: "/archive" },
    { host: "store.example.com:9000", path: "/archive" },
  ]);
});

test("a source says how its senders are proved, and where nothing proves them yet", async () => {
  const team = await newTeam("proved");
  const token = { auth: { secret: "a-token-of-figma-in-the-body" } };
  for (const source of [
    { name: "a-signed", type: "GITHUB", config: { auth: { secret: SECRET } } },
    { name: "b-token-in-body", type: "FIGMA", config: token },
    { name: "c-no-secret-yet", type: "GITHUB" },
    { name: "d-no-id-yet", type: "PAYPAL" },
    { name: "e-nothing-asked", type: "GITHUB", config: { auth_type: "NONE" } },
    { name: "f-open" },
    { name: "g-published", type: "PUBLISH" },
  ])
    await team.post("/v1/sources", source);
  const { sources } = await team.topology();
  expect(Object.fromEntries(sources.map(({ name, verification }) => [name.slice(0, 1), verification]))).toEqual({
    a: "signature",
    b: "shared_secret",
    c: "missing",
    d: "missing",
    e: "none",
    f: "none",
    g: "shared_secret",
  });
});

test("each resource comes with what its card shows, rules as their outline", async () => {
  const team = await newTeam("wired");
  const source = await team.post("/v1/sources", {
    name: "shop",
    type: "SHOPIFY",
    config: { auth: { secret: SECRET } },
  });
  const basic = { auth_type: "BASIC_AUTH", auth: { username: "u", password: "a-long-password" } };
  await team.post("/v1/sources", { name: "erp", config: basic });
  await team.post("/v1/sources", { name: "open" });
  const destination = await team.post("/v1/destinations", {
    name: "orders",
    config: {
      url: "https://user-facing.example.com:8443/hooks/in?token=not-shown",
      http_method: "PUT",
      rate_limit: 120,
      concurrency: 5,
      ordering: "by_key",
      ordering_key: "body.id",
    },
  });
  const mock = await team.post("/v1/destinations", { name: "mock", type: "MOCK" });
  const transformation = await team.post("/v1/transformations", { name: "slim", code: "return request;" });
  const ends = { source_id: source.id, destination_id: destination.id };
  const connection = await team.post("/v1/connections", {
    name: "shop-orders",
    ...ends,
    rules: [
      { type: "retry", strategy: "custom", schedule: [1_000, 2_000, 3_000] },
      { type: "delay", delay: 300_000 },
      { type: "deduplicate", window: 60_000, include_fields: ["body.id"] },
      { type: "transform", transformation_id: transformation.id },
      { type: "filter", body: { type: { $in: ["a", "b"] }, amount: { $gte: 1, $lt: 9 } }, event_type: "order.*" },
    ],
  });
  const plain = await team.post("/v1/connections", {
    name: "shop-mock",
    source_id: source.id,
    destination_id: mock.id,
  });
  await team.put(`/v1/connections/${plain.id}/pause`);

  const { sources, connections, destinations, is_whole } = await team.topology();

  expect(is_whole).toBe(true);
  expect(sources.map(({ name, type, auth_type, verification }) => [name, type, auth_type, verification])).toEqual([
    ["shop", "SHOPIFY", "SHOPIFY", "signature"],
    ["erp", "WEBHOOK", "BASIC_AUTH", "shared_secret"],
    ["open", "WEBHOOK", "NONE", "none"],
  ]);
  expect(sources[0]).toMatchObject({ id: source.id, url: source.url, updated_at: source.updated_at });
  expect(connections).toEqual([
    {
      id: connection.id,
      name: "shop-orders",
      ...ends,
      rules: {
        deduplicate: { window: 60_000 },
        transform: { transformation_id: transformation.id, name: "slim", version: 1 },
        filter: { clause_count: 4 },
        delay: { delay: 300_000 },
        retry: { strategy: "custom", count: 3 },
      },
      paused_at: null,
      paused_until: null,
      disabled_at: null,
      updated_at: connection.updated_at,
    },
    expect.objectContaining({ id: plain.id, rules: {}, paused_at: expect.any(String) }),
  ]);
  expect(destinations).toMatchObject([
    {
      name: "orders",
      type: "HTTP",
      http_method: "PUT",
      host: "user-facing.example.com:8443",
      path: "/hooks/in",
      rate_limit: 120,
      rate_limit_period: "minute",
      concurrency: 5,
      ordering: "by_key",
      updated_at: destination.updated_at,
    },
    { name: "mock", type: "MOCK", http_method: null, host: null, path: null, rate_limit: null, ordering: "none" },
  ]);
  const text = await team.text();
  for (const secret of [SECRET, SECRET.slice(-8), "a-long-password", "not-shown"]) expect(text).not.toContain(secret);
});

test("rules that are long are listed without being fetched, and say that their clauses were not counted", async () => {
  const team = await newTeam("long");
  const body = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`field-${i}`, `a value of some length ${i}`]));
  await team.post("/v1/connections", {
    name: "long",
    source: { name: "s" },
    destination: { name: "d", type: "MOCK" },
    rules: [
      { type: "filter", body },
      { type: "retry", strategy: "linear", interval: 1_000, count: 7 },
    ],
  });
  const { connections } = await team.topology();
  expect(connections.map(({ rules }) => rules)).toEqual([
    { filter: { clause_count: null }, retry: { strategy: "linear", count: 7 } },
  ]);
});

test("more than five thousand of a kind are cut, the answer says so, and no connection comes without both of its ends", async () => {
  const team = await api.makeTeam("many");
  const ids = Array.from({ length: 5_002 }, (_, i) => newId("source", 1_000 + i));
  await api.pool.query(
    `insert into source (id, team_id, name, type, key, config)
     select id, $1, id, 'WEBHOOK', id, '{"auth_type": "NONE", "auth": {}}' from unnest($2::text[]) as t(id)`,
    [team, ids],
  );
  const key = await api.makeKey([team]);
  const of = async (end: string | undefined) =>
    api.post(
      "/v1/connections",
      { name: `of-${end}`, source_id: end, destination: { name: `d-${end}`, type: "MOCK" } },
      { key },
    );
  const kept = await of(ids[0]);
  await of(ids.at(-1));
  const { sources, connections, is_whole } = Topology.parse((await api.get("/v1/topology", { key })).body);
  expect([sources.length, is_whole]).toEqual([5_000, false]);
  expect(connections.map(({ id }) => id)).toEqual([kept.body.id]);
});

test("a team reads its own wiring alone", async () => {
  const [ours, theirs] = [await newTeam("ours-alone"), await newTeam("theirs-alone")];
  await ours.post("/v1/connections", {
    name: "c",
    source: { name: "s" },
    destination: { name: "d", type: "MOCK" },
  });
  expect(await theirs.topology()).toEqual({ sources: [], connections: [], destinations: [], is_whole: true });
  expect((await ours.topology()).connections).toHaveLength(1);
});
