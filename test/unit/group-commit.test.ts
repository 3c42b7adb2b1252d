import { describe, expect, test } from "vitest";
import { makeGroupCommit } from "#server/batch/group-commit.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";

/** A writer whose batches the test lets through, fails or holds. */
function makeGroup(options: {
  write: (batch: number[]) => Promise<void>;
  patienceMs?: number;
  maxBatchBytes?: number;
  secondBatchItems?: number;
  minIntervalMs?: number;
  loadItems?: number;
  eagerItems?: number;
  maxBatches?: number;
  keysOf?: (item: number) => readonly string[];
}) {
  const batches: number[][] = [];
  const repeats: number[][] = [];
  const poisoned: number[] = [];
  const clock = makeFakeClock();
  const group = makeGroupCommit<number>({
    write: (batch, isRepeat) => {
      (isRepeat ? repeats : batches).push([...batch]);
      return options.write(batch);
    },
    bytesOf: (item) => item,
    maxBatchItems: 4,
    maxBatchBytes: options.maxBatchBytes ?? 1_000,
    patienceMs: options.patienceMs ?? 1_000,
    ...(options.secondBatchItems && { secondBatchItems: options.secondBatchItems }),
    ...(options.keysOf && { keysOf: options.keysOf }),
    ...(options.minIntervalMs && { minIntervalMs: options.minIntervalMs }),
    ...(options.loadItems && { loadItems: options.loadItems }),
    ...(options.eagerItems && { eagerItems: options.eagerItems }),
    ...(options.maxBatches && { maxBatches: options.maxBatches }),
    isTransient: (error) => error instanceof Error && error.message === "away",
    onPoison: (item) => poisoned.push(item),
    clock,
  });
  return { group, batches, repeats, poisoned, clock };
}

