// What one caller may take of the process that the door runs in: bytes, time of the thread, turns. Others never wait for it.
import { connect, type Socket } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { eventually } from "#test/support/world.ts";

let api: TestApi;
let reader: string;
let otherKey: string;
beforeAll(async () => {
  api = await createApi();
  reader = await api.makeKey([api.teamId], "read");
  otherKey = await api.makeKey([await api.makeTeam("other")]);
});
afterAll(() => api[Symbol.asyncDispose]());

/** The first bytes of the answer to a request whose body never comes. */
function headOnly(path: string, headers: string[], declaredBytes = 1000): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.origin);
    const socket = connect(Number(port), hostname, () => {
      const lines = [`POST ${path} HTTP/1.1`, "host: x", "content-type: application/json", ...headers];
      socket.write(`${lines.join("\r\n")}\r\ncontent-length: ${declaredBytes}\r\n\r\n{`);
    });
    socket.setTimeout(3_000, () => reject(new Error("No answer while the body stood still.")));
    socket.once("data", (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
    socket.once("error", reject);
  });
}

/** A call whose body lacks its last byte, once the server has begun to read it. */
async function stallBody(text: string): Promise<Socket> {
  const { hostname, port } = new URL(api.origin);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  const lines = [
    "PUT /v1/transformations/run HTTP/1.1",
    "host: x",
    "content-type: application/json",
    `authorization: Bearer ${api.key}`,
    `content-length: ${text.length}`,
  ];
  const heldBefore = api.app.shares.bytes.usedBytes();
  socket.write(`${lines.join("\r\n")}\r\n\r\n${text.slice(0, -1)}`);
  await eventually(
    async () => api.app.shares.bytes.usedBytes(),
    (heldNow) => heldNow > heldBefore,
  );
  return socket;
}

describe("who asks is known before the body is read:", () => {
  test("a stranger is refused without it", async () => {
    expect(await headOnly("/v1/sources", [])).toContain("401 Unauthorized");
    expect(await headOnly("/v1/nothing", [])).toContain("404 Not Found");
  });

  test("a reader is refused without it, and whatever it holds", async () => {
    const authorization = `authorization: Bearer ${reader}`;
    for (const path of ["/v1/sources", "/v1/connections", "/v1/requests/req_x/retry"]) {
      expect(await headOnly(path, [authorization])).toContain("403 Forbidden");
    }
    expect((await api.post("/v1/sources", undefined, { key: reader, raw: "{" })).status).toBe(403);
    expect((await api.put("/v1/transformations/run", { code: "return request" }, { key: reader })).status).toBe(403);
  });
});

const repeated = (text: string, bytes: number) =>
  Array(Math.floor(bytes / (text.length + 1)))
    .fill(text)
    .join(",");
const MIB = 1024 * 1024 - 200;
const keys = (count: number, key: (at: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [key(at), 1]));
const config = (over: object) => ({ name: "x", config: { url: "https://r.example", ...over } });

