import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Holding, makeHeldBytes } from "#server/shares/held-bytes.ts";

const MIB = 1024 * 1024;

/** Holdings that remember whether they were evicted. */
function makeBudget(maxBytes: number) {
  const held = makeHeldBytes(maxBytes);
  const hold = (team: string, source = "s", sender = "1.1.1.1", atMs = 0) => {
    const one = { isEvicted: false };
    const holding = held.hold([team, source, sender], atMs, () => {
      one.isEvicted = true;
    });
    return Object.assign(one, holding);
  };
  return { held, hold };
}

/** Opens holdings of `bytes` each until one is refused. */
function fill(hold: () => Holding & { isEvicted: boolean }, bytes: number) {
  const filled = [];
  for (;;) {
    const one = hold();
    if (!one.add(bytes, 0)) {
      one.release();
      return filled;
    }
    filled.push(one);
  }
}

describe("while room is left", () => {
  test("one team, one source and one sender may take nearly all of it", () => {
    const { held, hold } = makeBudget(256 * MIB);
    fill(() => hold("a"), 10 * MIB);
    expect(held.usedBytes()).toBeGreaterThanOrEqual(200 * MIB);
    expect(held.usedBytes()).toBeLessThanOrEqual(224 * MIB);
  });

  test("what is released is there for the next, and releasing twice counts once", () => {
    const { held, hold } = makeBudget(100);
    const one = hold("a");
    expect(one.add(80, 0)).toBe(true);
    const two = hold("a");
    expect(two.add(60, 0)).toBe(false);
    one.release();
    one.release();
    expect(held.usedBytes()).toBe(0);
    expect(two.add(60, 0)).toBe(true);
    expect(one.add(1, 0)).toBe(false);
  });
});

describe("when it is full", () => {
  test("another team gets its half from the largest bodies of the first, and not a byte more", () => {
    const { hold } = makeBudget(256);
    const hogs = fill(() => hold("a"), 8);
    const others = fill(() => hold("b"), 8);
    expect(others.length * 8).toBeGreaterThanOrEqual(112);
    expect(others.length * 8).toBeLessThanOrEqual(136);
    expect(others.every(({ isEvicted }) => !isEvicted)).toBe(true);
    expect(hogs.filter(({ isEvicted }) => !isEvicted).length * 8).toBeGreaterThanOrEqual(112);
  });

  test("a team that holds most evicts nobody", () => {
    const { hold } = makeBudget(256);
    const small = hold("b");
    small.add(10, 0);
    fill(() => hold("a"), 8);
    expect(small.isEvicted).toBe(false);
  });

  test("another source of the same team, and another sender at the same source, get their share alike", () => {
    for (const { source, sender } of [
      { source: "other", sender: "1.1.1.1" },
      { source: "s", sender: "2.2.2.2" },
    ]) {
      const { hold } = makeBudget(256);
      fill(() => hold("a"), 8);
      const newcomers = fill(() => hold("a", source, sender), 8);
      expect(newcomers.length * 8).toBeGreaterThanOrEqual(100);
      expect(newcomers.every(({ isEvicted }) => !isEvicted)).toBe(true);
    }
  });

  test("of the largest holder's bodies the one goes that held most for longest", () => {
    const { hold } = makeBudget(256);
    const bodies = Array.from({ length: 7 }, (_, i) => hold("a", "s", "1.1.1.1", i * 100));
    for (const body of bodies) body.add(32, 1_000);
    expect(hold("b").add(40, 1_000)).toBe(true);
    expect(bodies.map(({ isEvicted }) => isEvicted)).toEqual([true, false, false, false, false, false, false]);
  });

  test("of one sender's own bodies only a larger one that stands still makes room", () => {
    const { hold } = makeBudget(256);
    const bodies = fill(() => hold("a"), 32);
    const newcomer = hold("a");
    for (const body of bodies.slice(1)) body.add(0, 900);
    expect(newcomer.add(16, 400)).toBe(false);
    expect(newcomer.add(16, 1_000)).toBe(true);
    expect(bodies.map(({ isEvicted }) => isEvicted).filter(Boolean)).toHaveLength(1);
    expect(bodies[0]?.isEvicted).toBe(true);
  });

  test("what is pinned stays, and a part is kept free for those below their share", () => {
    const { hold } = makeBudget(256);
    const pinned = fill(() => hold("a"), 8);
    for (const one of pinned) one.pin();
    const newcomer = hold("b");
    expect(newcomer.add(30, 0)).toBe(true);
    expect(newcomer.add(8, 0)).toBe(false);
    expect(pinned.some(({ isEvicted }) => isEvicted)).toBe(false);
  });
});

test("whatever is asked for, the budget is never exceeded, and all of it comes back", () => {
  const step = fc.record({
    team: fc.constantFrom("a", "b", "c"),
    source: fc.constantFrom("s", "t"),
    sender: fc.constantFrom("1", "2"),
    bytes: fc.integer({ min: 0, max: 60 }),
    kind: fc.constantFrom("open", "open", "more", "pin", "release"),
    at: fc.nat(1_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { held, hold } = makeBudget(200);
      const open: ReturnType<typeof hold>[] = [];
      for (const { team, source, sender, bytes, kind, at } of steps) {
        const one = kind === "open" ? hold(team, source, sender, at) : open[at % Math.max(1, open.length)];
        if (!one) continue;
        if (kind === "open") open.push(one);
        if (kind === "pin") one.pin();
        else if (kind === "release") one.release();
        else one.add(bytes, at);
        expect(held.usedBytes()).toBeLessThanOrEqual(200);
      }
      for (const one of open) one.release();
      expect(held.usedBytes()).toBe(0);
    }),
  );
});
