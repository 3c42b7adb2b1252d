// The order of the graph and what is folded: as somebody left it, whatever the traffic does.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Arrangement, arrangeGraph, followGraph, isDense } from "#components/graph/arrange.ts";
import { faceOf } from "#components/graph/fold-face.ts";
import type { GraphModel } from "#components/graph/graph-types.ts";
import { deriveModel } from "#components/graph/model.ts";
import { countCrossings, fewCrossings, type Order } from "#components/graph/source-order.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const AT = "2026-05-29T12:09:00.000Z";

type Heard = Parameters<typeof hear>[0];
const modelOf = (topology: Topology, heard: Heard = {}) => deriveModel(topology, hear(heard), NOW);
const problems = { sort: "problems", isFolded: false } as const;
const folded = { sort: "problems", isFolded: true } as const;
const names = (ids: readonly string[]) => ids.map((id) => id.replace(/^(?:src|des|web)_/, ""));

describe("the order", () => {
  const topology = wire("a>x", "b>x", "c>y", "a>y", "b>z", "c>z");
  const ill = modelOf(topology, { counts: { "web_b-z": { failed: 2 }, "web_c-y": { retrying: 1 } } });

  test("destinations stand by their worst state and then by name, and so do the connections within one", () => {
    const arranged = arrangeGraph(ill, problems);
    expect(names(arranged.destinationIds)).toEqual(["z", "y", "x"]);
    expect(names(arranged.connectionIds).slice(0, 4)).toEqual(["b-z", "c-z", "c-y", "a-y"]);
  });

  test("sorted by name, problems stand where their names do", () => {
    expect(names(arrangeGraph(ill, { sort: "name", isFolded: false }).destinationIds)).toEqual(["x", "y", "z"]);
  });

  test("no live change puts anything elsewhere", () => {
    const before = arrangeGraph(modelOf(topology), problems);
    expect(followGraph(before, ill)).toBe(before);
    expect(names(before.destinationIds)).toEqual(["x", "y", "z"]);
  });

  test("what comes stands at the end of its column or of its destination, a source beside its connections", () => {
    const before = arrangeGraph(modelOf(topology), problems);
    const more = wire("a>x", "b>x", "c>y", "a>y", "b>z", "c>z", "d>x", "e>aa", "f>");
    const after = followGraph(before, modelOf(more));
    expect(names(after.destinationIds)).toEqual(["x", "y", "z", "aa"]);
    expect(names(after.connectionIds)).toEqual([...names(before.connectionIds).toSpliced(2, 0, "d-x"), "e-aa"]);
    expect(names(after.sourceIds).filter((name) => names(before.sourceIds).includes(name))).toEqual(
      names(before.sourceIds),
    );
    expect(names(after.sourceIds).slice(-2)).toEqual(["e", "f"]);
  });

  test("what goes leaves the others in their order, and a connection that is led elsewhere stands last there", () => {
    const before = arrangeGraph(modelOf(topology), problems);
    const less = wire("a>x", "b>x", "a>y", "b>z");
    const after = followGraph(before, modelOf(less));
    expect(after.connectionIds).toEqual(before.connectionIds.filter((id) => !["web_c-y", "web_c-z"].includes(id)));
    const moved = rewire(topology, { connections: { "web_a-x": { destination_id: "des_z" } } });
    expect(names(followGraph(before, modelOf(moved)).connectionIds).at(-1)).toBe("a-x");
  });
});

