import { describe, expect, test } from "vitest";
import { boundedWidth, readWidth, widthAfterKey } from "#components/data/panel-width.ts";
import { afterKey, chooseTo, type RowState, toggleAll } from "#components/data/row-keys.ts";
import { spanWords } from "#components/data/span-words.ts";

const IDS = Array.from({ length: 30 }, (_, i) => `evt_${i}`);
const START: RowState = { current: -1, anchor: -1, chosen: new Set() };
const press = (...keys: string[]) => keys.reduce((state, key) => afterKey(state, IDS, key) ?? state, START);

describe("the keys of a list", () => {
  test("j and k, the arrows, Home, End and pages move the current row and stop at the ends", () => {
    expect(press("j").current).toBe(0);
    expect(press("j", "j", "ArrowDown", "k").current).toBe(1);
    expect(press("k").current).toBe(0);
    expect(press("End").current).toBe(29);
    expect(press("End", "j").current).toBe(29);
    expect(press("End", "PageUp").current).toBe(19);
    expect(press("PageDown", "Home").current).toBe(0);
  });

  test("x chooses the current row and lets it go again; Shift x chooses from the last x to here", () => {
    expect([...press("j", "x").chosen]).toEqual(["evt_0"]);
    expect([...press("j", "x", "x").chosen]).toEqual([]);
    expect([...press("j", "x", "j", "j", "X").chosen]).toEqual(["evt_0", "evt_1", "evt_2"]);
    expect([...press("End", "x", "k", "k", "X").chosen].sort()).toEqual(["evt_27", "evt_28", "evt_29"]);
  });

  test("other keys are none of a list's, and an empty list has none", () => {
    expect(afterKey(START, IDS, "q")).toBeUndefined();
    expect(afterKey(START, [], "j")).toBeUndefined();
  });

  test("all that are loaded are chosen, and let go when all are", () => {
    const all = toggleAll(START, IDS);
    expect(all.chosen.size).toBe(30);
    expect(toggleAll(all, IDS).chosen.size).toBe(0);
    expect(chooseTo(START, IDS, 3).chosen).toEqual(new Set(["evt_3"]));
  });
});

test("a panel stays between 420 and 900 px, whatever was remembered", () => {
  expect([readWidth("700"), readWidth("1e9"), readWidth("-5"), readWidth("99999"), readWidth(null)]).toEqual([
    700, 572, 572, 900, 572,
  ]);
  expect(boundedWidth(1)).toBe(420);
  expect(["ArrowLeft", "ArrowRight", "Home", "End", "a"].map((key) => widthAfterKey(572, key))).toEqual([
    588,
    556,
    420,
    900,
    undefined,
  ]);
});

test("a length of time is said in its two largest units", () => {
  expect([9, 412, 15_000, 58_588, 190_000, 7_200_000, 189_991, 273_600_000].map(spanWords)).toEqual([
    ...["9 ms", "412 ms", "15 s", "58.5 s", "3 min 10 s", "2 h", "3 min 10 s", "3 d 4 h"],
  ]);
});
