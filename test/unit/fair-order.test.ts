import { expect, test } from "vitest";
import { fairOrder } from "#server/batch/fair-order.ts";

const order = (items: string[], max = 100) => fairOrder(items, max, (item) => [item[0] ?? "", item[1] ?? ""]);

test("teams take turns, and in each turn of a team its sources do", () => {
  expect(order(["ax1", "ax2", "ax3", "ay1", "bz1", "bz2", "ax4"])).toEqual([
    ...["ax1", "bz1", "ay1", "bz2", "ax2", "ax3", "ax4"],
  ]);
});

test("what is one group's alone keeps its order, and no more is taken than asked for", () => {
  expect(order(["ax3", "ax1", "ax2"])).toEqual(["ax3", "ax1", "ax2"]);
  expect(order(["ax1", "ax2", "bz1", "cz1"], 2)).toEqual(["ax1", "bz1"]);
  expect(order([])).toEqual([]);
});
