import { describe, expect, test } from "vitest";
import { freeName } from "#components/graph/card-actions.ts";
import { flowOf } from "#components/graph/flow-elements.ts";
import type { Card, LayoutInput } from "#components/graph/graph-types.ts";
import { LANES_AT_ONCE, lanesOf } from "#components/graph/lane-groups.ts";
import { layoutGraph } from "#components/graph/layout.ts";
import { sortRows } from "#components/graph/list-rows.ts";
import { MARK, makeMarks } from "#components/graph/marks.ts";
import { barsSeen, heightOfBar, minimapOf } from "#components/graph/minimap-bars.ts";
import { type Arrow, neighbourOf } from "#components/graph/neighbour.ts";

const INPUT: LayoutInput = {
  canvasWidth: 1240,
  isCompact: false,
  sources: [
    { id: "src_1", height: 68 },
    { id: "src_2", height: 68 },
  ],
  connections: [
    { id: "web_1", height: 55, sourceIds: ["src_1"], destinationId: "des_1" },
    { id: "web_2", height: 55, sourceIds: ["src_2"], destinationId: "des_1" },
    { id: "web_3", height: 55, sourceIds: ["src_2"], destinationId: "des_2" },
  ],
  destinations: [
    { id: "des_1", height: 111 },
    { id: "des_2", height: 111 },
  ],
};

const isFold = () => false;

describe("arrows", () => {
  const layout = layoutGraph(INPUT);
  test.each<[string | undefined, Arrow, string | undefined]>([
    [undefined, "ArrowDown", "src_1"],
    ["src_1", "ArrowDown", "src_2"],
    ["src_1", "ArrowUp", undefined],
    ["src_1", "ArrowRight", "web_1"],
    ["web_2", "ArrowRight", "des_1"],
    ["web_2", "ArrowLeft", "src_2"],
    ["des_2", "ArrowLeft", "web_3"],
    ["des_2", "ArrowRight", undefined],
    ["web_1", "ArrowDown", "web_2"],
    ["gone", "ArrowRight", "src_1"],
  ])("from %s by %s to %s", (from, arrow, to) => {
    expect(neighbourOf(layout, from, arrow)).toBe(to);
  });

  test("of a card with several branches lead to the one nearest to it", () => {
    expect(["web_2", "web_3"]).toContain(neighbourOf(layout, "src_2", "ArrowRight"));
  });
});

describe("what React Flow is given", () => {
  test("stays the same object for each card and edge that has not moved", () => {
    const before = flowOf(layoutGraph(INPUT), { isCompact: false, isFold }, undefined);
    const after = flowOf(layoutGraph(structuredClone(INPUT)), { isCompact: false, isFold }, before);
    expect(after.nodes.every((node, i) => node === before.nodes[i])).toBe(true);
    expect(after.edges.every((edge, i) => edge === before.edges[i])).toBe(true);
  });

  test("moves cards when the window is wider, and gives no card another shape to draw", () => {
    const before = flowOf(layoutGraph(INPUT), { isCompact: false, isFold }, undefined);
    const after = flowOf(layoutGraph({ ...INPUT, canvasWidth: 1500 }), { isCompact: false, isFold }, before);
    expect(after.nodes.some((node, i) => node.position.x !== before.nodes[i]?.position.x)).toBe(true);
    expect(after.nodes.map(({ data }) => data.shape)).toEqual(before.nodes.map(({ data }) => data.shape));
    expect(after.nodes.every((node, i) => node.data.shape === before.nodes[i]?.data.shape)).toBe(true);
  });

  test("has the size of every card and a handle for each end of an edge, so that nothing is measured", () => {
    const { nodes, edges } = flowOf(layoutGraph(INPUT), { isCompact: false, isFold }, undefined);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const { measured, width, height } of nodes) expect(measured).toEqual({ width, height });
    for (const { source, target } of edges) {
      expect(byId.get(source)?.handles?.some(({ type }) => type === "source")).toBe(true);
      expect(byId.get(target)?.handles?.some(({ type }) => type === "target")).toBe(true);
    }
  });
});

test("an end that nothing is connected to has a port to draw a line from or to", () => {
  const alone = { ...INPUT, connections: [] };
  const { nodes } = flowOf(layoutGraph(alone), { isCompact: false, isFold }, undefined);
  for (const { data, handles } of nodes) {
    const { kind, height, inPort, outPort } = data.shape;
    const port = kind === "source" ? outPort : inPort;
    expect(port && port.y > 0 && port.y + port.height < height).toBe(true);
    expect(handles).toHaveLength(1);
  }
});

describe("marks", () => {
  const ways: Record<string, string[]> = { a: ["a", "a-b", "b"], c: ["c"] };
  const make = () => makeMarks((id) => new Set(ways[id]));

  test("light the way of what is pointed at, and of what is selected once the pointer is away", () => {
    const marks = make();
    marks.set({ selectedId: "a" });
    expect(marks.of("b")).toBe(MARK.lit);
    marks.set({ pointedId: "c" });
    expect([marks.of("b"), marks.of("c")]).toEqual([0, MARK.lit]);
    marks.set({ pointedId: undefined });
    expect([marks.of("b"), marks.of("a")]).toEqual([MARK.lit, MARK.lit + MARK.selected]);
    marks.set({ selectedId: undefined });
    expect(marks.read().lit).toBeUndefined();
  });

  test("follow a way that has changed", () => {
    const marks = make();
    marks.set({ selectedId: "a" });
    ways.a = ["a", "d"];
    marks.refresh();
    expect([marks.of("b"), marks.of("d")]).toEqual([0, MARK.lit]);
  });
});

