import { expect, test } from "vitest";
import { type HeldSlot, makeSlotPools, type SlotPools } from "#server/delivery/slot-pools.ts";
import { systemClock } from "#server/process/clock.ts";
import { makeSignal } from "#server/process/signal.ts";

const LONG_MS = 60_000;

/** Pools whose clock stands until it is told, and what they have started. */
function makePools(fast: number, slow: number, idle = 1) {
  let nowMs = 0;
  const started = new Map<string, HeldSlot>();
  const clock = { ...systemClock, monotonicMs: () => nowMs };
  const pools = makeSlotPools({ fast, slow, idle }, clock, (id, slot) => void started.set(id, slot));
  return {
    pools,
    started,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const slotOf = (pools: SlotPools, id: string, teamId = "a") =>
  pools.ask("fast", teamId, id) ?? expect.fail(`${id} waits`);

/** A lane that rests; what it resolves to tells whether it goes on. */
function rest(slot: HeldSlot, as: "idle" | "waiting" | "ending") {
  const signal = makeSignal();
  let isOver = false;
  const rested = slot.rest(signal, LONG_MS, as).then((goesOn) => {
    isOver = true;
    return goesOn;
  });
  return { signal, rested, isOver: () => isOver };
}
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test("a lane that waits in its slot leaves it to whoever asks, without being woken, and comes back in line", async () => {
  const { pools, started } = makePools(2, 8);
  const [first, second] = [slotOf(pools, "h1"), slotOf(pools, "h2")];
  const asides = [rest(first, "waiting"), rest(second, "waiting")];
  expect(pools.ask("fast", "a", "well-1")).toBeNull();
  expect([...started.keys(), pools.isWaiting("well-1")]).toEqual(["well-1", false]);
  expect(pools.ask("fast", "a", "well-2")).toBeNull();
  expect(pools.ask("fast", "a", "well-3")).toBeNull();
  expect([...started.keys(), pools.isWaiting("well-3")]).toEqual(["well-1", "well-2", true]);
  await turnOfTheLoop();
  expect(asides.map(({ isOver }) => isOver())).toEqual([false, false]);

  asides[0]?.signal.raise();
  await turnOfTheLoop();
  // Whoever came before it comes first.
  started.get("well-1")?.leave();
  await turnOfTheLoop();
  expect([[...started.keys()], asides[0]?.isOver()]).toEqual([["well-1", "well-2", "well-3"], false]);
  started.get("well-2")?.leave();
  expect(await asides[0]?.rested).toBe(true);
  expect(pools.askFree("fast", "a", "well-4")).toBeNull();
  first.leave();
  expect(pools.askFree("fast", "a", "well-4")).not.toBeNull();
});

test("an idle lane in its slot is woken to end where there is no place, and only one for each that asks", async () => {
  const { pools } = makePools(2, 8, 0);
  const idle = ["i1", "i2"].map((id) => rest(slotOf(pools, id), "idle"));
  pools.ask("fast", "a", "well");
  await turnOfTheLoop();
  expect(idle.map(({ isOver }) => isOver())).toEqual([true, false]);
});

test("a turn that ends waits for its answers aside, and needs no slot any more", async () => {
  const { pools, started } = makePools(1, 4);
  const hung = slotOf(pools, "hung");
  expect(pools.ask("fast", "a", "well")).toBeNull();
  const { signal, rested } = rest(hung, "ending");
  expect([...started.keys()]).toEqual(["well"]);
  signal.raise();
  expect(await rested).toBe(true);
  hung.leave();
  started.get("well")?.leave();
  expect(["x", "y"].map((id) => pools.askFree("fast", "a", id) !== null)).toEqual([true, false]);
});

test("idle lanes wait in places of their own, and end where none is left; those that cannot end wait in their slots", async () => {
  const { pools } = makePools(4, 1, 1);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => slotOf(pools, id));
  if (!a || !b || !c || !d) return expect.unreachable();
  for (let i = 0; i < 9; i++) pools.ask("fast", "a", `more-${i}`);
  const asides = [rest(a, "idle"), rest(b, "waiting")];
  expect(await rest(c, "idle").rested).toBe(false);
  const inSlot = rest(d, "waiting");
  inSlot.signal.raise();
  expect(await inSlot.rested).toBe(true);
  for (const { signal } of asides) signal.raise();
  await turnOfTheLoop();
  // These two have something to do again, and stand in line.
  expect(asides.map(({ isOver }) => isOver())).toEqual([false, false]);
});

test("lanes of one team that wait leave another team its share of the places, so that it loses no slot either", async () => {
  const { pools, started } = makePools(2, 2);
  const others = ["h1", "h2"].map((id) => slotOf(pools, id));
  for (let i = 0; i < 4; i++) pools.ask("fast", "a", `h${i + 3}`);
  for (const slot of others) rest(slot, "waiting");
  for (const id of ["h3", "h4"]) rest(started.get(id) ?? expect.fail(`${id} waits`), "waiting");
  await turnOfTheLoop();
  expect([...started.keys()]).toEqual(["h3", "h4"]);
  const calm = slotOf(pools, "c1", "b");
  expect(pools.ask("fast", "b", "c2")).toBeNull();
  rest(calm, "waiting");
  expect([...started.keys()]).toEqual(["h3", "h4", "c2"]);
});

test("where no place is left, a lane that waits changes places with the first of its team that wants back", async () => {
  const { pools, started } = makePools(2, 2);
  const [first, second] = [slotOf(pools, "h1"), slotOf(pools, "h2")];
  for (const id of ["h3", "h4", "new"]) expect(pools.ask("fast", "a", id)).toBeNull();
  const asides = [rest(first, "waiting"), rest(second, "waiting")];
  const [third, fourth] = ["h3", "h4"].map((id) => started.get(id) ?? expect.fail(`${id} waits`));
  if (!third || !fourth) return expect.unreachable();
  for (const { signal } of asides) signal.raise();
  await turnOfTheLoop();
  expect(asides.map(({ isOver }) => isOver())).toEqual([false, false]);

  // One that begins to wait, and one that waits in its slot already when somebody wants back.
  const aside = rest(third, "waiting");
  await turnOfTheLoop();
  expect(asides.map(({ isOver }) => isOver())).toEqual([true, false]);
  const asideAgain = rest(first, "waiting");
  await turnOfTheLoop();
  expect([asides[1]?.isOver(), pools.isWaiting("new")]).toEqual([true, true]);
  const inSlot = rest(second, "waiting");
  aside.signal.raise();
  await turnOfTheLoop();
  expect([aside, asideAgain, inSlot].map(({ isOver }) => isOver())).toEqual([true, false, false]);

  // Nothing was counted twice: each has left one slot or place.
  for (const slot of [first, second, third, fourth]) slot.leave();
  expect([...started.keys()]).toEqual(["h3", "h4", "new"]);
  expect(["x", "y"].map((id) => pools.askFree("fast", "a", id) !== null)).toEqual([true, false]);
  expect(["x", "y", "z"].map((id) => pools.askFree("slow", "a", id) !== null)).toEqual([true, true, false]);
});

test("a turn goes on while lanes only change places, so one without a lane has its turn after it", async () => {
  const { pools, started, pass } = makePools(1, 1);
  const first = slotOf(pools, "h1");
  for (const id of ["h2", "new"]) pools.ask("fast", "a", id);
  const before = rest(first, "waiting");
  const second = started.get("h2") ?? expect.fail("h2 waits");
  before.signal.raise();
  await turnOfTheLoop();
  const exchanged = rest(second, "waiting");
  expect(await before.rested).toBe(true);
  pass(2_001);
  exchanged.signal.raise();
  await turnOfTheLoop();
  rest(first, "waiting");
  expect(await exchanged.rested).toBe(true);
  expect([second.isUsedUp(), pools.isWaiting("new")]).toEqual([true, true]);
  second.leave();
  expect(started.has("new")).toBe(true);
});

test("a lane changes places with none of another team", async () => {
  const { pools, started } = makePools(1, 1);
  const own = slotOf(pools, "h1");
  pools.ask("fast", "a", "h2");
  const aside = rest(own, "waiting");
  aside.signal.raise();
  await turnOfTheLoop();
  expect([...started.keys(), aside.isOver()]).toEqual(["h2", false]);
  // Its share of the places is one, so the second waits in its slot.
  for (const id of ["c1", "c2"]) rest(slotOf(pools, id, "b"), "waiting");
  await turnOfTheLoop();
  expect(aside.isOver()).toBe(false);
});

test("as many leave their slots as it takes for one of a team beyond its share", () => {
  const { pools, started } = makePools(2, 8);
  for (const id of ["h1", "h2"]) rest(slotOf(pools, id), "waiting");
  slotOf(pools, "c1", "b");
  pools.ask("fast", "a", "next");
  expect([...started.keys()]).toEqual(["next"]);
});

test("a slot is used up after a turn if others wait, and a rest begins a new one", async () => {
  const { pools, started, pass } = makePools(1, 4);
  const slot = slotOf(pools, "busy");
  pass(2_001);
  expect(slot.isUsedUp()).toBe(false);
  pools.ask("fast", "a", "next");
  expect(slot.isUsedUp()).toBe(true);
  const { signal, rested } = rest(slot, "waiting");
  started.get("next")?.leave();
  signal.raise();
  expect(await rested).toBe(true);
  pools.ask("fast", "a", "last");
  expect(slot.isUsedUp()).toBe(false);
});

test("a rest in a slot that nobody wants begins a new turn too", async () => {
  const { pools, pass } = makePools(1, 4);
  const slot = slotOf(pools, "busy");
  pass(2_001);
  const { signal, rested } = rest(slot, "waiting");
  signal.raise();
  expect(await rested).toBe(true);
  pools.ask("fast", "a", "next");
  expect(slot.isUsedUp()).toBe(false);
});

test("when a worker stops, those that wait for a first slot are given up, and nobody waits to come back", async () => {
  const { pools } = makePools(1, 4);
  const slot = slotOf(pools, "hung");
  pools.ask("fast", "a", "next");
  pools.ask("fast", "a", "left");
  const { signal, rested } = rest(slot, "waiting");
  signal.raise();
  await turnOfTheLoop();
  expect(pools.stop()).toEqual(["left"]);
  expect(await rested).toBe(true);
});
