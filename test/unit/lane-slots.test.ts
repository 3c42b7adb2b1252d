import { expect, test } from "vitest";
import { makeLaneSlots } from "#server/delivery/lane-slots.ts";

/** Asks for lanes of a team; resolves to how many got one at once. */
function ask(slots: ReturnType<typeof makeLaneSlots>, teamId: string, count: number, from = 0): number {
  return Array.from({ length: count }, (_, i) => slots.ask(teamId, `${teamId}-${from + i}`)).filter(Boolean).length;
}
const teamsOf = (slots: ReturnType<typeof makeLaneSlots>, count: number) =>
  Array.from({ length: count }, () => slots.next()?.teamId ?? null);

test("a team alone has all slots, and another one its equal share at once, though none is free", () => {
  const slots = makeLaneSlots(10);
  expect(ask(slots, "a", 30)).toBe(10);
  expect(ask(slots, "b", 30)).toBe(5);
  expect(ask(slots, "c", 30)).toBe(3);
  expect(slots.isWanted()).toBe(true);
});

test("what all hold stays within twice the slots, however many teams there are", () => {
  const slots = makeLaneSlots(4);
  expect(ask(slots, "first", 9)).toBe(4);
  const taken = Array.from({ length: 50 }, (_, i) => ask(slots, `t${i}`, 3)).reduce((sum, each) => sum + each, 0);
  expect(taken).toBe(4);
});

test("a slot that comes free goes to the team with fewest, then to the one that has waited longest, and there in order", () => {
  const slots = makeLaneSlots(4);
  ask(slots, "a", 6);
  ask(slots, "b", 4);
  expect(slots.next()).toBeNull();
  // Six are taken: with two more free, four are left, and a slot has to be free for more than an equal share.
  slots.leave("a");
  slots.leave("a");
  expect(slots.next()).toBeNull();
  slots.leave("b");
  expect(slots.next()).toEqual({ teamId: "b", destinationId: "b-2" });
  slots.leave("a");
  slots.leave("b");
  expect(teamsOf(slots, 3)).toEqual(["a", "b", null]);
});

test("a destination waits once, and those behind it in its team do not overtake it", () => {
  const slots = makeLaneSlots(1);
  expect(ask(slots, "a", 1)).toBe(1);
  expect([slots.ask("a", "x"), slots.ask("a", "x"), slots.ask("a", "y")]).toEqual([false, false, false]);
  expect(slots.isWaiting("x")).toBe(true);
  slots.leave("a");
  expect(slots.ask("a", "z")).toBe(false);
  expect(slots.next()).toEqual({ teamId: "a", destinationId: "x" });
  expect(slots.isWaiting("x")).toBe(false);
  expect(slots.giveUp()).toEqual(["y", "z"]);
  expect([slots.isWanted(), slots.next()]).toEqual([false, null]);
});