/** Bodies that are within their limit of bytes and cost as much as they can. */
const HOSTILE: [what: string, method: string, path: string, raw: string][] = [
  ["empty rules", "POST", "connections", `{"name":"x","rules":[${repeated("{}", MIB)}]}`],
  ["as many rules as may be parsed", "POST", "connections", `{"name":"x","rules":[${repeated("{}", 15_000)}]}`],
  ["unknown fields", "POST", "sources", JSON.stringify(keys(9_000, (at) => `k${at}`))],
  ["one long unknown field", "POST", "sources", JSON.stringify({ ["k".repeat(MIB)]: 1 })],
  ["bad names of headers", "POST", "destinations", JSON.stringify(config({ headers: keys(9_000, (at) => `k ${at}`) }))],
  [
    "unknown fields of auth",
    "POST",
    "sources",
    JSON.stringify({ name: "x", config: { auth_type: "HMAC", auth: keys(9_000, (at) => `k${at}`) } }),
  ],
  [
    "bad names in env",
    "POST",
    "transformations",
    JSON.stringify({ name: "x", code: "1", env: keys(9_000, (at) => `k-${at}`) }),
  ],
  [
    "wrong methods",
    "POST",
    "sources",
    JSON.stringify({ name: "x", config: { allowed_http_methods: Array(9_000).fill("X") } }),
  ],
  [
    "wrong operators",
    "POST",
    "connections",
    JSON.stringify({ name: "x", rules: [{ type: "filter", body: keys(9_000, (at) => `$${at}`) }] }),
  ],
  [
    "patterns",
    "POST",
    "connections",
    JSON.stringify({
      name: "x",
      source_id: "a",
      destination_id: "b",
      rules: [
        {
          type: "filter",
          body: { $or: Array.from({ length: 300 }, (_, at) => ({ a: { $regex: `(a|b${at}){180}` } })) },
        },
      ],
    }),
  ],
  ["nesting", "POST", "sources", `{"name":${"[".repeat(500_000)}${"]".repeat(500_000)}}`],
  [
    "many values to try code on",
    "PUT",
    "transformations/run",
    `{"code":"return request","request":{"body":[${repeated("{}", 2 * MIB)}]}}`,
  ],
  [
    "unknown connections",
    "POST",
    "requests/req_x/retry",
    JSON.stringify({ connection_ids: Array(9_000).fill("w".repeat(100)) }),
  ],
];

