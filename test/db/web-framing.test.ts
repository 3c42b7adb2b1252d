// Two callers of one port never share a byte: whatever one sends, the next one's request is stored as it was sent.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { startFront } from "#test/support/front.ts";
import { sendRaw } from "#test/support/raw-client.ts";
import { startWireServer } from "#test/support/wire-server.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let front: Awaited<ReturnType<typeof startFront>>;
let victim: Producer;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  front = await startFront(world.doorUrl);
  victim = await makeProducer(world);
});
afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const pathOf = ({ url }: Producer) => new URL(url).pathname;
const crlf = (...lines: string[]) => lines.join("\r\n");
/** Waits for 260 bytes that never come, so it swallows whatever follows on its connection. */
const opened = (path: string) =>
  crlf(`POST ${path}/stolen HTTP/1.1`, "Host: gw", "Content-Type: text/plain", "Content-Length: 260", "", "");
const complete = (path: string) => crlf(`POST ${path}/inner HTTP/1.1`, "Host: gw", "Content-Length: 2", "", "hi");
const SECRET = "Bearer sy_of_another_caller";
const QUIET = { quietMs: 50 };

const makeAttacker = () =>
  makeProducer(world, {
    config: { allowed_http_methods: ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH"] },
  });

/** Sends one message to `url` and three requests of somebody else after it; returns the status and what the sender's source holds. */
async function sendBeforeOthers(url: string, attacker: Producer, text: string) {
  const answers = await sendRaw(url, [Buffer.from(text, "latin1")], QUIET);
  for (let call = 0; call < 3; call++) {
    const init = {
      method: "POST",
      headers: { authorization: SECRET },
      body: "mine",
      signal: AbortSignal.timeout(3_000),
    };
    const answer = await fetch(url + pathOf(victim), init);
    expect([answer.status, Object.keys(await answer.json())]).toEqual([200, ["ok", "request_id"]]);
  }
  const rows = await world.requests(attacker.sourceId);
  const stored = rows.map(({ method, path, body }) => `${method} ${path} ${body}`);
  expect(stored.filter((request) => request.includes(SECRET))).toEqual([]);
  return { statuses: answers.map(({ status }) => status), stored };
}

const METHODS = ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH", "TRACE", "PROPFIND", "QUERY", "LINK"];
const NAMING = [
  ["Connection: content-length"],
  ["Connection: keep-alive, Content-Length"],
  ["Connection: keep-alive", "connection: CONTENT-LENGTH"],
  ["Connection:\tcontent-length\t,\thost"],
];

describe.each(METHODS)("a %s whose framing header is named by Connection", (method) => {
  test("is refused at the dashboard's port, and nobody's bytes are mixed", async () => {
    for (const connection of NAMING) {
      const attacker = await makeAttacker();
      for (const inner of [opened(pathOf(attacker)), complete(pathOf(attacker))]) {
        const head = crlf(`${method} ${pathOf(attacker)}/outer HTTP/1.1`, "Host: x", ...connection, "");
        const message = `${head}Content-Length: ${Buffer.byteLength(inner)}\r\n\r\n${inner}`;
        const { statuses, stored } = await sendBeforeOthers(front.url, attacker, message);
        expect([statuses, stored]).toEqual([[400], []]);
      }
    }
  });

  test("keeps its body at the gateway's own port", async () => {
    const attacker = await makeAttacker();
    const inner = opened(pathOf(attacker));
    const head = crlf(`${method} ${pathOf(attacker)}/outer HTTP/1.1`, "Host: x", "Connection: content-length", "");
    const message = `${head}Content-Length: ${Buffer.byteLength(inner)}\r\n\r\n${inner}`;
    const { statuses, stored } = await sendBeforeOthers(world.doorUrl, attacker, message);
    expect(statuses).toHaveLength(1);
    expect(stored.filter((request) => !request.startsWith(`${method} /outer `))).toEqual([]);
    if (statuses[0] === 200) expect(stored).toEqual([`${method} /outer ${inner}`]);
  });

  test("arrives with its body when it is framed as it should be", async () => {
    const attacker = await makeAttacker();
    const inner = opened(pathOf(attacker));
    const sized = `Content-Length: ${Buffer.byteLength(inner)}\r\n\r\n${inner}`;
    const chunked = `Transfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(inner).toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    for (const rest of [sized, chunked]) {
      const head = crlf(`${method} ${pathOf(attacker)}/outer HTTP/1.1`, "Host: x", "");
      const { statuses, stored } = await sendBeforeOthers(front.url, attacker, head + rest);
      expect(statuses).toHaveLength(1);
      if (statuses[0] === 200) expect(stored.at(-1)).toBe(`${method} /outer ${inner}`);
      else expect(statuses[0]).toBe(405);
    }
  });
});

describe("a message that two readers could read differently is refused whole", () => {
  const messages: [string, (path: string, inner: string) => string][] = [
    ...["+71", "071", "0x47", "71,71", "7 1", "71.0", "", "-1", "99999999999999999999"].map(
      (length): [string, (path: string, inner: string) => string] => [
        `Content-Length ${JSON.stringify(length)}`,
        (path, inner) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${inner}`,
      ],
    ),
    [
      "two lengths",
      (path, inner) =>
        `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`,
    ],
    [
      "length and chunks",
      (path, inner) =>
        `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      "an empty coding and a length",
      (path, inner) =>
        `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    ],
    [
      "two codings",
      (path, inner) => `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      "chunks in HTTP/1.0",
      (path, inner) => `POST ${path} HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      "two hosts",
      (path, inner) => `POST ${path} HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    ],
    [
      "a target with an origin",
      (path, inner) => `POST http://x${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    ],
    ["CONNECT", (path, inner) => `CONNECT ${path} HTTP/1.1\r\nHost: x\r\n\r\n${inner}`],
    [
      "a space before the colon",
      (path, inner) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length : ${inner.length}\r\n\r\n${inner}`,
    ],
    [
      "a folded length",
      (path, inner) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n ${inner.length}\r\n\r\n${inner}`,
    ],
  ];
  test.each(messages)("%s", async (_name, message) => {
    const attacker = await makeAttacker();
    const path = pathOf(attacker);
    const { statuses, stored } = await sendBeforeOthers(front.url, attacker, message(path, opened(path)));
    expect(statuses.map((status) => [400, 405].includes(status))).toEqual([true]);
    expect(stored).toEqual([]);
  });

  test("Upgrade is no way out of HTTP: the body stays a body", async () => {
    const attacker = await makeAttacker();
    const inner = opened(pathOf(attacker));
    const head = crlf(
      `POST ${pathOf(attacker)}/outer HTTP/1.1`,
      "Host: x",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "",
    );
    const message = `${head}Content-Length: ${inner.length}\r\n\r\n${inner}`;
    const { statuses, stored } = await sendBeforeOthers(front.url, attacker, message);
    expect([statuses, stored]).toEqual([[200], [`POST /outer ${inner}`]]);
  });
});

describe("what the gateway takes directly, it takes through the dashboard's port", () => {
  const post = (path: string, version: string, ...lines: string[]) =>
    crlf(`POST ${path} HTTP/${version}`, ...lines, "Content-Length: 2", "", "hi");

  test.each([
    ["HTTP/1.0 without a Host", "1.0", []],
    ["an Expect that nobody knows", "1.1", ["Host: x", "Expect: application/json"]],
    ["an empty Expect", "1.1", ["Host: x", "Expect:"]],
  ] as const)("%s", async (_name, version, lines) => {
    const attacker = await makeAttacker();
    const { statuses, stored } = await sendBeforeOthers(front.url, attacker, post(pathOf(attacker), version, ...lines));
    expect([statuses, stored]).toEqual([[200], ["POST / hi"]]);
  });

  test("bytes that are no HTTP take no answer from what came whole before them", async () => {
    const attacker = await makeAttacker();
    const good = post(pathOf(attacker), "1.1", "Host: x");
    const { statuses, stored } = await sendBeforeOthers(front.url, attacker, `${good}BAD\r\n\r\n${good}`);
    expect([statuses, stored]).toEqual([[200, 400], ["POST / hi"]]);
  });
});

describe("a connection to the gateway", () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  /** The wire server reads lengths only, so it answers chunks before they have ended. */
  const EARLY = "POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
  const call = (url: string, init?: RequestInit) => fetch(`${url}/v1/anything`, init).then((answer) => answer.text());

  test("serves the next caller when all went as expected", async () => {
    await using gateway = await startWireServer((socket) => void socket.write(OK));
    await using own = await startFront(gateway.url.origin);
    for (const init of [{}, { method: "POST", body: "x" }, { method: "DELETE" }, { method: "PUT", body: "y" }, {}])
      expect(await call(own.url, init)).toBe("ok");
    expect(gateway.connections()).toBe(1);
  });

  test("serves nobody else after a body where none is expected", async () => {
    await using gateway = await startWireServer((socket) => void socket.write(OK));
    await using own = await startFront(gateway.url.origin);
    expect(await call(own.url, { method: "DELETE", body: "x" })).toBe("ok");
    expect(await call(own.url)).toBe("ok");
    expect(gateway.connections()).toBe(2);
  });

  test("serves nobody else after an answer that came before the body had ended", async () => {
    await using gateway = await startWireServer((socket) => void socket.write(OK));
    await using own = await startFront(gateway.url.origin);
    const [early] = await sendRaw(own.url, [EARLY], QUIET);
    expect([early?.status, early?.headers.connection]).toEqual([200, "close"]);
    expect(await call(own.url)).toBe("ok");
    expect(gateway.connections()).toBe(2);
  });
});
