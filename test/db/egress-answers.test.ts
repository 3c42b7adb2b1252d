// Answers that come in several parts: 1xx before the last one, and what is kept of one that breaks off.
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { openEgress } from "#test/support/egress.ts";
import { startWireServer } from "#test/support/wire-server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise(setImmediate);
};

describe("before the final answer", () => {
  test("a storm of 1xx answers before the real one is passed over", async () => {
    await using server = await startWireServer((socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(200));
      socket.write(OK);
    });
    expect(await openEgress().post(server.url)).toMatchObject({ kind: "response", status: 200 });
  });

  test.each([
    ["100", ["HTTP/1.1 100 Continue\r\n\r\n"]],
    ["100 with a header", ["HTTP/1.1 100 Continue\r\nx-a: 1\r\n\r\n"]],
    ["100 twice in one segment", ["HTTP/1.1 100 Continue\r\n\r\n".repeat(2)]],
    ["100 in pieces", ["HTTP/1.1 1", "00 Conti", "nue\r\n\r", "\n"]],
    ["102", ["HTTP/1.1 102 Processing\r\n\r\n"]],
    ["103", ["HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"]],
    ["one that no registry knows", ["HTTP/1.1 199 Whatever\r\ncontent-length: 5\r\n\r\n"]],
    [
      "several kinds",
      ["HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n"],
    ],
  ])("an answer before the last is passed over: %s", async (_, pieces) => {
    await using server = await startWireServer(async (socket) => {
      for (const piece of [...pieces, OK]) {
        socket.write(piece);
        // Of its own segment, as far as a network lets one wish.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const egress = openEgress();
    for (let i = 0; i < 2; i++) {
      expect(await egress.post(server.url)).toMatchObject({ kind: "response", status: 200, body: Buffer.from("ok") });
    }
    expect(server.received).toHaveLength(2);
    expect(server.connections()).toBe(1);
  });

  test.each([
    ["as an upgrade", "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"],
    ["bare", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ["after a 100", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ])("101, which nobody asked for, is a PROTOCOL_ERROR: %s", async (_, answer) => {
    await using server = await startWireServer((socket) => socket.write(answer + OK));
    expect(await openEgress().post(server.url)).toMatchObject({ kind: "error", code: "PROTOCOL_ERROR", seen: null });
  });

  test.each(["100 Continue", "102 Processing"])("an endless storm of %s ends at once", async (status) => {
    await using server = await startWireServer((socket) => {
      const storm = `HTTP/1.1 ${status}\r\n\r\n`.repeat(1000);
      const pump = () => {
        while (!socket.destroyed && socket.write(storm));
      };
      socket.on("drain", pump);
      pump();
    });
    expect(await openEgress().post(server.url)).toMatchObject({ kind: "error", code: "PROTOCOL_ERROR" });
    await until(() => server.openSockets.size === 0);
  });
});

describe("after the status", () => {
  const head = (framing: string) => `HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n${framing}\r\n\r\n`;
  const cuts: [string, string, (socket: Socket) => void, string][] = [
    ["the body never ends", "content-length: 10", () => {}, "TIMEOUT"],
    ["the chunks never end", "transfer-encoding: chunked", () => {}, "TIMEOUT"],
    ["the connection is reset", "content-length: 10", (socket) => socket.resetAndDestroy(), "CONNECTION_RESET"],
    ["the connection is closed early", "content-length: 10", (socket) => socket.end(), "CONNECTION_RESET"],
    ["the chunks turn into noise", "transfer-encoding: chunked", (socket) => socket.write("zz\r\n"), "PROTOCOL_ERROR"],
  ];
  test.each(cuts)("%s: what was seen is kept", async (_, framing, cut, code) => {
    await using server = await startWireServer((socket) => {
      socket.write(`${head(framing)}${framing.startsWith("c") ? "half" : "4\r\nhalf\r\n"}`);
      setTimeout(() => cut(socket), 20);
    });
    const outcome = await openEgress().post(server.url, { timeoutMs: 200 });
    expect(outcome).toMatchObject({
      kind: "error",
      code,
      seen: { status: 503, headers: expect.arrayContaining([["Retry-After", "120"]]), body: Buffer.from("half") },
    });
    await until(() => server.openSockets.size === 0);
  });

  test("and of a long body that never ends the first 32 KiB", async () => {
    await using server = await startWireServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n${"a".repeat(50_000)}`);
    });
    expect(await openEgress().post(server.url, { timeoutMs: 200 })).toMatchObject({
      code: "TIMEOUT",
      seen: { status: 200, body: Buffer.alloc(32 * 1024, 97) },
    });
  });

  test("an answer of 1xx is no status", async () => {
    await using server = await startWireServer((socket) => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"));
    expect(await openEgress().post(server.url, { timeoutMs: 100 })).toMatchObject({ code: "TIMEOUT", seen: null });
  });
});
