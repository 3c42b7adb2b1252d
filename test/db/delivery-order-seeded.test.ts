// Order at receivers that fail, while connections are paused and all of it is replayed: as a checker sees it that knows what was sent
// and what arrived, and nothing else. Each run has numbers of its own.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { retryEvent } from "#server/resources/events.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const RUNS = 20;
const EVENTS = 15;
const KEYS = 3;

/** Numbers between 0 and 1 that follow from a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Sent {
  key: string;
  n: number;
}

/** The places where a receiver got an event of a key before one that was sent earlier. A repeat of the last one is none. */
function overtakings(receipts: readonly Sent[]): string[] {
  const last = new Map<string, number>();
  return receipts.flatMap(({ key, n }) => {
    const before = last.get(key) ?? -1;
    last.set(key, n);
    return n === before || n > before ? [] : [`${key}: ${n} after ${before}`];
  });
}

test("the checker sees an event that overtakes another", () => {
  const [a, b] = [
    { key: "a", n: 0 },
    { key: "a", n: 1 },
  ];
  expect(overtakings([a, a, { key: "b", n: 5 }, b])).toEqual([]);
  expect(overtakings([b, a])).toEqual(["a: 0 after 1"]);
});

async function startRun(seed: number) {
  const random = seeded(seed);
  const receiver = await startReceiver(() => ({ status: random() < 0.05 ? 500 : 200 }));
  const branch = await makeBranch(world, {
    to: { url: receiver.url, ordering: "by_key", ordering_key: "body.key", breaker: { mode: "off" } },
    rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 50 }],
  });
  const sent = Array.from({ length: EVENTS }, (_, n): Sent => ({ key: `k${Math.floor(random() * KEYS)}`, n }));
  const pausesAt = Math.floor(random() * EVENTS);
  async function send() {
    for (const event of sent) {
      if (event.n === pausesAt) await pauseConnection(world.ctx, { id: branch.id });
      await branch.send(event);
    }
    await unpauseConnection(world.ctx, { id: branch.id });
  }
  async function replay() {
    const events = await world.events(branch.id);
    const asTheyCame = events.toSorted((a, b) => (a.request_id < b.request_id ? -1 : 1));
    for (const { id } of asTheyCame) await retryEvent(world.ctx, { id });
  }
  const arrived = (from = 0) => receiver.receipts.slice(from).map(({ body }): Sent => JSON.parse(String(body)));
  return { receiver, send, replay, arrived };
}

const unfinished = async () =>
  (await world.all<{ n: number }>("select count(*)::int as n from event where status <> 'DELIVERED'"))[0]?.n ?? 0;

test("holds for each key through failures, a pause and a replay, in twenty runs", async () => {
  const runs = await Promise.all(Array.from({ length: RUNS }, (_, seed) => startRun(seed + 1)));
  try {
    await Promise.all(runs.map(({ send }) => send()));
    await eventually(unfinished, (count) => count === 0, 40_000);
    expect(runs.flatMap(({ arrived }) => overtakings(arrived()))).toEqual([]);
    for (const { arrived } of runs) expect(new Set(arrived().map(({ n }) => n)).size).toBe(EVENTS);

    const before = runs.map(({ receiver }) => receiver.receipts.length);
    await Promise.all(runs.map(({ replay }) => replay()));
    await eventually(unfinished, (count) => count === 0, 40_000);
    expect(runs.flatMap(({ arrived }, at) => overtakings(arrived(before[at])))).toEqual([]);
    for (const [at, { arrived }] of runs.entries()) {
      expect(new Set(arrived(before[at]).map(({ n }) => n)).size).toBe(EVENTS);
    }
  } finally {
    await Promise.all(runs.map(({ receiver }) => receiver[Symbol.asyncDispose]()));
  }
}, 90_000);
