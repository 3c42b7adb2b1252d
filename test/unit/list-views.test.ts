import { describe, expect, test } from "vitest";
import { EVENTS } from "#components/lists/events.tsx";
import { filtersSet, isAsSaved, viewValues } from "#components/lists/views.ts";

const { filters } = EVENTS;

describe("a view of a list", () => {
  test("keeps the filters that are set, and shows the same ones again with all others taken away", () => {
    const values = { status: "FAILED,HOLD", time: "7d", body: null, event_type: undefined };
    const kept = filtersSet(filters, values);
    expect(kept).toEqual({ status: "FAILED,HOLD", time: "7d" });
    const shown = viewValues(filters, kept);
    expect(Object.keys(shown).sort()).toEqual(filters.map(({ key }) => key).sort());
    expect(filtersSet(filters, shown)).toEqual(kept);
    expect(isAsSaved(filters, values, kept)).toBe(true);
  });

  test("is not as it was saved when one filter is other, more or fewer", () => {
    const kept = { status: "FAILED", time: "7d" };
    for (const values of [{ status: "HOLD", time: "7d" }, { ...kept, event_type: "a.*" }, { time: "7d" }, {}])
      expect(isAsSaved(filters, values, kept)).toBe(false);
    expect(isAsSaved(filters, {}, {})).toBe(true);
  });

  test("leaves out what the list cannot read, whoever saved it", () => {
    const kept = {
      status: "NONSENSE",
      time: "javascript:alert(1)",
      open: "evt_x",
      __proto__: "x",
      event_type: "a\u0000b",
    };
    expect(filtersSet(filters, viewValues(filters, kept))).toEqual({});
  });
});
