import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authenticate } from "#server/auth/authenticate.ts";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { openDestination } from "#server/resources/destinations.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const url = "https://receiver.example.com/hooks";

const contextOf = (key: string) =>
  authenticate(api.app, { authorization: `Bearer ${key}`, teamId: undefined, ip: "192.0.2.1" });

describe("sources", () => {
  test("a source is made with the defaults of its kind and an unguessable URL", async () => {
    const made = await api.post("/v1/sources", { name: "plain" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ team_id: api.teamId, name: "plain", type: "WEBHOOK", disabled_at: null });
    expect(made.body.id).toMatch(/^src_[0-9A-Z]{26}$/);
    expect(made.body.url).toMatch(/^http:\/\/gateway\.test\/e\/[0-9a-z]{26}$/);
    expect(made.body.config).toEqual({
      auth_type: "NONE",
      auth: {},
      allowed_http_methods: ["POST", "PUT", "PATCH", "DELETE"],
      custom_response: null,
      deduplicate_provider_events: false,
      body_limit_bytes: 10_485_760,
      rate_limit: null,
      rate_limit_period: "minute",
      masked_paths: [],
    });
    expect((await api.get(`/v1/sources/${made.body.id}`)).body).toEqual(made.body);
  });

  test("a provider's type presets its scheme, and everything is refused until it has the secret", async () => {
    const without = await api.post("/v1/sources", { name: "gh", type: "GITHUB" });
    expect(without.body.config).toMatchObject({ auth_type: "GITHUB", auth: {} });
    const url = without.body.url.replace(/^http:..gateway.test/, api.origin);
    const send = () => fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    await expect.poll(async () => (await send()).status).toBe(401);
    const { body } = await api.get(`/v1/requests?source_id=${without.body.id}`);
    expect(body.data[0]).toMatchObject({
      verification: "failed",
      rejection_detail: expect.stringContaining("no secret yet"),
    });
    const made = await api.patch(`/v1/sources/${without.body.id}`, {
      config: { auth: { secret: "github_secret_value" } },
    });
    expect(made.body.config).toMatchObject({ auth_type: "GITHUB", deduplicate_provider_events: true });
    expect(made.body.config.auth).toEqual({ secret: "github_…alue" });
  });

  test("PATCH merges into config and auth, null clears, and what is not sent stays", async () => {
    const auth = { secret: "whsec_first_secret_0001", signature_header: "x-sig", algorithm: "sha512" };
    const { body } = await api.post("/v1/sources", {
      name: "merge",
      description: "d",
      config: { auth_type: "HMAC", auth },
    });
    const patched = await api.patch(`/v1/sources/${body.id}`, {
      config: { auth: { encoding: "hex", algorithm: null } },
    });
    expect(patched.status).toBe(200);
    expect(patched.body.description).toBe("d");
    expect(patched.body.config.auth).toEqual({ secret: "whsec_…0001", signature_header: "x-sig", encoding: "hex" });
    const limited = await api.patch(`/v1/sources/${body.id}`, { config: { body_limit_bytes: 5 } });
    expect(limited.body.config).toMatchObject({
      auth_type: "HMAC",
      auth: patched.body.config.auth,
      body_limit_bytes: 5,
    });
  });

  test("another auth_type replaces auth as a whole", async () => {
    const auth = { secret: "whsec_first_secret_0001", signature_header: "x-sig" };
    const { body } = await api.post("/v1/sources", { name: "retyped", config: { auth_type: "HMAC", auth } });
    const basic = { auth_type: "BASIC_AUTH", auth: { username: "u", password: "a long password" } };
    const patched = await api.patch(`/v1/sources/${body.id}`, { config: basic });
    expect(patched.body.config.auth).toEqual({ username: "u", password: "…word" });
    const none = await api.patch(`/v1/sources/${body.id}`, { config: { auth_type: "NONE" } });
    expect(none.body.config.auth).toEqual({});
  });

  test("a masked secret sent back as it was read changes nothing, and another masked one is refused", async () => {
    const secret = "whsec_keep_this_secret_9f3a";
    const { body } = await api.post("/v1/sources", {
      name: "masked",
      config: { auth_type: "STRIPE", auth: { secret } },
    });
    const same = await api.patch(`/v1/sources/${body.id}`, { config: body.config });
    expect(same.status).toBe(200);
    const row = await api.db.source.findUniqueOrThrow({ where: { id: body.id } });
    expect(JSON.parse(api.app.keyring.open(row.secrets ?? "", `source:${body.id}:secrets`))).toEqual({ secret });
    const other = await api.patch(`/v1/sources/${body.id}`, { config: { auth: { secret: "whsec_…0000" } } });
    expect(other.status).toBe(422);
    expect(other.body.error.issues[0].path).toBe("config.auth.secret");
  });

  test("a rotation keeps the secret before valid and shows a made one once", async () => {
    const auth = { secret: "old_secret_value_1234", signature_header: "x-sig" };
    const { body } = await api.post("/v1/sources", { name: "rotate", config: { auth_type: "HMAC", auth } });
    const rotated = await api.post(`/v1/sources/${body.id}/rotate-secret`);
    expect(rotated.body).toEqual({
      id: body.id,
      secret: expect.stringMatching(/^[\w-]{43}$/),
      previous_is_valid: true,
    });
    const row = await api.db.source.findUniqueOrThrow({ where: { id: body.id } });
    expect(JSON.parse(api.app.keyring.open(row.secrets ?? "", `source:${body.id}:secrets`))).toEqual({
      secret: rotated.body.secret,
      previous_secret: "old_secret_value_1234",
    });
    const given = await api.post(`/v1/sources/${body.id}/rotate-secret`, { secret: "given_secret_value" });
    expect(given.body.secret).toBeNull();
    const ended = await api.patch(`/v1/sources/${body.id}`, { config: { auth: { previous_secret: null } } });
    expect(ended.body.config.auth.previous_secret).toBeUndefined();
  });

  test("PUT makes a source once and then changes it", async () => {
    const made = await api.put("/v1/sources", {
      name: "put",
      type: "SLACK",
      config: { auth: { secret: "slack-signing-secret" } },
    });
    const again = await api.put("/v1/sources", { name: "put", description: "now described" });
    expect(again.body).toMatchObject({ id: made.body.id, type: "SLACK", description: "now described" });
    expect(again.body.config).toEqual(made.body.config);
  });

  test("parallel PUTs of one new name make one source", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.put("/v1/sources", { name: "raced" })));
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  });

  test("enable and disable are idempotent, and each change is audited once", async () => {
    const { body } = await api.post("/v1/sources", { name: "switch" });
    const off = await api.put(`/v1/sources/${body.id}/disable`);
    expect(off.body.disabled_at).not.toBeNull();
    expect((await api.put(`/v1/sources/${body.id}/disable`)).body.disabled_at).toBe(off.body.disabled_at);
    expect((await api.put(`/v1/sources/${body.id}/enable`)).body.disabled_at).toBeNull();
    const entries = await api.db.auditEntry.findMany({ where: { resource_id: body.id }, orderBy: { id: "asc" } });
    expect(entries.map((entry) => entry.action)).toEqual(["create", "disable", "enable"]);
    expect(new Set(entries.map((entry) => entry.actor_kind))).toEqual(new Set(["api_key"]));
  });

  test("lists page by opaque cursors both ways and filter by name, type and state", async () => {
    const team = await api.makeTeam("pages");
    const key = await api.makeKey([team]);
    for (const name of ["a", "b", "c", "d", "e"]) await api.post("/v1/sources", { name }, { key });
    const names = (answer: { body: { data: { name: string }[] } }) => answer.body.data.map((source) => source.name);
    const first = await api.get("/v1/sources?limit=2", { key });
    expect(names(first)).toEqual(["e", "d"]);
    expect(first.body.pagination).toMatchObject({ limit: 2, order_by: "created_at", dir: "desc", prev: null });
    const second = await api.get(`/v1/sources?limit=2&next=${first.body.pagination.next}`, { key });
    expect(names(second)).toEqual(["c", "b"]);
    const last = await api.get(`/v1/sources?limit=2&next=${second.body.pagination.next}`, { key });
    expect(names(last)).toEqual(["a"]);
    expect(last.body.pagination.next).toBeNull();
    const back = await api.get(`/v1/sources?limit=2&prev=${second.body.pagination.prev}`, { key });
    expect(names(back)).toEqual(["e", "d"]);
    expect(names(await api.get("/v1/sources?dir=asc&limit=1", { key }))).toEqual(["a"]);
    expect(names(await api.get("/v1/sources?name=c", { key }))).toEqual(["c"]);
    expect(names(await api.get("/v1/sources?disabled=true", { key }))).toEqual([]);
    expect(names(await api.get("/v1/sources?from=now-1m&to=now&type=WEBHOOK", { key }))).toHaveLength(5);
    expect(names(await api.get("/v1/sources?to=now-1h", { key }))).toEqual([]);
  });
});