const SMALL = { sources: 9, rows: 24, groups: 6 };
const orders = fc
  .array(
    fc.record({
      group: fc.integer({ min: 0, max: SMALL.groups }),
      sources: fc.uniqueArray(fc.integer({ min: 0, max: SMALL.sources }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: SMALL.rows },
  )
  .map((rows): Order => {
    const sorted = rows.toSorted((a, b) => a.group - b.group);
    return {
      sourceIds: Array.from({ length: SMALL.sources + 1 }, (_, i) => `s${i}`),
      rows: sorted.map(({ group, sources }, i) => ({ id: `r${i}`, group, sourceIds: sources.map((at) => `s${at}`) })),
    };
  });

/** All pairs of edges, one by one. */
function crossingsOneByOne({ sourceIds, rows }: Order): number {
  const edges = rows.flatMap((row, to) => row.sourceIds.map((id) => ({ from: sourceIds.indexOf(id), to })));
  let crossings = 0;
  for (const [i, a] of edges.entries()) {
    for (const b of edges.slice(i + 1)) if ((a.from - b.from) * (a.to - b.to) < 0) crossings += 1;
  }
  return crossings;
}

/** Sources one after the other, each where it crosses fewest of those that stand already. */
function greedy({ sourceIds, rows }: Order): Order {
  let placed: string[] = [];
  for (const id of sourceIds) {
    const tries = Array.from({ length: placed.length + 1 }, (_, at) => placed.toSpliced(at, 0, id));
    const known = (ids: string[]) =>
      rows.map((row) => ({ ...row, sourceIds: row.sourceIds.filter((one) => ids.includes(one)) }));
    const costs = tries.map((ids) => crossingsOneByOne({ sourceIds: ids, rows: known(ids) }));
    placed = tries[costs.indexOf(Math.min(...costs))] ?? placed;
  }
  return { sourceIds: placed, rows };
}

describe("crossings", () => {
  test("are counted as if each pair of edges was looked at", () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(countCrossings(order)).toBe(crossingsOneByOne(order));
      }),
    );
  });

  test("are no more than those of a greedy order", () => {
    fc.assert(
      fc.property(orders, (order) => {
        const found = fewCrossings(order);
        expect(countCrossings(found)).toBeLessThanOrEqual(countCrossings(greedy(order)));
        expect(found.rows.map(({ group }) => group)).toEqual(order.rows.map(({ group }) => group));
        expect(found.sourceIds.toSorted()).toEqual(order.sourceIds.toSorted());
      }),
      { numRuns: 300 },
    );
  });

  test("the same data gives the same order, however it comes", () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(fewCrossings(structuredClone(order))).toEqual(fewCrossings(order));
      }),
    );
    const topology = wire("a>x", "b>x", "c>y", "a>y", "b>z", "c>z");
    const turned = {
      ...topology,
      sources: topology.sources.toReversed(),
      connections: topology.connections.toReversed(),
      destinations: topology.destinations.toReversed(),
    };
    expect(arrangeGraph(modelOf(turned), problems)).toEqual(arrangeGraph(modelOf(topology), problems));
  });
});

