import { validate } from "@scalar/openapi-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { sendRaw } from "#test/support/raw-client.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("the OpenAPI document is valid 3.1, needs no key and lists every route with its answers", async () => {
  const { status, body } = await api.get("/v1/openapi.json", { key: null });
  expect([status, body.openapi]).toEqual([200, "3.1.0"]);
  const { valid, errors } = await validate(body);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const listed = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const expected = ALL_OPERATIONS.map(({ method, path }) => `${method} /v1${path.replace(/:([a-z_]+)/g, "{$1}")}`);
  expect(listed.toSorted()).toEqual(expected.toSorted());
  const ids = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((item) =>
    Object.values(item).map((operation) => operation.operationId),
  );
  expect(new Set(ids).size).toBe(ALL_OPERATIONS.length);
});

test("a reference in the document leads somewhere, and inputs are split by where they are sent", async () => {
  const { body, text } = await api.get("/v1/openapi.json");
  const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? "");
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(body.components.schemas).toHaveProperty(name);
  // Of each of the two lists of providers one copy.
  expect(JSON.stringify(body.components.schemas).split('"STRIPE"')).toHaveLength(3);
  expect(text).not.toContain('"$defs"');
  const update = body.paths["/v1/destinations/{id}"].patch;
  expect(update.parameters[0]).toMatchObject({ name: "id", in: "path", required: true });
  const schema = update.requestBody.content["application/json"].schema;
  expect(Object.keys(schema.properties).toSorted()).toEqual([
    "config",
    "description",
    "disabled",
    "if_updated_at",
    "name",
    "type",
  ]);
  const range = body.paths["/v1/metrics/events"].get.parameters.find(
    (entry: { name: string }) => entry.name === "date_range",
  );
  expect(range).toMatchObject({ in: "query", style: "deepObject" });
});

test("every tag, every parameter and every field of a body is said in words", async () => {
  const { body } = await api.get("/v1/openapi.json");
  const isWordless = ({ description, $ref }: { description?: string; $ref?: string }) => !description && !$ref;
  expect(body.tags.filter(isWordless)).toEqual([]);
  type Described = { description?: string };
  type Parts = {
    operationId: string;
    parameters: (Described & { name: string })[];
    requestBody?: { content: Record<string, { schema: { properties?: Record<string, Described> } }> };
  };
  const wordless = Object.values<Record<string, Parts>>(body.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ operationId, parameters, requestBody }) => {
      const fields = Object.entries(requestBody?.content["application/json"]?.schema.properties ?? {});
      const parts = [...parameters, ...fields.map(([name, schema]) => ({ ...schema, name }))];
      return parts.filter(isWordless).map(({ name }) => `${operationId} ${name}`);
    }),
  );
  expect(wordless).toEqual([]);
});

test("the reference page and its script come from here, and its policy lets nothing else in", async () => {
  const moved = await api.get("/v1/docs", { key: null });
  expect([moved.status, moved.headers.get("location")]).toEqual([301, "/v1/docs/"]);
  for (const target of ["/v1/docs", "/v1/docs?a=1", "/v1/docs#a", "/v1/d%6Fcs"]) {
    expect(await sendRaw(api.origin, [`GET ${target} HTTP/1.0\r\n\r\n`])).toMatchObject([{ status: 301 }]);
    expect(await sendRaw(api.origin, [`GET ${target} HTTP/1.0\r\nHost: %\r\n\r\n`])).toMatchObject([{ status: 301 }]);
  }
  for (const host of ["", "Host: %\r\n"]) {
    expect(await sendRaw(api.origin, [`GET /v1/docs/ HTTP/1.0\r\n${host}\r\n`])).toMatchObject([{ status: 200 }]);
  }
  const page = await api.get("/v1/docs/", { key: null });
  expect(page.status).toBe(200);
  expect(page.text).toContain("/v1/openapi.json");
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(sources).toEqual(["js/scalar.js"]);
  const policy = page.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(policy).toContain("connect-src 'self'");
  for (const [tag] of page.text.matchAll(/<script[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
  const again = await api.get("/v1/docs/", { key: null });
  expect(again.headers.get("content-security-policy")).not.toContain(nonce);
  const script = await api.get("/v1/docs/js/scalar.js", { key: null });
  expect([script.status, script.text.length > 1_000_000]).toEqual([200, true]);
});
