// The SDK's client against a real gateway, and against servers on loopback that are in trouble.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import type { Clock } from "#server/sdk/call.ts";
import { createClient, SwitchyardError } from "#server/sdk/switchyard.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ours = () => createClient({ url: api.origin, apiKey: api.key });
const failure = (work: Promise<unknown>): Promise<SwitchyardError> =>
  work.then(
    () => Promise.reject(new Error("It did not fail.")),
    (error: unknown) => (error instanceof SwitchyardError ? error : Promise.reject(error)),
  );

describe("a gateway", () => {
  test("does what its typed calls ask, from a source to the bytes of a request", async () => {
    const client = ours();
    const source = await client.sources.create({ name: "orders", type: "PUBLISH" });
    expect(await client.sources.get({ id: source.id })).toEqual(source);
    const renamed = await client.sources.update({ id: source.id, description: "of the shop" });
    expect(renamed).toMatchObject({ id: source.id, name: "orders", description: "of the shop" });
    const { events } = await client.publish.events({ source: "orders", type: "order.paid", data: { amount: "ä" } });
    const bytes = await client.requests.rawBody({ id: events[0]?.request_id ?? "" });
    expect([bytes.type, await bytes.text()]).toEqual(["application/json", '{"amount":"ä"}']);
    expect(await client.sources.disable({ id: source.id })).toMatchObject({ disabled_at: expect.any(String) });
  });

  test("gives lists page by page, or all of their items", async () => {
    const client = ours();
    const names = Array.from({ length: 7 }, (_, index) => `listed-${index}`);
    for (const name of names) await client.destinations.create({ name, type: "MOCK" });
    const page = await client.destinations.list({ limit: 3, dir: "asc", search: "listed" });
    expect(page.data.map(({ name }) => name)).toEqual(names.slice(0, 3));
    expect(page.pagination.next).toEqual(expect.any(String));
    const all = [];
    for await (const { name } of client.destinations.list({ limit: 3, dir: "asc", search: "listed" })) all.push(name);
    expect(all).toEqual(names);
  });

  test("understands every kind of query: lists, ranges, flags, JSON", async () => {
    const client = ours();
    const source = await client.sources.create({ name: "queried", type: "PUBLISH" });
    await client.publish.events({
      source: "queried",
      events: [
        { type: "a.b", data: { tags: ["x,y", "&="], n: 1 } },
        { type: "c", data: [1] },
      ],
    });
    const found = async (input: Parameters<typeof client.requests.list>[0]) =>
      (await client.requests.list({ source_id: [source.id], dir: "asc", ...input })).data.map(
        ({ event_type }) => event_type,
      );
    expect(await found({})).toEqual(["a.b", "c"]);
    expect(await found({ body: { tags: ["x,y"] } })).toEqual(["a.b"]);
    expect(await found({ body: [1] })).toEqual(["c"]);
    expect(await found({ event_type: "a.*", verification: ["authenticated", "verified"] })).toEqual(
      await found({ event_type: "a.*" }),
    );
    expect(await found({ duplicate: true })).toEqual([]);
    const { data } = await client.metrics.requests({
      date_range: { start: "2026-05-29T00:00:00Z", end: "2026-05-30T00:00:00Z" },
      granularity: "1h",
      dimensions: ["source_id"],
    });
    expect(data).toEqual(expect.any(Array));
  });

  test("is read with a parser of the caller's own where digits matter", async () => {
    const client = ours();
    await client.sources.create({ name: "exact", type: "PUBLISH" });
    const raw = '{"source":"exact","type":"a","data":{"n":12345678901234567890}}';
    const { body } = await api.call("POST", "/v1/publish", undefined, { raw });
    const id: string = body.events[0].request_id;
    // As a parser does that keeps digits: large whole numbers become bigints.
    const parseJson = (text: string) =>
      JSON.parse(text.replace(/:(\d{17,})/g, ':"big:$1"'), (_key, value) =>
        typeof value === "string" && value.startsWith("big:") ? BigInt(value.slice(4)) : value,
      );
    const exact = createClient({ url: api.origin, apiKey: api.key, parseJson });
    expect((await exact.requests.get({ id })).body).toEqual({ n: 12345678901234567890n });
    expect(await (await client.requests.rawBody({ id })).text()).toBe('{"n":12345678901234567890}');
  });

  test("has a call for each of its operations", () => {
    const calls = Object.entries(ours()).flatMap(([resource, of]) =>
      Object.keys(of).map((key) => `${resource}.${key}`),
    );
    expect(calls).toEqual(ALL_OPERATIONS.map(({ name }) => name));
  });

  test("is quoted in its refusals: status, code, field and the id in its log", async () => {
    const client = ours();
    const wrong = await failure(client.sources.create({ name: "no spaces please" }));
    expect(wrong).toMatchObject({ name: "SwitchyardError", code: "UNPROCESSABLE", status: 422 });
    expect(wrong.issues).toEqual([{ path: "name", message: expect.any(String) }]);
    expect(wrong.requestId).toEqual(expect.any(String));
    expect(await failure(client.sources.get({ id: "src_none" }))).toMatchObject({ code: "NOT_FOUND", status: 404 });
    const stranger = createClient({ url: api.origin, apiKey: "sy_wrong" });
    expect(await failure(stranger.sources.list())).toMatchObject({ code: "UNAUTHORIZED", status: 401 });
    const source = await client.sources.create({ name: "contended" });
    await client.sources.update({ id: source.id, description: "first" });
    const late = client.sources.update({ id: source.id, description: "late", if_updated_at: source.updated_at });
    expect(await failure(late)).toMatchObject({
      code: "CONFLICT",
      changedSince: { changes: [{ fields: ["description"] }] },
    });
  });

  test("sees only the path that a call means, whatever an id holds", async () => {
    const client = ours();
    for (const id of ["..", ".", ""]) await expect(client.sources.delete({ id }), id).rejects.toThrow(TypeError);
    for (const id of ["../connections", "%2e%2e", "a/b", "a?b#c", "ü"])
      expect(await failure(client.sources.get({ id })), id).toMatchObject({ code: "NOT_FOUND" });
  });

  test("publishes once what a client had to send again, as the answer was lost", async () => {
    const client = ours();
    const source = await client.sources.create({ name: "once", type: "PUBLISH" });
    const lost: string[] = [];
    // The first answer never reaches the client, although its events are committed.
    const losing = createClient(
      {
        url: api.origin,
        apiKey: api.key,
        fetch: async (url, init) => {
          const answer = await fetch(url, init);
          if (lost.length > 0) return answer;
          lost.push(await answer.text());
          throw new TypeError("fetch failed");
        },
      },
      still().clock,
    );
    const published = await losing.publish.events({ source: "once", type: "paid" });
    expect(JSON.parse(lost[0] ?? "")).toEqual(published);
    const { data } = await client.requests.list({ source_id: [source.id] });
    expect(data).toHaveLength(1);
  });
});

