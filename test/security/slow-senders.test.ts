// Two thousand senders that are as slow as they may be: each is cut in time, and a healthy sender does not notice.
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeProducer } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const SENDERS = 2_000;
const BYTE_EVERY_MS = 10_000;
const CUT_BY_MS = 16_000;
/** Of the door's own look every second, and of this process, in which senders and door share a processor. */
const SLACK_MS = 1_500;
const CALLS = 600;

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** The 99th percentile of `CALLS` requests of somebody else, in milliseconds. */
async function p99(post: () => Promise<Response>): Promise<number> {
  const tookMs: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAtMs = performance.now();
    const answer = await post();
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    tookMs.push(performance.now() - startedAtMs);
  }
  return tookMs.sort((a, b) => a - b)[Math.floor(CALLS * 0.99)] ?? 0;
}

test("a head or a body that comes a byte every ten seconds is cut within 16 s, and p99 of others stays within twice", async () => {
  const [slow, healthy] = [await makeProducer(world), await makeProducer(world)];
  await world.config.upToDate();
  const post = () => healthy.post("h".repeat(2_000));
  const { port } = new URL(world.doorUrl);
  const path = new URL(slow.url).pathname;
  await p99(post);
  const alone = await p99(post);

  const begunAtMs = performance.now();
  const closedAfterMs: number[] = [];
  const sockets: Socket[] = [];
  for (let at = 0; at < SENDERS; at++) {
    const socket = connect(Number(port), "127.0.0.1");
    sockets.push(socket);
    const isHead = at % 2 === 0;
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n${isHead ? "x-a: " : "\r\n"}`);
    const drip = setInterval(() => socket.write("a"), BYTE_EVERY_MS);
    socket.on("error", () => {}).resume();
    socket.once("close", () => {
      clearInterval(drip);
      closedAfterMs.push(performance.now() - begunAtMs);
    });
  }
  const beside = await p99(post);
  await eventually(
    async () => closedAfterMs.length,
    (count) => count === SENDERS,
    60_000,
  );
  for (const socket of sockets) socket.destroy();
  const slowestMs = Math.max(...closedAfterMs);
  console.info({ aloneMs: alone.toFixed(1), besideMs: beside.toFixed(1), lastCutMs: Math.round(slowestMs) });
  expect(slowestMs).toBeLessThan(CUT_BY_MS + SLACK_MS);
  // Below some milliseconds it is the processor that senders and door share.
  expect(beside).toBeLessThan(Math.max(2 * alone, 25));
  expect((await world.requests(slow.sourceId)).filter(({ status }) => status === "accepted")).toEqual([]);
});
