// Receivers that do everything a receiver should not, beside nine that are well: these keep the latency that they have beside as many
// events for receivers that answer, and the process its memory and its sockets. Nothing beside would be another comparison: what comes
// is sent, received and judged by this very process, and 150 events at once take it a while wherever they go.
import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { takePort } from "#test/support/free-port.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { startWireServer, type WireServer } from "#test/support/wire-server.ts";
import { createWorld, type World } from "#test/support/world.ts";

const HEALTHY = 9;
const EVENTS = 40;
const ROUNDS = 5;
const MIB = 2 ** 20;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const head = (status: string, ...headers: string[]) => `HTTP/1.1 ${[status, ...headers].join("\r\n")}\r\n\r\n`;
function pump(socket: Socket, text: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on("drain", more);
  more();
}
const aByteASecond = (socket: Socket) => {
  const drip = setInterval(() => socket.write("x"), 1_000);
  socket.once("close", () => clearInterval(drip));
};

const EVIL: Record<string, (socket: Socket, number: number) => void> = {
  "hangs before its answer": () => {},
  "hangs after its head": (socket) => socket.write(head("200 OK", "content-length: 100")),
  "a byte a second": (socket) => {
    socket.write(head("200 OK", "content-length: 100000"));
    aByteASecond(socket);
  },
  "a body of 10 GB": (socket) => {
    socket.write(head("200 OK", "content-length: 10737418240"));
    pump(socket, "x".repeat(65_536));
  },
  "a reset in its answer": (socket) => {
    socket.write(head("200 OK", "content-length: 100"), () => socket.resetAndDestroy());
  },
  "200 after the timeout": (socket) => void setTimeout(() => socket.destroyed || socket.write(OK), 1_500),
  "a storm of 1xx": (socket) => pump(socket, head("103 Early Hints", "link: </a>").repeat(100)),
  "bad chunks": (socket) => socket.write(`${head("200 OK", "transfer-encoding: chunked")}zz\r\nnonsense`),
  flapping: (socket, number) => (number % 2 === 0 ? socket.write(OK) : socket.destroy()),
  "429 for ten years": (socket) => socket.write(head("429 No", "retry-after: 315360000", "content-length: 0")),
  "503 with a garbled wait": (socket) => socket.write(head("503 No", "retry-after: soon", "content-length: 0")),
  "503 with a date": (socket) =>
    socket.write(head("503 No", "retry-after: Fri, 31 Dec 2999 23:59:59 GMT", "content-length: 0")),
  "a compressed bomb": (socket) => {
    socket.write(head("200 OK", "content-encoding: gzip", "transfer-encoding: chunked"));
    pump(socket, `8000\r\n${"\u001f\u008b\u0008".padEnd(0x8000, "\0")}\r\n`);
  },
  "a head without end": (socket) => pump(socket, "HTTP/1.1 200 OK\r\n".concat("x-a: 1\r\n".repeat(1_000))),
};

const TO = { timeout_ms: 1_000, path_forwarding_disabled: true };

interface Neighbour {
  receiver: Receiver;
  branch: Branch;
}

/** Sends to each healthy one and resolves to the latencies, in milliseconds, and to how long it took in all. */
async function roundOf(neighbours: Neighbour[]): Promise<{ p99: number; tookMs: number }> {
  const startedAtMs = performance.now();
  const latencies = await Promise.all(
    neighbours.map(async ({ receiver, branch }) => {
      const tookMs: number[] = [];
      for (let event = 0; event < EVENTS; event++) {
        const count = receiver.receipts.length;
        const sentAtMs = performance.now();
        await branch.send({ event });
        await receiver.received(count + 1);
        tookMs.push(performance.now() - sentAtMs);
      }
      return tookMs;
    }),
  );
  const sorted = latencies.flat().sort((a, b) => a - b);
  return { p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, tookMs: performance.now() - startedAtMs };
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Round {
  p99: number;
  tookMs: number;
}

/** The round of the neighbours while each of the others gets ten events at once. */
async function roundBeside(neighbours: Neighbour[], others: Branch[]): Promise<Round> {
  const sends = others.flatMap((branch) => Array.from({ length: 10 }, (_, event) => branch.send({ event })));
  const round = await roundOf(neighbours);
  await Promise.all(sends);
  return round;
}
const medians = (rounds: Round[]): Round => ({
  p99: median(rounds.map(({ p99 }) => p99)),
  tookMs: median(rounds.map(({ tookMs }) => tookMs)),
});

test("neighbours of every kind of evil receiver keep 1.2 times the p99 and 0.9 of the throughput that they have beside good ones", async () => {
  await using stack = new AsyncDisposableStack();
  const neighbours = await Promise.all(
    Array.from({ length: HEALTHY }, async () => {
      const receiver = stack.use(await startReceiver());
      return { receiver, branch: await makeBranch(world, { to: { url: receiver.url } }) };
    }),
  );
  const servers: WireServer[] = [];
  const evil: Branch[] = [];
  for (const answer of Object.values(EVIL)) {
    const server = stack.use(await startWireServer((socket, number) => answer(socket, number)));
    servers.push(server);
    evil.push(await makeBranch(world, { to: { ...TO, url: server.url.href } }));
  }
  evil.push(await makeBranch(world, { to: { ...TO, url: `http://127.0.0.1:${await takePort()}/` } }));
  const good: Branch[] = [];
  for (const _ of evil) {
    const { url } = stack.use(await startReceiver());
    good.push(await makeBranch(world, { to: { ...TO, url } }));
  }
  await world.config.upToDate();

  await roundOf(neighbours);
  await roundBeside(neighbours, good);
  const rounds = { alone: [] as Round[], besideGood: [] as Round[], besideEvil: [] as Round[] };
  const usedBefore = process.memoryUsage().rss;
  for (let round = 0; round < ROUNDS; round++) {
    rounds.alone.push(await roundBeside(neighbours, []));
    rounds.besideGood.push(await roundBeside(neighbours, good));
    rounds.besideEvil.push(await roundBeside(neighbours, evil));
  }
  const grownMib = (process.memoryUsage().rss - usedBefore) / MIB;
  const open = servers.reduce((sum, { openSockets }) => sum + openSockets.size, 0);
  const [alone, besideGood, besideEvil] = [rounds.alone, rounds.besideGood, rounds.besideEvil].map(medians);
  console.info({ alone, besideGood, besideEvil, grownMib: Math.round(grownMib), open });
  if (!besideGood || !besideEvil) return expect.unreachable();
  // Every evil one was called.
  for (const { received } of servers) expect(received.length).toBeGreaterThan(0);
  expect(besideEvil.p99).toBeLessThan(Math.max(1.2 * besideGood.p99, besideGood.p99 + 30));
  expect(besideGood.tookMs / besideEvil.tookMs).toBeGreaterThan(0.9);
  expect(grownMib).toBeLessThan(200);
  expect(open).toBeLessThanOrEqual(evil.length * 10);
});