describe("destinations", () => {
  test("a destination is made with the defaults, and its made secret is shown only then", async () => {
    const made = await api.post("/v1/destinations", { name: "plain", config: { url } });
    expect(made.status).toBe(201);
    expect(made.body.config).toEqual({
      url,
      http_method: null,
      path_forwarding_disabled: false,
      headers: {},
      timeout_ms: 15_000,
      rate_limit: null,
      rate_limit_period: "minute",
      concurrency: 25,
      ordering: "none",
      ordering_key: null,
      on_order_failure: "block",
      auth_type: "SWITCHYARD_SIGNATURE",
      auth: { signing_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/) },
      retry: null,
      dead_letter_destination_id: null,
      groups: null,
      breaker: DEFAULT_BREAKER,
      maintenance_windows: [],
    });
    const read = await api.get(`/v1/destinations/${made.body.id}`);
    expect(read.body.config.auth.signing_secret).toBe(`whsec_…${made.body.config.auth.signing_secret.slice(-4)}`);
  });

  test("sending only a rate limit keeps the rest", async () => {
    const made = await api.post("/v1/destinations", {
      name: "limited",
      config: { url, timeout_ms: 500, headers: { "x-tenant": "tenant-0123456789" } },
    });
    const patched = await api.patch(`/v1/destinations/${made.body.id}`, {
      config: { rate_limit: 60, rate_limit_period: "minute" },
    });
    expect(patched.body.config).toMatchObject({ url, timeout_ms: 500, rate_limit: 60 });
    expect(patched.body.config.headers).toEqual({ "x-tenant": "…6789" });
    const cleared = await api.patch(`/v1/destinations/${made.body.id}`, { config: { rate_limit: null } });
    expect(cleared.body.config.rate_limit).toBeNull();
  });

  test("a header that is sent back as it was read stays, and no other masked value is taken", async () => {
    const headers = { "x-tenant": "tenant-0123456789", "x-short": "1" };
    const made = await api.post("/v1/destinations", { name: "with-headers", config: { url, headers } });
    expect(made.body.config.headers).toEqual({ "x-tenant": "…6789", "x-short": "…" });
    const path = `/v1/destinations/${made.body.id}`;
    const kept = await api.patch(path, { config: { headers: { "x-tenant": "…6789", "x-new": "2" } } });
    expect(kept.body.config.headers).toEqual({ "x-tenant": "…6789", "x-new": "…" });
    const refused = await api.patch(path, { config: { headers: { "x-tenant": "…0000" } } });
    expect(refused.body.error.issues[0]).toMatchObject({ path: "config.headers.x-tenant" });
    const fresh = await api.post("/v1/destinations", { name: "masked", config: { url, headers: { "x-a": "…" } } });
    expect(fresh.status).toBe(422);
  });

  test("a signing secret rotates with the one before kept, a token is replaced", async () => {
    const made = await api.post("/v1/destinations", { name: "rotated", config: { url } });
    const rotated = await api.post(`/v1/destinations/${made.body.id}/rotate-secret`, {});
    expect(rotated.body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), previous_is_valid: true });
    const config = { auth_type: "BEARER_TOKEN", auth: { token: "token-before-1234" } };
    await api.patch(`/v1/destinations/${made.body.id}`, { config });
    const refused = await api.post(`/v1/destinations/${made.body.id}/rotate-secret`);
    expect(refused.body.error).toMatchObject({ code: "UNPROCESSABLE", issues: [{ path: "secret" }] });
    const given = await api.post(`/v1/destinations/${made.body.id}/rotate-secret`, { secret: "token-after-12345" });
    expect(given.body).toEqual({ id: made.body.id, secret: null, previous_is_valid: false });
  });

  test("PUT keeps the made secret", async () => {
    const made = await api.put("/v1/destinations", { name: "kept", config: { url } });
    const again = await api.put("/v1/destinations", { name: "kept", config: { url, concurrency: 3 } });
    const secret: string = made.body.config.auth.signing_secret;
    expect(again.body.config).toMatchObject({ concurrency: 3, auth: { signing_secret: `whsec_…${secret.slice(-4)}` } });
  });

  test("a copy has the settings and the very secrets, a name of its own, and nothing of the other's connections", async () => {
    const config = { url, rate_limit: 7, headers: { "x-tenant": "tenant-0123456789" }, auth_type: "BEARER_TOKEN" };
    const auth = { token: "token-of-the-receiver-1234" };
    const made = await api.post("/v1/destinations", { name: "copied", config: { ...config, auth } });
    const copy = await api.post(`/v1/destinations/${made.body.id}/duplicate`, { name: "copied-copy" });
    expect(copy.status).toBe(201);
    expect(copy.body).toMatchObject({ name: "copied-copy", type: "HTTP", disabled_at: null, config: made.body.config });
    expect(copy.body.id).not.toBe(made.body.id);
    const { settings } = await openDestination(await contextOf(api.key), copy.body.id);
    expect(settings.config).toMatchObject({ auth, headers: config.headers });
    const taken = await api.post(`/v1/destinations/${made.body.id}/duplicate`, { name: "copied-copy" });
    expect(taken.body.error).toMatchObject({ code: "CONFLICT", issues: [{ path: "name" }] });
    const key = await api.makeKey([await api.makeTeam("others")]);
    const others = await api.post(`/v1/destinations/${made.body.id}/duplicate`, { name: "theirs" }, { key });
    expect(others.status).toBe(404);
  });
});
