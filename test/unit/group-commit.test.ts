import { describe, expect, test } from "vitest";
import { makeGroupCommit } from "#server/group-commit.ts";

/** A writer whose batches the test lets through, fails or holds. */
function makeGroup(options: {
  write: (batch: number[]) => Promise<void>;
  patienceMs?: number;
  maxBatchBytes?: number;
}) {
  const batches: number[][] = [];
  const poisoned: number[] = [];
  const group = makeGroupCommit<number>({
    write: (batch) => {
      batches.push([...batch]);
      return options.write(batch);
    },
    bytesOf: (item) => item,
    maxBatchItems: 4,
    maxBatchBytes: options.maxBatchBytes ?? 1_000,
    patienceMs: options.patienceMs ?? 1_000,
    isTransient: (error) => error instanceof Error && error.message === "away",
    onPoison: (item) => poisoned.push(item),
  });
  return { group, batches, poisoned };
}

const outcomes = async (adds: Promise<void>[]) => (await Promise.allSettled(adds)).map(({ status }) => status);

describe("group commit", () => {
  test("what comes while a batch is in flight goes together with the next one, and none waits for company", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { group, batches } = makeGroup({ write: () => gate });
    const first = group.add(1);
    await null;
    const others = [2, 3, 4, 5, 6, 7].map(group.add);
    expect(group.waiting()).toEqual({ items: 7, bytes: 28 });
    release();
    await Promise.all([first, ...others]);
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
    expect(group.waiting()).toEqual({ items: 0, bytes: 0 });
    await group.idle();
  });

  test("an item larger than a batch may be goes alone", async () => {
    const { group, batches } = makeGroup({ write: async () => {}, maxBatchBytes: 10 });
    await Promise.all([3, 50, 4, 5].map(group.add));
    expect(batches).toEqual([[3], [50], [4, 5]]);
  });

  test("an item that is refused fails alone and its neighbours are committed", async () => {
    const committed: number[] = [];
    const { group, poisoned } = makeGroup({
      write: async (batch) => {
        if (batch.includes(3)) throw new Error("refused");
        committed.push(...batch);
      },
    });
    expect(await outcomes([1, 2, 3, 4].map(group.add))).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(committed.sort()).toEqual([1, 2, 4]);
    expect(poisoned).toEqual([3]);
  });

  test("a batch that a lost connection cut short is tried again with the same items", async () => {
    let isAway = true;
    const { group, batches } = makeGroup({
      write: async () => {
        if (!isAway) return;
        isAway = false;
        throw new Error("away");
      },
    });
    expect(await outcomes([1, 2].map(group.add))).toEqual(["fulfilled", "fulfilled"]);
    expect(batches).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test("nobody waits longer than its patience, in flight or behind what hangs, and later items go through", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { group } = makeGroup({ write: () => gate, patienceMs: 50 });
    expect(await outcomes([1, 2, 3, 4, 5, 6].map(group.add))).toEqual(Array(6).fill("rejected"));
    expect(group.waiting()).toEqual({ items: 0, bytes: 0 });
    const later = group.add(7);
    release();
    await later;
  });
});