describe("folds", () => {
  // billing holds up three; crm has one bad branch and two healthy ones; d1 and d2 have nothing but healthy branches.
  const topology = rewire(
    wire("a>billing", "b>billing", "c>billing", "a>crm", "b>crm", "c>crm", "p>d1", "q>d1", "p>d2", "r>d2", "lone>"),
    { destinations: { des_billing: { disabled_at: AT } } },
  );
  const held = { "web_a-billing": { hold: 3 }, "web_b-billing": { hold: 2 }, "web_c-billing": { hold: 1 } };
  const counts = { ...held, "web_a-crm": { failed: 2 } };
  const model = modelOf(topology, { counts });
  const arranged = arrangeGraph(model, folded);
  const members = (arrangement: Arrangement) =>
    Object.fromEntries(arrangement.folds.map(({ id, memberIds }) => [id, names(memberIds)]));

  test("one cause is one, what is well at a destination is one, destinations that are well are one, and so are their sources", () => {
    expect(members(arranged)).toEqual({
      "fold:cause:des_billing": ["a-billing", "b-billing", "c-billing"],
      "fold:healthy:des_crm": ["b-crm", "c-crm"],
      "fold:destinations": ["d1", "d2"],
      "fold:rest": ["p-d1", "q-d1", "p-d2", "r-d2"],
      "fold:sources": ["b", "c", "p", "q", "r"],
    });
    expect(arranged.folds.find(({ kind }) => kind === "cause")?.state).toBe("held");
    expect(names(arranged.destinationIds).slice(-2)).toEqual(["d1", "d2"]);
  });

  test("the branches that a breaker holds are one, and say so", () => {
    const breaker = { state: "open", since: AT, because: null, next_probe_at: null, refusal: null } as never;
    const quiet = { oldest_at: null, latency_p95: null, limit_used_count: null, in_flight_count: 0 };
    const both = modelOf(wire("a>x", "b>x", "c>y"), {
      counts: { "web_a-x": { hold: 3 }, "web_b-x": { hold: 2 } },
      destinations: { des_x: { ...quiet, breaker } },
    });
    const [fold] = arrangeGraph(both, folded).folds;
    expect(fold && names(fold.memberIds)).toEqual(["a-x", "b-x"]);
    expect(fold && faceOf(fold, both).title).toBe("2 held by its breaker");
  });

  test("one alone is no fold, and without folding nothing is folded", () => {
    const small = modelOf(wire("a>x", "b>y"), { counts: { "web_a-x": { failed: 1 } } });
    expect(arrangeGraph(small, folded).folds).toEqual([]);
    expect(arrangeGraph(model, problems).folds).toEqual([]);
  });

  test("a branch that turns bad leaves its fold for the end of its destination; what gets well joins none", () => {
    const worse = modelOf(topology, { counts: { ...held, "web_b-crm": { failed: 1 } } });
    const after = followGraph(arranged, worse);
    expect(members(after)).toMatchObject({ "fold:cause:des_billing": ["a-billing", "b-billing", "c-billing"] });
    expect(members(after)).not.toHaveProperty("fold:healthy:des_crm");
    const ofCrm = names(after.connectionIds).filter((name) => name.endsWith("-crm"));
    expect(ofCrm).toEqual(["a-crm", "c-crm", "b-crm"]);
  });

  test("a destination whose branch turns bad leaves with all its branches; its other branches stay folded by themselves", () => {
    const three = wire("p>d1", "q>d1", "s>d1", "p>d2", "r>d2", "t>d3", "u>d3");
    const before = arrangeGraph(modelOf(three), folded);
    const after = followGraph(before, modelOf(three, { counts: { "web_q-d1": { failed: 4 } } }));
    expect(members(after)).toEqual({
      "fold:healthy:des_d1": ["p-d1", "s-d1"],
      "fold:destinations": ["d2", "d3"],
      "fold:rest": ["p-d2", "r-d2", "t-d3", "u-d3"],
      "fold:sources": ["p", "s", "r", "t", "u"],
    });
    expect(names(after.destinationIds)).toEqual(["d2", "d3", "d1"]);
    expect(names(after.connectionIds).at(-1)).toBe("q-d1");
  });

  test("when but one destination is left of those that were well, it stands by itself", () => {
    const two = wire("p>d1", "q>d1", "p>d2", "r>d2");
    const before = arrangeGraph(modelOf(two), folded);
    const after = followGraph(before, modelOf(two, { counts: { "web_q-d1": { failed: 4 } } }));
    expect(members(after)).toEqual({ "fold:healthy:des_d2": ["p-d2", "r-d2"] });
  });

  test("a number that changes leaves the arrangement the same object", () => {
    const busier = modelOf(topology, { counts, rates: { src_a: [500], "web_b-crm": [0, 77], src_p: [3] } });
    expect(followGraph(arranged, busier)).toBe(arranged);
  });

  test("whatever comes, goes or fails, each card stands once in the order, and at most in one fold", () => {
    const wirings = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 1,
      maxLength: 25,
    });
    const wiringOf = (pairs: [number, number][]) => wire(...new Set(pairs.map(([from, to]) => `s${from}>d${to}`)));
    const ill = fc.dictionary(
      fc
        .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 4 }))
        .map(([from, to]) => `web_s${from}-d${to}`),
      fc.constantFrom({ failed: 1 }, { retrying: 1 }, { hold: 1 }),
    );
    fc.assert(
      fc.property(wirings, ill, wirings, ill, (one, illOfOne, other, illOfOther) => {
        const before = arrangeGraph(modelOf(wiringOf(one), { counts: illOfOne }), folded);
        const next = modelOf(wiringOf(other), { counts: illOfOther });
        const after = followGraph(before, next);
        for (const [ids, cards] of [
          [after.sourceIds, next.sources],
          [after.connectionIds, next.connections],
          [after.destinationIds, next.destinations],
        ] as const) {
          expect(ids.toSorted()).toEqual([...cards.keys()].sort());
        }
        const all = after.folds.flatMap(({ memberIds }) => memberIds);
        expect(new Set(all).size).toBe(all.length);
        expect(followGraph(after, next)).toBe(after);
        const stays = (ids: readonly string[]) =>
          ids.filter((id) => next.sources.has(id) && before.sourceIds.includes(id));
        expect(stays(after.sourceIds)).toEqual(stays(before.sourceIds));
      }),
    );
  });
});

test("a graph of sixty cards is dense", () => {
  const of = (count: number): GraphModel =>
    modelOf(wire(...Array.from({ length: count }, (_, i) => `s${i}>d${i % 2}`)));
  expect([isDense(of(28)), isDense(of(29))]).toEqual([false, true]);
});
