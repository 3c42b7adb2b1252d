// Where the cards of the graph stand: as it was drawn, without overlap, the same for the same data, and still when
// something else comes or goes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsFor, connectionHeight, destinationHeight, rowsFor, sourceHeight } from "#components/graph/columns.ts";
import { inEdgePath, outEdgePaths } from "#components/graph/edge-paths.ts";
import type { CardKind, GraphLayout, LayoutInput, LayoutNode } from "#components/graph/graph-types.ts";
import { layoutGraph } from "#components/graph/layout.ts";

/** `[connection, source, destination, has a strip]` */
type Branch = [id: string, sourceId: string, destinationId: string, hasStrip?: boolean];

const ids = (branches: readonly Branch[], at: 1 | 2) => [...new Set(branches.map((branch) => branch[at]))];

function inputOf(branches: readonly Branch[], more: Partial<LayoutInput> = {}): LayoutInput {
  const isCompact = more.isCompact ?? false;
  return {
    canvasWidth: 1240,
    isCompact,
    sources: ids(branches, 1).map((id) => ({ id, height: sourceHeight(isCompact) })),
    connections: branches.map(([id, sourceId, destinationId, hasStrip = false]) => ({
      id,
      sourceIds: [sourceId],
      destinationId,
      height: connectionHeight({ hasStrip, isCompact }),
    })),
    destinations: ids(branches, 2).map((id) => ({
      id,
      height: destinationHeight({ hasLimit: true, hasStrip: false, isCompact }),
    })),
    ...more,
  };
}

const column = ({ nodes }: GraphLayout, kind: CardKind) => nodes.filter((node) => node.kind === kind);
const tops = (layout: GraphLayout, kind: CardKind) =>
  Object.fromEntries(column(layout, kind).map(({ id, y }) => [id, y]));

describe("as it was drawn", () => {
  const branches: Branch[] = [
    ["c1", "stripe", "orders", true],
    ["c2", "shopify", "orders"],
    ["c3", "stripe", "billing"],
    ["c4", "shopify", "billing"],
    ["c5", "shopify", "crm", true],
    ["c6", "clerk", "crm"],
    ["c7", "twilio", "crm"],
    ["c8", "github", "slack"],
    ["c9", "sendgrid", "slack"],
    ["c10", "sendgrid", "lake"],
    ["c11", "iot", "lake"],
  ];
  const heights: Record<string, number> = { orders: 118, billing: 155, crm: 118, slack: 118, lake: 111 };
  const drawn = layoutGraph(
    inputOf(branches, { destinations: Object.entries(heights).map(([id, height]) => ({ id, height })) }),
  );

  test("every card stands where the drawing has it, and sources as near to their connections as there is room", () => {
    expect(drawn.columns).toEqual({
      source: { x: 24, width: 228 },
      connection: { x: 408, width: 372 },
      destination: { x: 968, width: 248 },
    });
    expect(tops(drawn, "connection")).toEqual({
      c1: 8,
      c2: 97,
      c3: 165,
      c4: 226,
      c5: 294,
      c6: 383,
      c7: 444,
      c8: 512,
      c9: 573,
      c10: 641,
      c11: 702,
    });
    expect(tops(drawn, "source")).toEqual({
      stripe: 81,
      shopify: 200,
      clerk: 352,
      twilio: 438,
      github: 524,
      sendgrid: 610,
      iot: 696,
    });
    expect(tops(drawn, "destination")).toEqual({ orders: 17, billing: 151, crm: 343, slack: 511, lake: 645 });
    expect([drawn.width, drawn.height]).toEqual([1240, 772]);
  });

  test("a line leaves and arrives level; behind a connection it is straight, and pauses for the badges", () => {
    const edge = (id: string) => drawn.edges.find((one) => one.id === id) ?? expect.fail(id);
    expect(inEdgePath(edge("in:c6:clerk"))).toBe("M252 386C330 386 330 411 408 411");
    expect(outEdgePaths(edge("out:c6"), 0)).toEqual({ stub: null, rest: "M780 411H852C910 411 910 402 968 402" });
    expect(outEdgePaths(edge("out:c8"), 53.4)).toEqual({
      stub: "M780 540h9",
      rest: "M833.4 540H852C910 540 910 565 968 565",
    });
    expect(outEdgePaths(edge("out:c8"), 112).rest).toBe("M892 540H892C930 540 930 565 968 565");
  });

  test("edges at one port are sorted like their other ends", () => {
    const shopify = column(drawn, "source").find(({ id }) => id === "shopify");
    expect(shopify?.outPort?.slots.map(({ edgeId, y }) => [edgeId, y])).toEqual([
      ["in:c2:shopify", 224],
      ["in:c4:shopify", 234],
      ["in:c5:shopify", 244],
    ]);
    expect(shopify?.outPort).toMatchObject({ x: 252, y: 219, height: 30 });
  });
});

describe("the width of the canvas", () => {
  test("gaps grow with it up to double, then the world is centred, and a narrow canvas pans", () => {
    const at = (canvasWidth: number) => {
      const { columns, width } = columnsFor(canvasWidth);
      const { source, connection, destination } = columns;
      const gaps = [connection.x - source.x - source.width, destination.x - connection.x - connection.width];
      return { left: source.x, gaps, width, right: width - destination.x - destination.width };
    };
    expect(at(1240)).toEqual({ left: 24, gaps: [156, 188], width: 1240, right: 24 });
    expect(at(1412)).toEqual({ left: 24, gaps: [234, 282], width: 1412, right: 24 });
    expect(at(1584)).toEqual({ left: 24, gaps: [312, 376], width: 1584, right: 24 });
    expect(at(2584)).toEqual({ left: 524, gaps: [312, 376], width: 2584, right: 524 });
    expect(at(1172)).toEqual({ left: 24, gaps: [164, 156], width: 1172, right: 16 });
    expect(at(800)).toMatchObject({ left: 24, width: 1172 });
  });
});