describe("no body costs more than a moment, and no answer to it more than a few KiB:", () => {
  test.each(HOSTILE)("%s", async (_what, method, path, raw) => {
    await api.call(method, `/v1/${path}`, undefined, { raw });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const answer = await api.call(method, `/v1/${path}`, undefined, { raw });
    delay.disable();
    expect([404, 413, 422]).toContain(answer.status);
    expect(answer.text.length).toBeLessThan(10_000);
    // This thread also made the call; the walk that is guarded against took seconds.
    expect(delay.max / 1e6).toBeLessThan(1_000);
  });

  test("as many query parameters as fit are told of in a few KiB, with their number", async () => {
    const query = Array.from({ length: 1_800 }, (_, at) => `k${at}=1`).join("&");
    const answer = await api.get(`/v1/events?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.text.length).toBeLessThan(10_000);
    expect(answer.body.error.issues).toHaveLength(20);
    expect(answer.body.error.message).toContain("1780 more");
    const list = await api.get(`/v1/events?status=${",".repeat(10_000)}`);
    expect([list.status, list.text.length < 10_000]).toEqual([422, true]);
  });
});

const busyFor = (ms: number) => `const until = Date.now() + ${ms}; while (Date.now() < until); return request`;
const run = (code: string, options: { key?: string; pad?: number; signal?: AbortSignal } = {}) =>
  fetch(`${api.origin}/v1/transformations/run`, {
    method: "PUT",
    headers: { authorization: `Bearer ${options.key ?? api.key}`, "content-type": "application/json" },
    body: JSON.stringify({ code, request: { body: "x".repeat(options.pad ?? 1) } }),
    ...(options.signal && { signal: options.signal }),
  });

describe("runs", () => {
  test("of one team are bounded in number, with Retry-After, and others are served meanwhile", async () => {
    const { runs } = api.app.shares.turns;
    const taken = await Promise.all(Array.from({ length: 4 }, () => runs.take(api.teamId)));
    const answers: Response[] = [];
    const flood = Array.from({ length: 24 }, async () => answers.push(await run("return request")));
    // Twelve wait for the four that run.
    await eventually(
      async () => answers.length,
      (count) => count === 12,
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(429));
    for (const { headers } of answers) expect(headers.get("retry-after")).toBe("2");
    expect((await run("return request", { key: otherKey })).status).toBe(200);
    expect((await api.get("/v1/sources")).status).toBe(200);
    for (const turn of taken) if (turn.kind === "turn") turn.done();
    await Promise.all(flood);
    expect(answers.slice(12).map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  test("whose callers went away are dropped, with the room they held", async () => {
    const callers = new AbortController();
    const started = performance.now();
    const flood = Array.from({ length: 14 }, () => run(busyFor(900), { pad: 1_000_000, signal: callers.signal }));
    const gone = Promise.allSettled(flood);
    await eventually(
      async () => api.app.shares.bytes.usedBytes(),
      (bytes) => bytes >= 14_000_000,
    );
    callers.abort();
    await gone;
    expect((await run("return request")).status).toBe(200);
    // One after the other they would take twelve seconds.
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(api.app.shares.bytes.usedBytes()).toBe(0);
    expect(api.logged.join("")).not.toContain('"level":50');
  });
});

test("one team's bodies and answers leave room for another's", async () => {
  const holding = api.app.shares.bytes.hold([api.teamId], Date.now(), () => {});
  holding.pin();
  while (holding.add(1024 * 1024, Date.now()));
  const large = { name: "large", description: "x".repeat(900_000) };
  const refused = await api.post("/v1/sources", large);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
  expect((await api.post("/v1/sources", large, { key: otherKey })).status).toBe(422);
  holding.release();
  expect((await api.post("/v1/sources", large)).status).toBe(422);
  await eventually(
    async () => api.app.shares.bytes.usedBytes(),
    (bytes) => bytes === 0,
  );
});

test("of one team's large bodies two are read at a time, and nobody else waits for them", async () => {
  const large = { code: `return request; // ${"x".repeat(100_000)}` };
  const text = JSON.stringify(large);
  const stalled = await Promise.all([stallBody(text), stallBody(text)]);
  let isAnswered = false;
  const third = api.put("/v1/transformations/run", large).then((answer) => {
    isAnswered = true;
    return answer;
  });

  expect((await api.post("/v1/sources", { name: "small" })).status).toBe(201);
  expect((await api.put("/v1/transformations/run", large, { key: otherKey })).status).toBe(200);
  expect(isAnswered).toBe(false);
  stalled[0]?.destroy();
  expect((await third).status).toBe(200);
  stalled[1]?.destroy();
});

test("a team's large bodies, refused ones as well, are read at no more than some 20 MB a second", async () => {
  const authorization = `authorization: Bearer ${api.key}`;
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => headOnly("/v1/connections", [authorization], 2 * 1024 * 1024)),
  );
  expect(answers.filter((answer) => answer.includes("413 Payload Too Large"))).toHaveLength(12);
  // Two at a time, with the rest of a body as long as the longest here: the last two wait for five rests of 102 ms.
  expect(performance.now() - startedAt).toBeGreaterThan(5 * 100);
});

test("a small body that does not say its size costs its team the time of a small one", async () => {
  const chunked = async () => {
    const body = Readable.toWeb(Readable.from(["{", "}"])) as ReadableStream;
    const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
    const call = { method: "POST", headers, body, duplex: "half" } as RequestInit;
    return (await fetch(`${api.origin}/v1/publish`, call)).status;
  };
  const startedAt = performance.now();
  expect(new Set(await Promise.all(Array.from({ length: 24 }, chunked)))).toEqual(new Set([422]));
  // As the largest ones that may come there, the last two would wait for eleven rests of 410 ms.
  expect(performance.now() - startedAt).toBeLessThan(11 * 400);
});

test("what waits for an answer from outside takes no turn of its team's other calls", async () => {
  const { outside } = api.app.shares.turns;
  const taken = [await outside.take(api.teamId), await outside.take(api.teamId)];
  const auth = { access_key_id: "AKIATEST", secret_access_key: "x".repeat(40) };
  const config = { bucket: "events", region: "us-east-1", endpoint: "http://10.0.0.1", auth };
  const check = api.post("/v1/destinations/check", { config });
  const others = (async () => {
    for (let i = 0; i < 5; i++) expect((await api.get("/v1/sources")).status).toBe(200);
  })();
  expect(await Promise.race([check.then(() => "check"), others.then(() => "others")])).toBe("others");
  for (const turn of taken) if (turn.kind === "turn") turn.done();
  expect((await check).status).toBe(422);
});
