// Rules that are valid and do not do what they say are saved with a warning that has the right spelling.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
let sourceId: string;
let destinationId: string;
let emptySourceId: string;
beforeAll(async () => {
  api = await createApi();
  const config = { auth_type: "API_KEY", auth: { header: "x-producer", api_key: "0123456789abcdef" } };
  sourceId = (await api.post("/v1/sources", { name: "s", config })).body.id;
  emptySourceId = (await api.post("/v1/sources", { name: "empty" })).body.id;
  destinationId = (await api.post("/v1/destinations", { name: "d", config: { url: "https://r.example" } })).body.id;
  await insertRequest({ type: "a", order_id: 1, items: [{ sku: "x" }], data: { type: "x" } });
  await insertRequest({ type: "b", order_id: 2, items: [], only_here: 1 });
});
afterAll(() => api[Symbol.asyncDispose]());

async function insertRequest(body: object): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  await api.pool.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, content_type, body_bytes, remote_ip, created_at)
     values ($1, $2, $3, 'accepted', true, 'POST', '/', 'page=1', '[["X-Topic", "t"]]', $4, 'application/json', $5, '127.0.0.1', now())`,
    [api.teamId, newId("request"), sourceId, bytes, bytes.length],
  );
}

let saved = 0;
async function warningsOf(rules: object[], source = sourceId): Promise<{ path: string; message: string }[]> {
  saved += 1;
  const connection = { name: `c${saved}`, source_id: source, destination_id: destinationId, rules };
  const answer = await api.post("/v1/connections", connection);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.warnings;
}

test.each([
  ["body.ordre_id", "body.order_id"],
  ["body.OrderID", "body.order_id"],
  ["body.items[*].skuu", "body.items[*].sku"],
  ["body.data.typ", "Check its spelling"],
  ["headers.x-topics", "headers.x-topic"],
  ["headers.idempotency-key", "Check its spelling"],
  ["query.pages", "query.page"],
])("deduplication by %s, which no recent request has, is told with %s", async (path, remedy) => {
  for (const field of ["include_fields", "exclude_fields"]) {
    const [warning, ...others] = await warningsOf([{ type: "deduplicate", window: 60_000, [field]: [path] }]);
    expect(warning?.path).toBe(`rules[0].${field}[0]`);
    expect(warning?.message).toContain("None of the source's 2 newest requests");
    expect(warning?.message).toContain(remedy);
    expect(others).toEqual([]);
  }
});

test("a filter on a field that no recent request has is told, each field once", async () => {
  const rules = [{ type: "filter", body: { ordre_id: 1, only_here: 1, "data.type": "x" } }];
  const warnings = await warningsOf(rules);
  expect(warnings.map(({ path }) => path).sort()).toEqual(["rules[0].body.ordre_id", 'rules[0].body["data.type"]']);
  expect(warnings.find(({ path }) => path.endsWith("ordre_id"))?.message).toContain("Did you mean body.order_id?");
  expect(warnings.find(({ path }) => path.endsWith("]"))?.message).toContain('{"data":{"type":"x"}}');
});

test("what some recent request has is not doubted, nor anything that only a request could tell of where there is none", async () => {
  const rules = [
    { type: "deduplicate", window: 60_000, include_fields: ["body.only_here", "body.items[*].sku", "headers.X-Topic"] },
    { type: "filter", body: { type: "a", only_here: { $exist: false } }, query: { page: "1" } },
  ];
  expect(await warningsOf(rules)).toEqual([]);
  expect(
    await warningsOf([{ type: "deduplicate", window: 60_000, include_fields: ["body.nope"] }], emptySourceId),
  ).toEqual([]);
  const impossible = await warningsOf([{ type: "filter", body: { a: { $exist: false, $eq: 1 } } }], emptySourceId);
  expect(impossible).toHaveLength(1);
});

test("a header that is masked before it is stored is no field for a rule", async () => {
  const rules = [
    { type: "deduplicate", window: 60_000, include_fields: ["headers.X-Producer", "body.type"] },
    { type: "filter", headers: { Authorization: { $startsWith: "Bearer" } } },
  ];
  const warnings = await warningsOf(rules);
  expect(warnings.filter(({ message }) => message.includes("masked")).map(({ path }) => path)).toEqual([
    "rules[0].include_fields[0]",
    "rules[1].headers.Authorization",
  ]);
});
