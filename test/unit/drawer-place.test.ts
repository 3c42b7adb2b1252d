import { expect, test } from "vitest";
import { placeOf } from "#components/graph-drawer/drawer-place.ts";

const NOTHING = { panel: null, rule: null, new: null, source: null, destination: null };

test("an address without a panel opens nothing", () => {
  expect(placeOf(NOTHING)).toEqual({ kind: "nothing" });
  expect(placeOf({ ...NOTHING, rule: "filter", source: "src_1" })).toEqual({ kind: "nothing" });
});

test("a panel opens its resource, and a rule its editor where the panel is a connection", () => {
  expect(placeOf({ ...NOTHING, panel: "des_1" })).toEqual({ kind: "resource", id: "des_1" });
  expect(placeOf({ ...NOTHING, panel: "web_1", rule: "filter" })).toEqual({
    kind: "rule",
    connectionId: "web_1",
    rule: "filter",
  });
  expect(placeOf({ ...NOTHING, panel: "src_1", rule: "filter" })).toEqual({ kind: "resource", id: "src_1" });
});

test("making something goes before what is open, with the ends that are given", () => {
  const query = { ...NOTHING, panel: "web_1", new: "connection" as const, source: "src_1" };
  expect(placeOf(query)).toEqual({ kind: "new", what: "connection", sourceId: "src_1", destinationId: undefined });
});