const MAX = { sources: 12, destinations: 8, connections: 40 };
const branches = fc
  .array(
    fc.record({
      source: fc.integer({ min: 0, max: MAX.sources }),
      destination: fc.integer({ min: 0, max: MAX.destinations }),
      hasStrip: fc.boolean(),
    }),
    { minLength: 1, maxLength: MAX.connections },
  )
  .map((drawn) =>
    drawn
      .toSorted((a, b) => a.destination - b.destination)
      .map(({ source, destination, hasStrip }, i): Branch => [`c${i}`, `s${source}`, `d${destination}`, hasStrip]),
  );

/** The room between neighbours of a column, in order; it is never less than the gap. */
const roomIn = (nodes: readonly LayoutNode[]) =>
  nodes.slice(1).map(({ y }, i) => y - ((nodes[i]?.y ?? 0) + (nodes[i]?.height ?? 0)));

describe.each([false, true])("any graph, compact %s", (isCompact) => {
  const layoutOf = (drawn: readonly Branch[]) => layoutGraph(inputOf(drawn, { isCompact }));

  test("no card overlaps another or leaves the canvas, and the order of each column is kept", () => {
    fc.assert(
      fc.property(branches, (drawn) => {
        const input = inputOf(drawn, { isCompact });
        const layout = layoutGraph(input);
        const { gap, top } = rowsFor(isCompact);
        for (const [kind, cards] of [
          ["source", input.sources],
          ["connection", input.connections],
          ["destination", input.destinations],
        ] as const) {
          const nodes = column(layout, kind);
          expect(nodes.map(({ id }) => id)).toEqual(cards.map(({ id }) => id));
          for (const room of roomIn(nodes)) expect(room).toBeGreaterThanOrEqual(gap[kind]);
          expect(nodes[0]?.y).toBeGreaterThanOrEqual(top);
        }
        for (const { y, height } of layout.nodes) expect(y + height).toBeLessThan(layout.height);
      }),
    );
  });

  test("the same data gives the same picture, whatever was laid out in between", () => {
    fc.assert(
      fc.property(branches, branches, (one, other) => {
        const first = layoutOf(one);
        layoutOf(other);
        expect(layoutOf(structuredClone(one))).toEqual(first);
      }),
    );
  });

  test("every edge runs from its source's port to its connection's, and on to its destination's", () => {
    fc.assert(
      fc.property(branches, (drawn) => {
        const { nodes, edges } = layoutOf(drawn);
        expect(edges).toHaveLength(2 * drawn.length);
        for (const { id, from, to, fromId, toId } of edges) {
          const [start, end] = [fromId, toId].map((nodeId) => nodes.find((node) => node.id === nodeId));
          expect(start?.outPort?.slots.find(({ edgeId }) => edgeId === id)?.y).toBe(from.y);
          expect(end?.inPort?.slots.find(({ edgeId }) => edgeId === id)?.y).toBe(to.y);
          for (const [node, y] of [
            [start, from.y],
            [end, to.y],
          ] as const) {
            expect(y).toBeGreaterThan(node?.y ?? 0);
            expect(y).toBeLessThan((node?.y ?? 0) + (node?.height ?? 0));
          }
        }
      }),
    );
  });

  test("edges of one port never cross at it", () => {
    fc.assert(
      fc.property(branches, (drawn) => {
        const { edges } = layoutOf(drawn);
        for (const a of edges) {
          for (const b of edges) {
            if (a.side !== b.side || a.id === b.id) continue;
            if (a.fromId === b.fromId) expect((a.from.y - b.from.y) * (a.to.y - b.to.y)).toBeGreaterThanOrEqual(0);
            if (a.toId === b.toId && a.to.y < b.to.y) expect(a.from.y).toBeLessThanOrEqual(b.from.y);
          }
        }
      }),
    );
  });

  test("a connection that comes or goes moves those below it by its own height, and none above it", () => {
    fc.assert(
      fc.property(branches, fc.nat(), (drawn, nth) => {
        const at = nth % drawn.length;
        const gone = drawn[at]?.[0] ?? "";
        const rest = drawn.toSpliced(at, 1);
        const [before, after] = [drawn, rest].map((one) =>
          column(layoutGraph(inputOf(one, { isCompact, sources: [], destinations: [] })), "connection"),
        ) as [LayoutNode[], LayoutNode[]];
        const moves = after.map(({ id, y }) => (before.find((node) => node.id === id)?.y ?? 0) - y);
        expect(after.map(({ id }) => id)).not.toContain(gone);
        expect(moves.slice(0, at)).toEqual(Array(at).fill(0));
        expect(new Set(moves.slice(at)).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("an end that comes at the foot of its column moves no other that it does not touch", () => {
    fc.assert(
      fc.property(branches, (drawn) => {
        const input = inputOf(drawn, { isCompact });
        const before = layoutGraph(input);
        const height = sourceHeight(isCompact);
        const after = layoutGraph({ ...input, sources: [...input.sources, { id: "new", height }] });
        expect(column(after, "source").slice(0, -1)).toEqual(column(before, "source"));
        expect(column(after, "connection")).toEqual(column(before, "connection"));
        expect(column(after, "destination")).toEqual(column(before, "destination"));
      }),
    );
  });
});
