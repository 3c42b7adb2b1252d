// What a stranger or another team chose is never active in a browser, at the door, through the dashboard's port, or as a raw body.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { makeProducer } from "#test/support/branch.ts";
import { startFront } from "#test/support/front.ts";
import { startWireServer } from "#test/support/wire-server.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let front: Awaited<ReturnType<typeof startFront>>;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  front = await startFront(world.doorUrl);
});
afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const SANDBOX = "sandbox; default-src 'none'";
const SCRIPT = "<script>fetch('/api/trpc/sources.list')</script>";
const safety = ({ headers }: Response) => [
  headers.get("content-security-policy"),
  headers.get("x-content-type-options"),
];
const shown = ({ headers }: Response) => [headers.get("content-type"), headers.get("content-disposition")];

/** The source's own answer, at the door and through the dashboard's port. */
async function answersOf(content_type: string): Promise<[Response, Response]> {
  const custom_response = { status: 200, content_type, body: SCRIPT };
  const producer = await makeProducer(world, { config: { allowed_http_methods: ["GET"], custom_response } });
  return [await fetch(producer.url), await fetch(front.url + new URL(producer.url).pathname)];
}

describe("an own answer of an active type", () => {
  test.each([
    ...["text/html", "TEXT/HTML", "text/html; charset=x\tq=1", "image/svg+xml", "application/xhtml+xml", "text/xml"],
    ...["application/xml", "application/xslt+xml", "application/rss+xml", "text/javascript", "application/javascript"],
    ...[
      "application/ecmascript",
      "text/css",
      "application/wasm",
      "application/pdf",
      "multipart/x-mixed-replace",
      "text/vtt",
    ],
    ...[
      "message/rfc822",
      "application/json, text/html",
      "text/plain;charset=utf-7",
      "text/html/json",
      "x",
      "font/woff2",
    ],
  ])("%j is sandboxed at the door, and a download on the dashboard's origin", async (type) => {
    const [direct, forwarded] = await answersOf(type);
    expect([safety(direct), safety(forwarded)]).toEqual([
      [SANDBOX, "nosniff"],
      [SANDBOX, "nosniff"],
    ]);
    expect(shown(direct)).toEqual([type, null]);
    expect(shown(forwarded)).toEqual(["application/octet-stream", "attachment"]);
    expect(await forwarded.text()).toBe(SCRIPT);
  });
});

test.each([
  "application/json",
  "application/json; charset=utf-8",
  "text/plain",
  'Text/Plain;charset="UTF-8"',
  "text/csv",
])("an own answer as %j is the same at both ports", async (type) => {
  const [direct, forwarded] = await answersOf(type);
  expect([shown(direct), shown(forwarded)]).toEqual([
    [type, null],
    [type, null],
  ]);
  expect(safety(forwarded)).toEqual([SANDBOX, "nosniff"]);
});

test("challenges, refusals and a source that nobody has are sandboxed as well", async () => {
  const slack = await makeProducer(world, { type: "SLACK", config: { auth_type: "NONE", auth: {} } });
  const challenge = { type: "url_verification", challenge: "<script>1</script>" };
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(challenge) };
  const path = new URL(slack.url).pathname;
  for (const base of [world.doorUrl, front.url]) {
    const answers = [
      await fetch(base + path, init),
      await fetch(base + path),
      await fetch(`${base}/e/nobody<script>`),
      await fetch(`${base}/e/nobody/%2e%2e/x.html`),
    ];
    expect(answers.map(safety)).toEqual(answers.map(() => [SANDBOX, "nosniff"]));
  }
});

test("whatever the gateway says of an answer, the dashboard's port says it again", async () => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\ncontent-type: application/json\r\nContent-Disposition: inline\r\n";
  const loose =
    "Content-Security-Policy: default-src *\r\nX-Content-Type-Options: sniff\r\nContent-Length: 2\r\n\r\nok";
  await using gateway = await startWireServer((socket) => void socket.write(head + loose));
  await using own = await startFront(gateway.url.origin);
  for (const path of ["/e/k", "/v1/requests/req_x/raw_body", "/v1/docsx", "/v1/docs%2f"]) {
    const answer = await fetch(own.url + path);
    expect([safety(answer), shown(answer)]).toEqual([
      [SANDBOX, "nosniff"],
      ["application/octet-stream", "attachment"],
    ]);
  }
  expect(shown(await fetch(`${own.url}/v1/docs/`))[1]).toBe("inline");
});

test("the dashboard's own refusals are sandboxed too", async () => {
  await using own = await startFront("http://127.0.0.1:1");
  const answer = await fetch(`${own.url}/e/k`);
  expect([answer.status, ...safety(answer)]).toEqual([503, SANDBOX, "nosniff"]);
});

test.each([
  ["text/html", "application/octet-stream"],
  ["image/svg+xml", "application/octet-stream"],
  ["application/json", "application/json"],
])("the raw body of a request that came as %s is a sandboxed download", async (type, onTheDashboard) => {
  const key = newApiKey();
  const row = { key, name: key, scope: "read" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  const producer = await makeProducer(world);
  const sent = await producer.post(SCRIPT, { "content-type": type });
  const { request_id } = (await sent.json()) as { request_id: string };
  for (const [base, served] of [
    [world.doorUrl, type],
    [front.url, onTheDashboard],
  ] as const) {
    const answer = await fetch(`${base}/v1/requests/${request_id}/raw_body`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([answer.status, ...shown(answer), ...safety(answer)]).toEqual([
      200,
      served,
      "attachment",
      SANDBOX,
      "nosniff",
    ]);
    expect(await answer.text()).toBe(SCRIPT);
  }
});
