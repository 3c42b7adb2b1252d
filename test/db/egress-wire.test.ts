import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { makeEgress, type SendRequest } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { NOWHERE } from "#test/support/egress-policy.ts";
import { startWireServer } from "#test/support/wire-server.ts";

const egress = makeEgress({ policy: makeEgressPolicy(["127.0.0.0/8"], NOWHERE) });
afterAll(() => egress.close());

const send = (url: URL, more: Partial<SendRequest> = {}) =>
  egress.send({
    teamId: "tm_a",
    url,
    method: "POST",
    headers: [],
    body: Buffer.from("{}"),
    timeoutMs: 30_000,
    ...more,
  });
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise(setImmediate);
};

describe("what is sent", () => {
  test("method, path, query, header order and case, and body bytes arrive as given; framing headers are ours", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const body = Buffer.from([0, 255, 13, 10, 128]);
    const headers: HeaderList = [
      ["X-B", "1"],
      ["x-a", "two"],
      ["X-B", "3"],
      ["Host", "evil"],
      ["Content-Length", "999"],
      ["Connection", "close"],
      ["Transfer-Encoding", "chunked"],
      ["Expect", "100-continue"],
      ["content-type", "application/x"],
    ];

    await send(new URL("/a%2Fb/?x=1&x=%zz", server.url), { method: "PUT", headers, body });

    expect(server.received).toEqual([
      `PUT /a%2Fb/?x=1&x=%zz HTTP/1.1\r\nhost: ${server.url.host}\r\nconnection: keep-alive\r\nX-B: 1\r\nx-a: two\r\nX-B: 3\r\n` +
        `content-type: application/x\r\ncontent-length: 5\r\n\r\n${body.toString("latin1")}`,
    ]);
  });

  test.each<[string, Partial<SendRequest>]>([
    ["a line break in a header", { headers: [["x-a", "1\r\nx-b: 2"]] }],
    ["a bad header name", { headers: [["x a", "1"]] }],
    ["a bad method", { method: "PO ST" }],
    ["CONNECT", { method: "CONNECT" }],
  ])("%s is refused before anything is sent", async (_, more) => {
    await using server = await startWireServer((socket) => socket.write(OK));
    expect(await send(server.url, more)).toMatchObject({ kind: "error", code: "PROTOCOL_ERROR" });
    expect(server.received).toEqual([]);
  });

  test("onSent is called once the request is on a connected socket, and never for one that cannot connect", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    let sent = 0;
    const onSent = () => {
      sent += 1;
    };
    await send(server.url, { onSent });
    expect(sent).toBe(1);
    await send(await closedPort(), { onSent });
    expect(sent).toBe(1);
  });

  test("a body of 10 MiB arrives whole", async () => {
    await using server = await startWireServer((socket) => socket.write(OK));
    const body = Buffer.alloc(10 * 1024 * 1024, 7);
    expect(await send(server.url, { body })).toMatchObject({ kind: "response", status: 200 });
    expect(server.received[0]?.endsWith("\u0007".repeat(1024))).toBe(true);
  });
});

