// Agents over the streams of a program: what they write is asked at a real gateway, and they get exactly their answers.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { Client, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runStdio } from "#server/cli/mcp-stdio.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** The program with its streams; `next` is the next line that it writes. */
function start(url: string, key: string) {
  const stdin = new PassThrough();
  const stdout = new PassThrough({ encoding: "utf8" });
  const ended = runStdio({ url, key, stdin, stdout });
  const lines: string[] = [];
  let rest = "";
  stdout.on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    stdout.emit("lines");
  });
  return {
    stdin,
    stdout,
    write: (text: string) => stdin.write(`${text}\n`),
    async next() {
      while (lines.length === 0) await once(stdout, "lines");
      return JSON.parse(lines.shift() ?? "");
    },
    async end() {
      stdin.end();
      await ended;
    },
  };
}

/** As the client's own transport for programs, over streams of this process. */
function transportOf(program: ReturnType<typeof start>): Transport {
  const transport: Transport = {
    async start() {
      void (async () => {
        for (;;) {
          const message = (await program.next()) as JSONRPCMessage;
          transport.onmessage?.(message);
        }
      })();
    },
    async send(message) {
      program.write(JSON.stringify(message));
    },
    async close() {
      await program.end();
      transport.onclose?.();
    },
  };
  return transport;
}

test.each(["auto", "legacy"] as const)("the official client works through it (%s)", async (mode) => {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(transportOf(start(api.origin, api.key)));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("run_retry_events");
  const { structuredContent } = await client.callTool({ name: "list_sources", arguments: { search: "ünknown" } });
  expect(structuredContent).toEqual({ data: [] });
  await expect(client.getPrompt({ name: "prüfen" })).rejects.toThrow("There is no prompt prüfen");
  await client.close();
});

test("many messages at once are all answered, each under its own id", async () => {
  const program = start(api.origin, api.key);
  const ids = Array.from({ length: 40 }, (_, at) => (at % 2 ? at : `s-${at}`));
  for (const id of ids) program.write(JSON.stringify({ jsonrpc: "2.0", id, method: "ping" }));
  const answered = [];
  for (const _ of ids) answered.push((await program.next()).id);
  expect(new Set(answered)).toEqual(new Set(ids));
  await program.end();
});

test("what is no message, a refused key and a silent gateway are sentences, and it goes on", async () => {
  const program = start(api.origin, "sy_revoked");
  program.write("{");
  expect((await program.next()).error.message).toBe("Each line is one JSON message.");
  program.write("x".repeat(300_000));
  expect((await program.next()).error.message).toContain("at most 262144 characters");
  program.write(JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/list" }));
  expect(await program.next()).toMatchObject({ id: 7, error: { message: expect.stringContaining("API key") } });
  await program.end();

  const away = start("http://127.0.0.1:1", api.key);
  away.write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
  away.write(JSON.stringify({ jsonrpc: "2.0", id: "a", method: "ping" }));
  const { id, error } = await away.next();
  expect([id, error.message]).toEqual(["a", expect.stringContaining("does not answer")]);
  expect(JSON.stringify(error)).not.toContain(api.key);
  await away.end();
});

test("a server that is no gateway gets no further than its answer, and the key follows no redirect", async () => {
  const asked: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(request.url === "/mcp" ? 307 : 200, { location: "/elsewhere" }).end("<html>");
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const program = start(`http://127.0.0.1:${(other.address() as AddressInfo).port}`, api.key);
  program.write(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }));
  expect((await program.next()).error.message).toContain("does not answer");
  expect(asked).toEqual(["/mcp"]);
  await program.end();
  other.close();
});