/** Resolves when the event loop has turned once: what was added before is in flight. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const outcomes = async (adds: Promise<unknown>[]) => (await Promise.allSettled(adds)).map(({ status }) => status);

describe("group commit", () => {
  test("what comes while a batch is in flight goes together with the next one, and none waits for company", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { group, batches } = makeGroup({ write: () => gate });
    const first = group.add(1);
    await turn();
    const others = [2, 3, 4, 5, 6, 7].map(group.add);
    expect(group.waiting()).toEqual({ items: 7, bytes: 28 });
    release();
    await Promise.all([first, ...others]);
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
    expect(group.waiting()).toEqual({ items: 0, bytes: 0 });
    await group.idle();
  });

  test("when more waits than fits, those whose items wait take turns, and each keeps its order", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { group, batches } = makeGroup({ write: () => gate, keysOf: (item) => [item < 100 ? "many" : "few"] });
    const first = group.add(1);
    await turn();
    const others = [2, 3, 4, 5, 6, 7, 101, 102].map(group.add);
    release();
    await Promise.all([first, ...others]);
    expect(batches).toEqual([[1], [2, 101, 3, 102], [4, 5, 6, 7]]);
  });

  test("a second batch goes beside the first when enough waits for it, and never a third", async () => {
    const releases: (() => void)[] = [];
    const { group, batches } = makeGroup({
      write: () => new Promise<void>((resolve) => releases.push(resolve)),
      secondBatchItems: 3,
    });
    const committed: number[] = [];
    const add = (item: number) => group.add(item).then((done) => committed.push(done));
    const adds = [add(1)];
    await turn();
    adds.push(add(2), add(3));
    await turn();
    expect(batches).toEqual([[1]]);
    adds.push(add(4));
    await turn();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    adds.push(...[5, 6, 7, 8, 9].map(add));
    await turn();
    expect(batches).toHaveLength(2);
    releases[1]?.();
    await turn();
    expect(committed).toEqual([2, 3, 4]);
    expect(batches[2]).toEqual([5, 6, 7, 8]);
    releases[0]?.();
    await turn();
    // One waits: it is no second batch's worth, and goes with the flush that is left.
    expect(batches).toHaveLength(3);
    releases[2]?.();
    await turn();
    expect(batches[3]).toEqual([9]);
    releases[3]?.();
    await Promise.all(adds);
    expect(group.waiting()).toEqual({ items: 0, bytes: 0 });
    await group.idle();
  });

  test("an item after a batch without company waits for nobody, and for the interval after one with company", async () => {
    const { group, batches, clock } = makeGroup({ write: async () => {}, minIntervalMs: 50, loadItems: 2 });
    for (const item of [1, 2, 3]) await group.add(item);
    await Promise.all([4, 5].map(group.add));
    expect(batches).toEqual([[1], [2], [3], [4, 5]]);
    const last = group.add(6);
    await clock.advance(49);
    expect(batches).toHaveLength(4);
    await clock.advance(1);
    await last;
    await group.add(7);
    expect(batches.slice(4)).toEqual([[6], [7]]);
    await group.idle();
    expect(clock.timers()).toBe(0);
  });

  test("when enough waits, it goes before the interval is over, and as many batches as may be, never more", async () => {
    const releases: (() => void)[] = [];
    const { group, batches, clock } = makeGroup({
      write: () => new Promise<void>((resolve) => releases.push(resolve)),
      minIntervalMs: 50,
      secondBatchItems: 3,
      eagerItems: 3,
      maxBatches: 3,
    });
    const adds = [group.add(1)];
    await turn();
    releases[0]?.();
    await turn();
    adds.push(group.add(2), group.add(3));
    await turn();
    expect(batches).toEqual([[1]]);
    adds.push(group.add(4));
    await turn();
    await turn();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    for (const item of [5, 6, 7, 8, 9, 10, 11, 12, 13]) {
      adds.push(group.add(item));
      await turn();
      await turn();
    }
    expect(batches).toEqual([[1], [2, 3, 4], [5, 6, 7], [8, 9, 10]]);
    releases[2]?.();
    await turn();
    expect(batches[4]).toEqual([11, 12, 13]);
    for (const release of releases) release();
    await Promise.all(adds);
    await group.idle();
    expect(clock.timers()).toBe(0);
  });

  test("an item larger than a batch may be goes alone", async () => {
    const { group, batches } = makeGroup({ write: async () => {}, maxBatchBytes: 10 });
    await Promise.all([3, 50, 4, 5].map(group.add));
    expect(batches).toEqual([[3], [50], [4, 5]]);
  });

  test("an item that is refused fails alone and its neighbours are committed", async () => {
    const committed: number[] = [];
    const { group, batches, repeats, poisoned } = makeGroup({
      write: async (batch) => {
        if (batch.includes(3)) throw new Error("refused");
        committed.push(...batch);
      },
    });
    expect(await outcomes([1, 2, 3, 4].map(group.add))).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(committed.sort()).toEqual([1, 2, 4]);
    expect(poisoned).toEqual([3]);
    expect({ batches, repeats }).toEqual({ batches: [[1, 2, 3, 4]], repeats: [[1, 2], [3, 4], [3], [4]] });
  });

  test("of two batches that waited for the same moment the second does not go out empty", async () => {
    const { group, batches, clock } = makeGroup({ write: async () => {}, secondBatchItems: 3, minIntervalMs: 50 });
    await group.add(1);
    const adds = [2, 3, 4].map(group.add);
    await clock.advance(49);
    expect(batches).toEqual([[1]]);
    await clock.advance(1);
    await Promise.all(adds);
    await group.idle();
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  test("a batch that a lost connection cut short is tried again with the same items, and said to be a repeat", async () => {
    let isAway = true;
    const { group, batches, repeats, clock } = makeGroup({
      write: async () => {
        if (isAway) throw new Error("away");
      },
      patienceMs: Number.POSITIVE_INFINITY,
    });
    const adds = [1, 2].map(group.add);
    await clock.advance(60_000);
    expect(batches).toEqual([[1, 2]]);
    expect(repeats).toHaveLength(600);
    isAway = false;
    await clock.advance(100);
    expect(await outcomes(adds)).toEqual(["fulfilled", "fulfilled"]);
    expect(new Set(repeats.map(String))).toEqual(new Set(["1,2"]));
    expect(clock.timers()).toBe(0);
  });

  test("nobody waits longer than its patience, in flight or behind what hangs, and later items go through", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { group, clock } = makeGroup({ write: () => gate, patienceMs: 4_000 });
    const settled = outcomes([1, 2, 3, 4, 5, 6].map(group.add));
    await clock.advance(3_999);
    expect(group.waiting()).toEqual({ items: 6, bytes: 21 });
    await clock.advance(201);
    expect(await settled).toEqual(Array(6).fill("rejected"));
    expect(group.waiting()).toEqual({ items: 0, bytes: 0 });
    const later = group.add(7);
    release();
    await later;
    await group.idle();
    expect(clock.timers()).toBe(0);
  });
});
