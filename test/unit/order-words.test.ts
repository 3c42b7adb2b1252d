import { expect, test } from "vitest";
import { orderWords } from "#components/event-detail/order-words.ts";
import { orderTags } from "#components/graph/order-tags.ts";
import { EventStatus } from "#server/contracts/event.ts";

const HEAD = "evt_1";

test("an event that waits for another names its state, and what a person has to do where that has failed", () => {
  const wordsOf = (status: EventStatus) =>
    orderWords({ order_value: null, waits_for: { id: HEAD, status } })?.waitsFor ?? expect.fail("no words");
  expect(wordsOf("RETRYING")).toEqual({ id: HEAD, state: "which is retrying." });
  expect(wordsOf("HOLD").state).toBe("which is held.");
  expect(wordsOf("FAILED").state).toBe("which has failed: retry or cancel that one, and this one goes on.");
  const all = EventStatus.options.map((status) => wordsOf(status).state);
  expect(new Set(all).size).toBe(EventStatus.options.length);
});

test("the value of an order is shown with what would hide in it, and a missing one is said to be missing", () => {
  const shownValue = (order_value: string | null) => orderWords({ order_value, waits_for: null })?.value;
  expect(shownValue("user_\u202e1")).toBe("user_⟨U+202E⟩1");
  expect(shownValue("")).toBe("none");
  expect(shownValue(null)).toBeUndefined();
});

test("a destination's order and its groups have a tag each, and a destination without them has none", () => {
  expect([orderTags("none", false), orderTags("fifo", false), orderTags("by_key", true)]).toEqual([
    [],
    ["FIFO"],
    ["By key", "Groups"],
  ]);
});