/** A clock that notes its waits, and does not wait. */
function still(nowMs = Date.parse("2026-06-01T00:00:00Z")) {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => nowMs,
    random: () => 1,
    sleep: async (ms, signal) => {
      waits.push(ms);
      signal?.throwIfAborted();
    },
  };
  return { waits, clock };
}

const PAGE = JSON.stringify({
  data: [],
  pagination: { limit: 1, order_by: "created_at", dir: "desc", next: null, prev: null },
});
const refusal = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify({ error: { code, message: "Not now." } }),
});
const clientOf = ({ url }: Receiver, clock: Clock, options: { timeoutMs?: number; maxRetries?: number } = {}) =>
  createClient({ url: new URL(url).origin, apiKey: "sy_x", ...options }, clock);

describe("a server in trouble", () => {
  test("is asked again with growing waits, or after the time that it names", async () => {
    const { waits, clock } = still();
    const answers = [
      refusal(503, "UNAVAILABLE"),
      refusal(429, "TOO_MANY_REQUESTS", { "retry-after": "7" }),
      refusal(503, "UNAVAILABLE", { "retry-after": "Mon, 01 Jun 2026 00:00:09 GMT" }),
      { body: PAGE },
    ];
    await using server = await startReceiver((_receipt, index) => answers[index] ?? {});
    expect((await clientOf(server, clock).events.list()).data).toEqual([]);
    expect(waits).toEqual([500, 7_000, 9_000]);
  });

  test("is asked only as often as it was allowed, and not where it asks for more than a minute", async () => {
    const { waits, clock } = still();
    await using server = await startReceiver(refusal(503, "UNAVAILABLE"));
    expect(await failure(clientOf(server, clock).events.list())).toMatchObject({ code: "UNAVAILABLE", status: 503 });
    expect([server.receipts.length, waits]).toEqual([4, [500, 1_000, 2_000]]);
    await using once = await startReceiver(refusal(503, "UNAVAILABLE"));
    expect(await failure(clientOf(once, clock, { maxRetries: Number.NaN }).events.list())).toMatchObject({
      status: 503,
    });
    expect(once.receipts).toHaveLength(1);
    await using later = await startReceiver(refusal(429, "TOO_MANY_REQUESTS", { "retry-after": "3600" }));
    expect(await failure(clientOf(later, clock).events.list())).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(later.receipts).toHaveLength(1);
  });

  test.each([
    ["a POST that may have been done", "create", 503, 1],
    ["a POST that was turned away", "create", 429, 3],
    ["a change that may have been done", "update", 503, 1],
    ["a PUT", "enable", 503, 3],
    ["a PUT that its own first try would make stale", "enableAsRead", 503, 1],
    ["a publish, which has a key", "publish", 503, 3],
    ["a mistake of its caller", "enable", 422, 1],
    ["a fault of the gateway", "enable", 500, 1],
  ] as const)("is sent %s as often as is safe", async (_name, verb, status, times) => {
    await using server = await startReceiver(refusal(status, "SOME_CODE"));
    const client = clientOf(server, still().clock, { maxRetries: 2 });
    const calls = {
      create: () => client.sources.create({ name: "a" }),
      update: () => client.sources.update({ id: "a" }),
      enable: () => client.sources.enable({ id: "a" }),
      enableAsRead: () => client.sources.enable({ id: "a", if_updated_at: "2026-06-01T00:00:00.000Z" }),
      publish: () => client.publish.events({ source: "a", type: "b" }),
    };
    expect(await failure(calls[verb]())).toMatchObject({ status, code: "SOME_CODE" });
    expect(server.receipts).toHaveLength(times);
    expect(new Set(server.receipts.map(({ body }) => body.toString())).size).toBe(1);
  });

  test("that never answers is left after the time-out, or when the caller has had enough", async () => {
    await using server = await startReceiver("hang");
    const client = clientOf(server, still().clock, { maxRetries: 0 });
    expect(await failure(client.events.list({}, { timeoutMs: 20 }))).toMatchObject({ code: "TIMEOUT", status: null });
    const stop = new AbortController();
    const waiting = client.events.list({}, { signal: stop.signal });
    await server.received(2);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(client.events.list({}, { signal: stop.signal })).rejects.toThrow("enough");
    expect(server.receipts).toHaveLength(2);
  });

  test("whose answer stops in the midst is left after the time-out as well", async () => {
    const server = createServer((_request, response) => response.writeHead(200).write('{"data":'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createClient({ url, apiKey: "sy_x", maxRetries: 0 });
    expect(await failure(client.events.list({}, { timeoutMs: 20 }))).toMatchObject({ code: "TIMEOUT" });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("that is none, or no gateway, is said to be so, and never gets the key by a redirect", async () => {
    await using receiver = await startReceiver();
    await using elsewhere = await startReceiver({ status: 302, headers: { location: receiver.url } });
    const client = clientOf(elsewhere, still().clock);
    expect(await failure(client.events.list())).toMatchObject({ code: "BAD_ANSWER", status: 302 });
    expect(receiver.receipts).toEqual([]);
    expect(await failure(clientOf(receiver, still().clock).events.list())).toMatchObject({
      code: "BAD_ANSWER",
      status: 200,
    });
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    const gone = clientOf({ ...receiver, url }, still().clock, { maxRetries: 1 });
    const { code, message } = await failure(gone.events.list());
    expect([code, message]).toEqual(["UNREACHABLE", expect.stringContaining(new URL(url).origin)]);
    expect(message).not.toContain("sy_x");
  });

  test("is not called with a URL or a key that cannot be one", () => {
    expect(() => createClient({ url: "localhost:3001", apiKey: "sy_x" })).toThrow("url");
    expect(() => createClient({ url: "http://localhost:3001", apiKey: "sy_x\nx: y" })).toThrow("apiKey");
    expect(() => createClient({ url: "http://localhost:3001", apiKey: "" })).toThrow("apiKey");
  });
});