describe("what is received", () => {
  test("status, header order, case and repeats, and the body", async () => {
    await using server = await startWireServer((socket) =>
      socket.write("HTTP/1.1 418 x\r\nX-B: 1\r\nx-a: \xe9\r\nX-B: 2\r\nContent-Length: 2\r\n\r\nhi", "latin1"),
    );
    expect(await send(server.url)).toEqual({
      kind: "response",
      status: 418,
      headers: [
        ["X-B", "1"],
        ["x-a", "\xe9"],
        ["X-B", "2"],
        ["Content-Length", "2"],
      ],
      body: Buffer.from("hi"),
      latencyMs: expect.any(Number),
      phases: expect.objectContaining({ connect_ms: expect.any(Number), wait_ms: expect.any(Number) }),
    });
  });

  test("a redirect is an answer like any other", async () => {
    await using server = await startWireServer((socket) =>
      socket.write("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"),
    );
    expect(await send(server.url)).toMatchObject({ kind: "response", status: 302 });
    expect(server.received).toHaveLength(1);
  });

  test("a compressed bomb is not inflated", async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    await using server = await startWireServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(await send(server.url)).toMatchObject({ kind: "response", status: 200, body: bomb.subarray(0, 32 * 1024) });
  });

  test("an answer that ends with its connection is whole", async () => {
    await using server = await startWireServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
    expect(await send(server.url)).toMatchObject({ status: 200, body: Buffer.from("until the end") });
  });

  test("of an endless body little is read, the status is kept and the connection is dropped", async () => {
    let writtenBytes = 0;
    await using server = await startWireServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n");
      const chunk = Buffer.alloc(65_536, 97);
      const pump = () => {
        while (!socket.destroyed && writtenBytes < 1e9) {
          writtenBytes += chunk.length;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on("drain", pump);
      pump();
    });
    const outcome = await send(server.url);
    expect(outcome).toMatchObject({ kind: "response", status: 200, body: Buffer.alloc(32 * 1024, 97) });
    await until(() => server.openSockets.size === 0);
    expect(writtenBytes).toBeLessThan(50_000_000);
  });

  test.each([
    ["bad chunking", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n"],
    [
      "length and chunks at once",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ],
    ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["a status below 100", "HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n"],
    ["endless headers", `HTTP/1.1 200 OK\r\n${"x-a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(5000)}\r\n`],
    ["a bare line feed", "HTTP/1.1 200 OK\ncontent-length: 0\n\n"],
  ])("%s is a PROTOCOL_ERROR", async (_, answer) => {
    await using server = await startWireServer((socket) => socket.write(answer));
    expect(await send(server.url)).toMatchObject({ kind: "error", code: "PROTOCOL_ERROR" });
  });
});

describe("receivers that fail", () => {
  test("nobody listens: CONNECTION_REFUSED", async () => {
    expect(await send(await closedPort())).toMatchObject({ kind: "error", code: "CONNECTION_REFUSED" });
  });

  test.each([
    ["before an answer", ""],
    ["in the middle of the head", "HTTP/1.1 200 OK\r\nx-a"],
    ["in the middle of the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"],
  ])("a reset %s is CONNECTION_RESET, and the request is not sent again", async (_, part) => {
    await using server = await startWireServer((socket) => {
      if (part === "") socket.resetAndDestroy();
      else socket.write(part, () => socket.resetAndDestroy());
    });
    expect(await send(server.url)).toMatchObject({ kind: "error", code: "CONNECTION_RESET" });
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ["never answers", () => {}],
    [
      "hangs after its headers",
      (socket: { write(text: string): void }) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"),
    ],
  ])("a receiver that %s is a TIMEOUT after timeoutMs, and its socket is closed", async (_, answer) => {
    await using server = await startWireServer(answer);
    const outcome = await send(server.url, { timeoutMs: 150 });
    expect(outcome).toMatchObject({ kind: "error", code: "TIMEOUT" });
    expect(outcome.latencyMs).toBeGreaterThan(140);
    expect(outcome.latencyMs).toBeLessThan(1000);
    await until(() => server.openSockets.size === 0);
  });

  test("a byte now and then does not prolong the attempt", async () => {
    await using server = await startWireServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
      const timer = setInterval(() => socket.write("a"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    const outcome = await send(server.url, { timeoutMs: 200 });
    expect(outcome).toMatchObject({ kind: "error", code: "TIMEOUT" });
    expect(outcome.latencyMs).toBeLessThan(1000);
  });

  test("a signal ends every send that shares it with CANCELLED, and one that is aborted lets nothing out", async () => {
    await using server = await startWireServer(() => {});
    const lane = new AbortController();
    const sends = Array.from({ length: 50 }, () => send(server.url, { signal: lane.signal }));
    await until(() => server.received.length === 50);
    lane.abort();
    const codes = (await Promise.all(sends)).map((outcome) => outcome.kind === "error" && outcome.code);
    expect(new Set(codes)).toEqual(new Set(["CANCELLED"]));
    expect(await send(server.url, { signal: lane.signal })).toMatchObject({ code: "CANCELLED" });
    expect(server.received).toHaveLength(50);
  });
});

/** The URL of a port on which nothing listens. */
async function closedPort(): Promise<URL> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return new URL(`http://127.0.0.1:${port}/`);
}
