// Bad input: each answer is a 4xx that names the field and the remedy, and nothing is half saved.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
let sourceId: string;
let destinationId: string;
const url = "https://receiver.example.com/hooks";
beforeAll(async () => {
  api = await createApi();
  sourceId = (await api.post("/v1/sources", { name: "source" })).body.id;
  destinationId = (await api.post("/v1/destinations", { name: "destination", config: { url } })).body.id;
});
afterAll(() => api[Symbol.asyncDispose]());

const connection = (rules: unknown) => ({ name: "c", source_id: sourceId, destination_id: destinationId, rules });

interface Refusal {
  what: string;
  path: string;
  body: () => unknown;
  issue: string;
  remedy: RegExp;
}
const REFUSALS: Refusal[] = [
  {
    what: "an unknown rule",
    path: "connections",
    body: () => connection([{ type: "throttle" }]),
    issue: "rules[0].type",
    remedy: /one of deduplicate, transform, filter, delay, retry/,
  },
  {
    what: "two rules of one kind",
    path: "connections",
    body: () =>
      connection([
        { type: "delay", delay: 1 },
        { type: "delay", delay: 2 },
      ]),
    issue: "rules[1].type",
    remedy: /at most one delay rule; merge/,
  },
  {
    what: "include_fields with exclude_fields",
    path: "connections",
    body: () =>
      connection([{ type: "deduplicate", window: 1000, include_fields: ["body.a"], exclude_fields: ["body.b"] }]),
    issue: "rules[0].exclude_fields",
    remedy: /not both/,
  },
  {
    what: "an unknown filter operator",
    path: "connections",
    body: () => connection([{ type: "filter", body: { amount: { $above: 1 } } }]),
    issue: "rules[0].body.amount.$above",
    remedy: /use one of \$eq/,
  },
  {
    what: "a filter that filters on nothing",
    path: "connections",
    body: () => connection([{ type: "filter" }]),
    issue: "rules[0]",
    remedy: /at least one of body/,
  },
  {
    what: "a retry without waits",
    path: "connections",
    body: () => connection([{ type: "retry", strategy: "linear" }]),
    issue: "rules[0].interval",
    remedy: /Give interval/,
  },
  {
    what: "an unknown source",
    path: "connections",
    body: () => ({ ...connection([]), source_id: "src_nope" }),
    issue: "source_id",
    remedy: /take one of GET \/sources/,
  },
  {
    what: "an unknown transformation",
    path: "connections",
    body: () => connection([{ type: "transform", transformation_id: "trs_nope" }]),
    issue: "rules[0].transformation_id",
    remedy: /take one of GET \/transformations/,
  },
  {
    what: "no end at all",
    path: "connections",
    body: () => ({ name: "c", source_id: sourceId }),
    issue: "destination_id",
    remedy: /destination_id or an inline destination/,
  },
  {
    what: "an inline source beside a private inline destination",
    path: "connections",
    body: () => ({
      name: "c",
      source: { name: "half" },
      destination: { name: "half", config: { url: "http://169.254.169.254/" } },
    }),
    issue: "destination.config.url",
    remedy: /EGRESS_ALLOW/,
  },
  {
    what: "an inline end whose name is taken",
    path: "connections",
    body: () => ({ name: "c", source: { name: "half" }, destination: { name: "destination", config: { url } } }),
    issue: "destination.name",
    remedy: /choose another one, or PUT/,
  },
  {
    what: "a text that is no URL",
    path: "destinations",
    body: () => ({ name: "d", config: { url: "receiver" } }),
    issue: "config.url",
    remedy: /such as https:/,
  },
  {
    what: "a scheme that is not http",
    path: "destinations",
    body: () => ({ name: "d", config: { url: "ftp://example.com" } }),
    issue: "config.url",
    remedy: /http:\/\/ or https:/,
  },
  {
    what: "a private address",
    path: "destinations",
    body: () => ({ name: "d", config: { url: "http://10.0.0.1/" } }),
    issue: "config.url",
    remedy: /EGRESS_ALLOW/,
  },
  {
    what: "a loopback address in disguise",
    path: "destinations",
    body: () => ({ name: "d", config: { url: "http://0x7f.1/" } }),
    issue: "config.url",
    remedy: /EGRESS_ALLOW/,
  },
  {
    what: "no URL",
    path: "destinations",
    body: () => ({ name: "d", config: {} }),
    issue: "config.url",
    remedy: /required/,
  },
  {
    what: "a header that the connection itself writes",
    path: "destinations",
    body: () => ({ name: "d", config: { url, headers: { "Transfer-Encoding": "chunked" } } }),
    issue: "config.headers.Transfer-Encoding",
    remedy: /choose another/,
  },
  {
    what: "a mark of a delivery in the spelling of CGI",
    path: "destinations",
    body: () => ({ name: "d", config: { url, headers: { X_Switchyard_Verified: "true" } } }),
    issue: "config.headers.X_Switchyard_Verified",
    remedy: /choose another/,
  },
  {
    what: "a header with a line break",
    path: "destinations",
    body: () => ({ name: "d", config: { url, headers: { "x-a": "1\r\nhost: evil" } } }),
    issue: "config.headers.x-a",
    remedy: /no line breaks/,
  },
  {
    what: "a credential in clear",
    path: "destinations",
    body: () => ({ name: "d", config: { url, headers: { Authorization: "Bearer x" } } }),
    issue: "config.headers.Authorization",
    remedy: /config\.auth/,
  },
  {
    what: "an unknown field",
    path: "destinations",
    body: () => ({ name: "d", config: { url, ratelimit: 1 } }),
    issue: "config.ratelimit",
    remedy: /remove it or check its spelling/,
  },
  {
    what: "an auth field of another type",
    path: "destinations",
    body: () => ({ name: "d", config: { url, auth_type: "BEARER_TOKEN", auth: { password: "x" } } }),
    issue: "config.auth.token",
    remedy: /required/,
  },
  {
    what: "an empty secret",
    path: "sources",
    body: () => ({ name: "s", config: { auth_type: "STRIPE", auth: { secret: "" } } }),
    issue: "config.auth.secret",
    remedy: /not empty/,
  },
  {
    what: "auth without its type",
    path: "sources",
    body: () => ({ name: "s", config: { auth: { secret: "x" } } }),
    issue: "config.auth_type",
    remedy: /Give auth_type/,
  },
  {
    what: "a body limit above the maximum",
    path: "sources",
    body: () => ({ name: "s", config: { body_limit_bytes: 10_485_761 } }),
    issue: "config.body_limit_bytes",
    remedy: /at most 10485760/,
  },
  {
    what: "a name with a space",
    path: "sources",
    body: () => ({ name: "a b" }),
    issue: "name",
    remedy: /letters, digits/,
  },
  {
    what: "a character that the database cannot hold",
    path: "sources",
    body: () => ({ name: "s", description: "a\u0000b" }),
    issue: "description",
    remedy: /U\+0000/,
  },
  {
    what: "a lone surrogate",
    path: "sources",
    body: () => ({ name: "s", description: "\ud800" }),
    issue: "description",
    remedy: /surrogate/,
  },
  {
    what: "code that does not parse",
    path: "transformations",
    body: () => ({ name: "t", code: "return request;\nconst = 1" }),
    issue: "code",
    remedy: /on line 2.*Correct it/,
  },
  {
    what: "a key that has expired already",
    path: "api-keys",
    body: () => ({ name: "k", expires_at: "2020-01-01T00:00:00Z" }),
    issue: "expires_at",
    remedy: /in the future/,
  },
];

describe("a POST is refused with field and remedy, and saves nothing:", () => {
  test.each(REFUSALS)("$what", async ({ path, body, issue, remedy }) => {
    const before = await countConfig(api);
    const answer = await api.post(`/v1/${path}`, body());
    expect([409, 422]).toContain(answer.status);
    const found = answer.body.error.issues.find((entry: { path: string }) => entry.path === issue);
    expect(found, answer.text).toBeDefined();
    expect(found.message).toMatch(remedy);
    expect(answer.body.error.message.length).toBeGreaterThan(10);
    expect(await countConfig(api)).toEqual(before);
  });
});

test("a PATCH that is refused changes nothing", async () => {
  const before = await api.get(`/v1/destinations/${destinationId}`);
  const refused = await api.patch(`/v1/destinations/${destinationId}`, {
    name: "other",
    config: { timeout_ms: 200, url: "http://127.0.0.1/" },
  });
  expect(refused.status).toBe(422);
  expect((await api.get(`/v1/destinations/${destinationId}`)).body).toEqual(before.body);
});
