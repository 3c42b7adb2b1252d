import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { makeGateways } from "#server/auth/gateways.ts";
import type { CreateSource, Source } from "#server/contracts/source.ts";
import { makeTestMarks } from "#server/crypto/test-mark.ts";
import { planRequestsRetry } from "#server/resources/bulk.ts";
import { listRequests, retryRequest } from "#server/resources/requests.ts";
import { getSourceExample, testSource } from "#server/resources/source-test.ts";
import { createSource, disableSource } from "#server/resources/sources.ts";
import { startFront } from "#test/support/front.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let world: World;

beforeAll(async () => {
  world = await createWorld({ publicGatewayUrl: "own" });
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const nextName = () => `tested-${++made}`;
const stripe = (config: NonNullable<CreateSource["config"]> = {}) =>
  createSource(world.ctx, { name: nextName(), type: "STRIPE", config: { auth: { secret: SECRET }, ...config } });
const keyOf = ({ url }: Source) => url.slice(url.lastIndexOf("/") + 1);
const run = (source: Source, route = false, ctx = world.ctx) => testSource(ctx, { id: source.id, route });
const list = async (source: Source, isTest?: boolean) =>
  (
    await listRequests(world.ctx, {
      source_id: [source.id],
      test: isTest,
      limit: 10,
      order_by: "created_at",
      dir: "desc",
    })
  ).data;
const countsOf = (source: Source) =>
  world.all("select accepted_count, rejected_count from rollup_minute where source_id = $1", [source.id]);

/** The verbs with another public URL. */
function behind(publicGatewayUrl: string): Ctx {
  const { db } = world.ctx.app;
  const gateways = makeGateways(
    { secret: world.env.secret, otherSecret: undefined, publicGatewayUrl },
    db,
    () => new Date(),
  );
  return { ...world.ctx, app: { ...world.ctx.app, publicGatewayUrl, gateways } };
}

async function startServer(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("tests that wait for a public URL that hangs hold up no other call of their team", async () => {
  const arrived: (() => void)[] = [];
  const firstTwo = Promise.all([0, 1].map(() => new Promise<void>((resolve) => arrived.push(resolve))));
  await using hanging = await startServer(() => arrived.shift()?.());
  await using stuck = await createWorld({ publicGatewayUrl: hanging.url, withWorker: false });
  const source = await createSource(stuck.ctx, { name: "stuck" });
  const key = newApiKey();
  const row = { key, name: "key", scope: "write" as const, teamIds: [stuck.ctx.teamId], expiresAt: null };
  await stuck.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const tests = Array.from({ length: 6 }, () =>
    fetch(`${stuck.doorUrl}/v1/sources/${source.id}/test`, { method: "POST", headers, body: "{}" }).then(
      () => "a test",
    ),
  );
  await firstTwo;
  const list = fetch(`${stuck.doorUrl}/v1/sources/${source.id}`, { headers }).then(({ status }) => status);
  expect(await Promise.race([list, ...tests])).toBe(200);
  await hanging[Symbol.asyncDispose]();
  await Promise.all(tests);
});

describe("a test from outside", () => {
  test("is signed as the provider signs, verified, kept, and goes no further", async () => {
    await using receiver = await startReceiver();
    const source = await stripe();
    const connection = await world.connect({
      name: nextName(),
      source_id: source.id,
      destination: { name: nextName(), config: { url: receiver.url } },
    });
    const { answer } = await run(source);
    expect(answer).toMatchObject({
      outcome: "accepted",
      url: source.url,
      status: 200,
      is_signed: true,
      verification: "verified",
      rejection_cause: null,
      error_code: null,
      detail: "The gateway has verified its signature and stored it.",
    });
    expect(await list(source)).toMatchObject([{ id: answer.request_id, test: "unrouted", verified: true }]);
    expect(await list(source, false)).toEqual([]);
    expect(await list(source, true)).toHaveLength(1);
    expect(await countsOf(source)).toEqual([]);

    // What comes after it has been routed, so it has been passed over.
    const { answer: routed } = await run(source, true);
    await eventually(
      () => world.events(connection.id),
      (events) => events.length === 1 && events[0]?.status === "DELIVERED",
    );
    expect((await world.events(connection.id))[0]?.request_id).toBe(routed.request_id);
    const headers = receiver.receipts.map((each) => Object.keys(each.headers));
    expect(headers.flat().filter((name) => name === "x-switchyard-test")).toEqual([]);
    expect(await list(source, true)).toMatchObject([{ test: "routed" }, { test: "unrouted" }]);
    const stored = await world.all<{ headers: [string, string][] }>(
      "select headers from request where source_id = $1",
      [source.id],
    );
    expect(stored.flatMap((row) => row.headers).filter(([name]) => name === "x-switchyard-test")).toEqual([]);

    // A person may send it on; many at once leave it out.
    const plan = await planRequestsRetry(world.ctx, {
      source_id: [source.id],
      from: "now-1h",
      to: "now",
      rate_limit_period: "second",
    });
    expect(plan.skipped).toEqual({ test: 1 });
    await retryRequest(world.ctx, { id: answer.request_id ?? "" });
    await eventually(
      () => world.events(connection.id),
      (events) => events.length === 2,
    );
  });

  test("makes no duplicate of an event that is still to come", async () => {
    const source = await stripe();
    const { answer } = await run(source);
    const [row] = await world.all<{ provider_event_id: string }>(
      "select provider_event_id from request where id = $1",
      [answer.request_id],
    );
    expect(row?.provider_event_id).toMatch(/^test_/);
    expect(await world.all("select * from provider_event where source_id = $1", [source.id])).toEqual([]);
  });

  test("goes through custom answers, and tells what a token and no proof at all come to", async () => {
    const silent = await stripe({ custom_response: { status: 204, content_type: "text/plain", body: "" } });
    expect((await run(silent)).answer).toMatchObject({ outcome: "accepted", status: 204, verification: "verified" });
    const open = await createSource(world.ctx, { name: nextName() });
    expect((await run(open)).answer).toMatchObject({
      outcome: "accepted",
      verification: "unattempted",
      is_signed: false,
    });
    const token = await createSource(world.ctx, {
      name: nextName(),
      type: "GITLAB",
      config: { auth: { secret: "a-token-of-gitlab" } },
    });
    expect((await run(token)).answer).toMatchObject({ outcome: "accepted", verification: "authenticated" });
  });

  test("comes by a method that the source takes, without a body where that has none", async () => {
    for (const [method, bytes] of [
      ["PUT", 70],
      ["GET", 0],
    ] as const) {
      const source = await createSource(world.ctx, {
        name: nextName(),
        config: {
          auth_type: "HMAC",
          auth: { secret: "a-secret-of-this-one", signature_header: "x-sig" },
          allowed_http_methods: [method],
        },
      });
      expect((await run(source)).answer, method).toMatchObject({ outcome: "accepted", verification: "verified" });
      const [stored] = await list(source);
      expect(stored?.method).toBe(method);
      expect(stored?.body_bytes).toBeGreaterThanOrEqual(bytes);
    }
  });

  test("goes by the dashboard's origin where that is the public one", async () => {
    await using front = await startFront(world.doorUrl);
    const source = await stripe();
    const { answer } = await run(source, false, behind(front.url));
    expect(answer).toMatchObject({ outcome: "accepted", verification: "verified", gateway_id: expect.any(String) });
  });

  test("says why it was refused", async () => {
    const source = await disableSource(world.ctx, await stripe());
    expect((await run(source)).answer).toMatchObject({
      outcome: "refused",
      status: 403,
      rejection_cause: "SOURCE_DISABLED",
      detail: "It reached us and was refused, because the source is disabled. Enable it to take webhooks again.",
    });
    expect(await list(source)).toMatchObject([{ status: "rejected", test: "unrouted" }]);
    expect(await countsOf(source)).toEqual([]);

    const config = { auth: { webhook_id: "1AB2" } };
    const paypal = await createSource(world.ctx, { name: nextName(), type: "PAYPAL", config });
    expect((await run(paypal)).answer).toMatchObject({
      outcome: "refused",
      status: 401,
      is_signed: false,
      detail: expect.stringContaining("only the provider has the key"),
    });
    expect(await getSourceExample(world.ctx, paypal)).toMatchObject({
      command: null,
      missing_because: expect.stringContaining("Only the provider can sign"),
    });
  });

  test("says why it never reached us, and what else answered", async () => {
    const source = await stripe();
    const answerAt = async (url: string) => (await run(source, false, behind(url))).answer;
    expect(await answerAt("http://127.0.0.1:1")).toMatchObject({
      outcome: "not_reached",
      error_code: "INVALID_URL",
    });
    await using gone = await startServer(() => {});
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    expect(await answerAt(url)).toMatchObject({
      outcome: "not_reached",
      error_code: "CONNECTION_REFUSED",
      detail: expect.stringContaining("never reached us"),
    });
    expect(await answerAt("http://gateway.invalid")).toMatchObject({ error_code: "DNS_LOOKUP_FAILED" });

    let followed = 0;
    await using target = await startServer((_request, response) => {
      followed++;
      response.end();
    });
    await using elsewhere = await startServer((_request, response) => {
      response.writeHead(302, { location: target.url, "x-switchyard-gateway": "not one of ours" }).end();
    });
    expect(await answerAt(elsewhere.url)).toMatchObject({ outcome: "elsewhere", status: 302, gateway_id: null });
    expect(followed).toBe(0);
    expect(await list(source)).toEqual([]);
  });

  test("is not what a stranger can send: his mark is a header as any other", async () => {
    const source = await createSource(world.ctx, { name: nextName() });
    const other = await createSource(world.ctx, { name: nextName() });
    const marks = makeTestMarks(world.env.secret);
    for (const mark of [
      "unrouted",
      makeTestMarks("another secret of thirty-two characters").make("unrouted", keyOf(source), Date.now()),
      marks.make("unrouted", keyOf(other), Date.now()),
      marks.make("unrouted", keyOf(source), Date.now() - 61_000),
      marks.make("known", keyOf(other), Date.now()),
    ]) {
      const answer = await fetch(source.url, { method: "POST", body: "{}", headers: { "x-switchyard-test": mark } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-switchyard-gateway")).toBe(null);
      expect(await answer.json()).toMatchObject({ ok: true });
    }
    expect(await list(source, false)).toHaveLength(5);
    expect(await countsOf(source)).toMatchObject([{ accepted_count: 5 }]);
  });
});