const card = (id: string, over: object) =>
  ({
    kind: "connection",
    id,
    destinationId: "des_1",
    state: { kind: "delivering" },
    needsYou: false,
    badges: { shown: [] },
    perMinute: 0,
    ...over,
  }) as unknown as Card;
const row = (id: string, name = id) => ({
  id,
  name,
  sourceName: "s",
  destinationName: "d",
  ordering: "none" as const,
  hasGroups: false,
});

describe("the list", () => {
  const cards = new Map([
    ["a", card("a", { perMinute: 5 })],
    ["b", card("b", { perMinute: 7, state: { kind: "failing" } })],
    ["c", card("c", { perMinute: undefined })],
  ]);
  const rows = [row("a", "n10"), row("b", "n2"), row("c", "n1")];
  const cardOf = (id: string) => cards.get(id);
  const ids = (by: "name" | "rate" | "state", isUp: boolean) =>
    sortRows(rows, { by, isUp }, cardOf).map(({ id }) => id);

  test("sorts by name as people count, by rate with the unknown last, by state with the worst first", () => {
    expect(ids("name", true)).toEqual(["c", "b", "a"]);
    expect(ids("rate", false)).toEqual(["b", "a", "c"]);
    expect(ids("state", true)).toEqual(["b", "a", "c"]);
    expect(sortRows(rows, undefined, cardOf)).toBe(rows);
  });
});

describe("the strip beside a large graph", () => {
  const layout = layoutGraph({
    ...INPUT,
    connections: [
      { id: "fold:a", height: 24, sourceIds: ["src_1"], destinationId: "des_1" },
      { id: "web_9", height: 24, sourceIds: ["src_2"], destinationId: "des_2" },
    ],
  });
  const fold = {
    id: "fold:a",
    kind: "healthy",
    column: "connection",
    memberIds: ["web_1", "web_2", "web_3"],
    destinationId: "des_1",
    state: "delivering",
  } as const;
  const map = minimapOf(layout, new Map([[fold.id, fold]]));

  test("has a bar for each connection, those in a fold too", () => {
    expect(map.ids).toEqual(["web_1", "web_2", "web_3", "web_9"]);
  });

  test("frames the bars of what is seen, and leads from a bar to where its card or fold stands", () => {
    const [folded, single] = map.units.map(({ node }) => node);
    expect(barsSeen(map, 0, 1_000)).toEqual({ from: 0, to: 4 });
    expect(barsSeen(map, single?.y ?? 0, 1_000)).toEqual({ from: 3, to: 4 });
    expect(barsSeen(map, 5_000, 6_000)).toEqual({ from: 0, to: 0 });
    expect(heightOfBar(map, 2)).toBe((folded?.y ?? 0) + 12);
    expect(heightOfBar(map, 99)).toBe((single?.y ?? 0) + 12);
    expect(heightOfBar({ ids: [], units: [] }, 0)).toBeUndefined();
  });
});

describe("lanes", () => {
  test("show what needs a person first, then the branches of each destination, and only those of a filter", () => {
    const cards = new Map([
      ["a", card("a", {})],
      ["b", card("b", { needsYou: true, badges: { shown: [{ state: "FAILED", count: 1 }] } })],
      ["c", card("c", { destinationId: "des_2" })],
    ]);
    const rows = [row("a"), row("b"), row("c")];
    const titles = (filter?: "FAILED") =>
      lanesOf(rows, (id) => cards.get(id), filter, 0).groups.map(({ key, ids }) => [key, ids]);
    expect(titles()).toEqual([
      ["needs-you", ["b"]],
      ["des_1", ["a"]],
      ["des_2", ["c"]],
    ]);
    expect(titles("FAILED")).toEqual([["needs-you", ["b"]]]);
  });

  test("fold what is well among many, and show a hundred more at a time", () => {
    const rows = Array.from({ length: 60 }, (_, n) => row(`w${n}`));
    const cardOf = (id: string) => card(id, id === "w7" ? { state: { kind: "retrying" } } : {});
    expect(lanesOf(rows, cardOf, undefined, 0)).toMatchObject({ foldedCount: 59, groups: [{ ids: ["w7"] }] });
    const ten = lanesOf(rows, cardOf, undefined, 10);
    expect([ten.foldedCount, ten.groups.flatMap(({ ids }) => ids).length]).toEqual([49, 11]);
    expect(lanesOf(rows, cardOf, undefined, LANES_AT_ONCE).foldedCount).toBe(0);
  });

  test("show what waits for one cause as one among many, and each for itself to whoever asks for it", () => {
    const rows = Array.from({ length: 60 }, (_, n) => row(`w${n}`));
    const held = { state: { kind: "held", word: "Held by breaker" } };
    const cardOf = (id: string) => card(id, ["w3", "w4"].includes(id) ? held : {});
    const { causes, groups } = lanesOf(rows, cardOf, undefined, 0);
    expect([causes.map(({ ids }) => ids), groups]).toEqual([[["w3", "w4"]], []]);
    expect(lanesOf(rows, cardOf, undefined, LANES_AT_ONCE).causes).toEqual([]);
    const alone = lanesOf(rows, (id) => card(id, id === "w3" ? held : {}), undefined, 0);
    expect([alone.causes, alone.groups.map(({ ids }) => ids)]).toEqual([[], [["w3"]]]);
  });
});

test("a connection made by a line gets a name that none has yet, and none that is too long", () => {
  expect(freeName("a-to-b", new Set())).toBe("a-to-b");
  expect(freeName("a-to-b", new Set(["a-to-b", "a-to-b-2"]))).toBe("a-to-b-3");
  expect(freeName("x".repeat(400), new Set(["x".repeat(150)])).length).toBeLessThanOrEqual(155);
});
