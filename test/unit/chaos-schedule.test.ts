// A run that failed can be had again: its schedule is a pure function of its seed.
import { describe, expect, test } from "vitest";
import { ALL_KINDS, FAULT_KINDS } from "#test/chaos/fault-kinds.ts";
import { readOptions } from "#test/chaos/options.ts";
import { PLANTS } from "#test/chaos/plants.ts";
import { makeSchedule, type Plan } from "#test/chaos/schedule.ts";

const PLAN: Plan = { seed: 7, lengthMs: 600_000, paceMs: 2_000, kinds: ALL_KINDS };

describe("a schedule", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(makeSchedule(PLAN)).toEqual(makeSchedule({ ...PLAN }));
    expect(makeSchedule({ ...PLAN, seed: 8 })).not.toEqual(makeSchedule(PLAN));
  });

  test("has every kind once before it has any of them twice", () => {
    const first = makeSchedule(PLAN).slice(0, ALL_KINDS.length);
    expect(first.map(({ kind }) => kind).toSorted()).toEqual(ALL_KINDS.toSorted());
  });

  test("keeps its pace, its end and the lengths of its kinds", () => {
    const faults = makeSchedule(PLAN);
    expect(faults.length).toBeGreaterThan(250);
    expect(faults.length).toBeLessThan(350);
    expect(faults.at(-1)?.atMs).toBeLessThan(PLAN.lengthMs);
    for (const { kind, lengthMs } of faults) {
      expect(lengthMs).toBeGreaterThanOrEqual(FAULT_KINDS[kind].minMs);
      expect(lengthMs).toBeLessThanOrEqual(FAULT_KINDS[kind].maxMs);
    }
  });

  test("of no kinds is empty", () => {
    expect(makeSchedule({ ...PLAN, kinds: [] })).toEqual([]);
  });
});

describe("options", () => {
  const read = (...args: string[]) => readOptions(args, () => 0.5);

  test("have a seed that is printed where none is given", () => {
    expect(read()).toMatchObject({ seed: 500_000_000, minutes: 5, rate: 60, paceMs: 3_000 });
    expect(read("--seed", "42")).toMatchObject({ seed: 42 });
  });

  test("choose faults by name, and say which name nobody knows", () => {
    expect(read("--faults", "pause,worker-kill")?.kinds).toEqual(["pause", "worker-kill"]);
    expect(() => read("--faults", "pause,flood")).toThrow(/nobody knows flood/);
  });

  test("of a planted bug are those that show it, unless others are given", () => {
    const plant = PLANTS.find(({ name }) => name === "no-fencing");
    expect(read("--plant", "no-fencing")).toMatchObject({ plant, script: plant?.script, minutes: plant?.minutes });
    expect(read("--plant", "no-fencing", "--minutes", "3", "--faults", "pause")).toMatchObject({
      ...{ plant, script: null, minutes: 3, kinds: ["pause"] },
    });
    expect(read("--plant", "no-fencing", "--pace", "2")).toMatchObject({ script: null, paceMs: 2_000 });
    expect(read()).toMatchObject({ plant: null, script: null });
    expect(() => read("--plant", "rust")).toThrow(/--plant must be one of .*no-fencing/);
  });

  test.each([
    ["--minutes", "0"],
    ["--rate", "x"],
    ["--seed", "-1"],
    ["--pace", ""],
  ])("%s %s is refused by its name", (name, value) => {
    expect(() => read(`${name}=${value}`)).toThrow(new RegExp(name));
  });
});
