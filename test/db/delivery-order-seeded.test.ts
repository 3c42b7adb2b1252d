// Order at receivers that fail, while connections are paused, workers are killed and all of it is replayed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OrderRun, overtakings, playOrderRuns, startOrderRuns } from "#test/support/order-run.ts";
import { startWorkerProcess } from "#test/support/worker-process.ts";
import { createWorld, type World } from "#test/support/world.ts";

const endAll = (runs: readonly OrderRun[]) => Promise.all(runs.map(({ receiver }) => receiver[Symbol.asyncDispose]()));

test("the checker sees an event that overtakes another", () => {
  const [a, b] = [
    { key: "a", n: 0 },
    { key: "a", n: 1 },
  ];
  expect(overtakings([a, a, { key: "b", n: 5 }, b])).toEqual([]);
  expect(overtakings([b, a])).toEqual(["a: 0 after 1"]);
});

describe("order by key", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test("holds through failures, a pause and a replay, in twenty runs", async () => {
    const runs = await startOrderRuns(world, 20);
    try {
      expect(await playOrderRuns(world, runs, 40_000)).toEqual({ overtakings: [], missing: 0 });
    } finally {
      await endAll(runs);
    }
  }, 90_000);
});

const KILLED_RUNS = 4;
const KILLS = 3;

test("order by key holds when workers are killed as well, in their sends", async () => {
  await using world = await createWorld({ withWorker: false });
  await using worker = startWorkerProcess(world);
  let isOver = false;
  // What is on the wire at other receivers then is lost to its worker too, answered or not.
  const onReceipt = async (random: () => number) => {
    if (random() < 0.05 && worker.kills() < KILLS && !isOver) await worker.replace();
  };
  const runs = await startOrderRuns(world, KILLED_RUNS, onReceipt);
  try {
    expect(await playOrderRuns(world, runs, 60_000)).toEqual({ overtakings: [], missing: 0 });
    expect(worker.kills()).toBe(KILLS);
  } finally {
    isOver = true;
    await endAll(runs);
  }
}, 150_000);
