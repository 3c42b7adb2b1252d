// tRPC on the dashboard's port: what a stranger, or a page of another site, may make it do.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { startFront } from "#test/support/front.ts";
import { signInAs } from "#test/support/people.ts";
import { sendRaw } from "#test/support/raw-client.ts";
import { eventually } from "#test/support/world.ts";

let api: TestApi;
let front: Awaited<ReturnType<typeof startFront>>;
const logged: string[] = [];
/** The cookie of a person who may read. */
let viewer: string;
beforeAll(async () => {
  api = await createApi();
  await api.db.team.create({ data: { id: "tm_default", name: "Default" } });
  await api.post("/v1/sources", { name: "canary" }, { key: await api.makeKey(["tm_default"]) });
  front = await startFront(api.origin, { app: api.app, logged });
  viewer = (await signInAs(front.url, api.databaseUrl, "viewer")).cookie;
});
afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const INPUT = `?input=${encodeURIComponent("{}")}`;
const LIST = `/api/trpc/sources.list${INPUT}`;
const OWN_PAGE = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" };
const JSON_TYPE = { "Content-Type": "application/json" };

/** One request as it stands on the wire; answers with its status and body. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body = "") {
  const lines = Object.entries({ Host: new URL(front.url).host, Connection: "close", ...headers });
  if (body !== "") lines.push(["Content-Length", String(Buffer.byteLength(body))]);
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );
  const [answer] = await sendRaw(front.url, [Buffer.from(head + body, "latin1")]);
  return { status: answer?.status, body: answer?.body ?? "", headers: answer?.headers };
}
const sentence = ({ body }: { body: string }): string => JSON.parse(body).error.message;

describe("a query", () => {
  test("of a page of this origin is answered to a person who is signed in, and to nobody else", async () => {
    const answer = await ask("GET", LIST, { ...OWN_PAGE, Cookie: viewer });
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining("canary")]);
    const named = await ask("GET", LIST, { Origin: front.url, "Sec-Fetch-Site": "same-origin", Cookie: viewer });
    expect(named.status).toBe(200);
    expect((await ask("GET", LIST, OWN_PAGE)).status).toBe(401);
  });

  test.each([
    ["of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["of another port of this machine", { "Sec-Fetch-Site": "same-site" }],
    ["typed into the address bar", { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" }],
    ["of another origin that says it is this one", { ...OWN_PAGE, Origin: "https://evil.example" }],
    ["of a page without origin", { ...OWN_PAGE, Origin: "null" }],
    ["of another origin, by an old browser", { Origin: "https://evil.example" }],
    ["of an old browser's no-cors page", {}],
    ["of a page that holds an API key", { "Sec-Fetch-Site": "cross-site", Authorization: "Bearer sy_x" }],
  ])("%s is refused before anything else", async (_who, headers) => {
    const answer = await ask("GET", LIST, headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(sentence(answer)).toContain("pages");
  });

  test("of a program with an API key is answered with its own team's data, and a wrong key is told so", async () => {
    const headers = { Authorization: `Bearer ${api.key}` };
    const answer = await ask("GET", LIST, headers);
    expect([answer.status, answer.body]).toEqual([200, expect.not.stringContaining("canary")]);
    expect((await ask("GET", LIST, { Authorization: "Bearer sy_wrong" })).status).toBe(401);
  });

  test("of a delivery of ours is refused whatever a team made it carry", async () => {
    const forged = { ...OWN_PAGE, Origin: front.url, "x-switchyard-event-id": "evt_1", "webhook-id": "evt_1" };
    const answer = await ask("GET", LIST, forged);
    expect([answer.status, answer.body]).toEqual([401, expect.not.stringContaining("canary")]);
  });

  test("has no body, and no other content type than JSON", async () => {
    expect((await ask("GET", LIST, { ...OWN_PAGE, ...JSON_TYPE, Cookie: viewer })).status).toBe(200);
    expect((await ask("GET", LIST, { ...OWN_PAGE, ...JSON_TYPE }, "{}")).status).toBe(400);
    expect((await ask("GET", LIST, { ...OWN_PAGE, "Content-Type": "text/plain" })).status).toBe(415);
  });
});

describe("a mutation", () => {
  const create = (headers: Record<string, string>, body = '{"name":"made"}') =>
    ask("POST", "/api/trpc/sources.create", { Authorization: `Bearer ${api.key}`, ...headers }, body);

  test("needs a log-in, a page of this origin, and the right to write", async () => {
    expect((await create(JSON_TYPE)).status).toBe(200);
    const fromPage = (headers: Record<string, string>) =>
      ask("POST", "/api/trpc/sources.create", { ...OWN_PAGE, ...JSON_TYPE, ...headers }, '{"name":"mine"}');
    expect((await fromPage({})).status).toBe(401);
    expect((await fromPage({ Cookie: viewer })).status).toBe(403);
    expect((await create({ ...JSON_TYPE, Origin: "https://evil.example" })).status).toBe(403);
    expect((await create({ ...JSON_TYPE, "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
  });

  test.each([
    ...[
      "application/json\ta",
      "application/json, text/plain",
      "application/json;a=b",
      "application/json x",
      "text/json",
    ],
    ...[
      "multipart/form-data; boundary=b",
      "application/octet-stream",
      "text/plain",
      "application/x-www-form-urlencoded",
    ],
    ...["application/json; charset=utf-7", "application/json\x0b", ""],
  ])("by content type %j is refused", async (type) => {
    const answer = await create({ "Content-Type": type });
    expect([400, 415]).toContain(answer.status);
    expect(await api.db.source.count({ where: { name: "made-by-type" } })).toBe(0);
  });

  test("without a content type, or with two, is refused", async () => {
    expect((await create({})).status).toBe(415);
    expect((await create({ "Content-Type": "text/plain", "content-type": "application/json" })).status).toBe(415);
  });
});

describe("what a caller may send", () => {
  const OWN_JSON = { ...OWN_PAGE, ...JSON_TYPE };

  test("is bounded in its body, announced or not, before it is read", async () => {
    const announced = await ask("POST", "/api/trpc/sources.create", { ...OWN_JSON, "Content-Length": "300000000" });
    expect([announced.status, sentence(announced)]).toEqual([413, expect.stringContaining("1 MiB")]);
    const piece = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    const head = `POST /api/trpc/sources.create HTTP/1.1\r\nHost: ${new URL(front.url).host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const [chunked] = await sendRaw(front.url, [head, piece.repeat(70)]);
    expect([chunked?.status, chunked?.headers.connection]).toEqual([413, "close"]);
  });

  test("is bounded in all bodies together: those that stand still give way", async () => {
    const head = `POST /api/trpc/sources.create HTTP/1.1\r\nHost: ${new URL(front.url).host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n`;
    const body = "x".repeat(1024 * 1024 - 1);
    const standing = Array.from({ length: 24 }, () => sendRaw(front.url, [head, body], { quietMs: 10 }));
    const full = await Promise.any(standing);
    expect(full[0]).toMatchObject({ status: 503, headers: { "retry-after": "1", connection: "close" } });
    const mine = () =>
      ask("POST", "/api/trpc/sources.list", { Authorization: `Bearer ${api.key}`, ...JSON_TYPE }, "{}");
    await eventually(mine, ({ status }) => status !== 503, 3_000);
  });

  test("is bounded in calls and in the length of its URL", async () => {
    const batch = (calls: number) =>
      `/api/trpc/${Array.from({ length: calls }, () => "teams.list").join(",")}?batch=1&input=%7B%7D`;
    expect((await ask("GET", batch(20), OWN_PAGE)).status).not.toBe(400);
    const many = await ask("GET", batch(21), OWN_PAGE);
    expect([many.status, sentence(many)]).toEqual([400, expect.stringContaining("20 calls")]);
    expect((await ask("GET", batch(21).replaceAll(",", "%2C"), OWN_PAGE)).status).toBe(404);
    expect((await ask("GET", `${LIST}&x=${"y".repeat(17_000)}`, OWN_PAGE)).status).toBe(414);
  });

  test.each(["HEAD", "TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "QUERY"])(
    "is sent by GET or POST: %s is answered 405, and nothing is logged",
    async (method) => {
      logged.length = 0;
      for (const headers of [{}, OWN_PAGE]) {
        const answer = await ask(method, LIST, headers);
        expect([answer.status, answer.headers?.allow]).toEqual([405, "GET, POST"]);
        expect(answer.body).not.toContain("canary");
      }
      expect(logged).toEqual([]);
    },
  );

  test.each([
    "/api/trpc",
    "/api/trpc/",
    "/api/trpc?batch=1",
    "/api/trpc/sources.list/",
    "/api/trpc/sources%2elist",
    "/api/trpc/../x",
  ])("names a procedure: %s is 404", async (path) => {
    expect((await ask("GET", path, OWN_PAGE)).status).toBe(404);
  });

  test("that is no JSON is a 400 with a sentence, and nothing is logged", async () => {
    logged.length = 0;
    const answer = await ask(
      "POST",
      "/api/trpc/sources.create",
      { ...OWN_JSON, Authorization: `Bearer ${api.key}` },
      "{",
    );
    expect(answer.status).toBe(400);
    expect(logged).toEqual([]);
  });
});
