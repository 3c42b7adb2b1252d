// Turns of what is ready, one source after the other and one turn key after the other.
import { expect, test } from "vitest";
import { makeTurns, type Place } from "#server/delivery/turns.ts";

const names = { a: ["one", "1"], b: ["one", "2"], c: ["one", "3"], d: ["two", "4"] } as const;
const placeOf = (item: string): Place => {
  const [source, key] = names[item.charAt(0) as keyof typeof names];
  return { source, key };
};

function turnsOf(items: string[]) {
  const turns = makeTurns<string>(placeOf);
  for (const item of items) turns.add(item);
  return turns;
}

test("a source with several connections has no more turns than another", () => {
  const turns = turnsOf(["a1", "a2", "a3", "b1", "b2", "c1", "d1", "d2", "d3", "d4"]);
  expect(turns.take(8)).toEqual(["a1", "d1", "b1", "d2", "c1", "d3", "a2", "d4"]);
  expect(turns.take(8)).toEqual(["b2", "a3"]);
  expect(turns.size()).toBe(0);
});

test("what comes into a turn key that was empty waits for one turn of each other source", () => {
  const turns = turnsOf(["a1", "a2", "a3"]);
  expect(turns.take(1)).toEqual(["a1"]);
  turns.add("d1");
  expect(turns.take(2)).toEqual(["a2", "d1"]);
});

test("one key alone keeps its order, and its size is known", () => {
  const turns = turnsOf(["a1", "a2", "a3"]);
  expect([turns.sizeOf("1"), turns.sizeOf("2")]).toEqual([3, 0]);
  expect(turns.take(5)).toEqual(["a1", "a2", "a3"]);
  expect(turns.sizeOf("1")).toBe(0);
});
