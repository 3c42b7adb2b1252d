// What is drawn of an arrangement: folds and opened folds, what a search leaves, and the way of a card through it.
import { describe, expect, test } from "vitest";
import { arrangeGraph } from "#components/graph/arrange.ts";
import { layoutGraph } from "#components/graph/layout.ts";
import { deriveModel } from "#components/graph/model.ts";
import { drawPicture, type PictureOptions } from "#components/graph/picture.ts";
import { pictureEdges } from "#components/graph/picture-edges.ts";
import { searchGraph } from "#components/graph/search.ts";
import { nextProblem, wayOf } from "#components/graph/way.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const AT = "2026-05-29T12:09:00.000Z";

const topology = rewire(
  wire("a>billing", "b>billing", "c>billing", "a>crm", "b>crm", "c>crm", "p>d1", "q>d1", "p>d2", "r>d2", "r>crm"),
  { destinations: { des_billing: { disabled_at: AT, rate_limit: 60 } } },
);
const counts = {
  "web_a-billing": { hold: 3 },
  "web_b-billing": { hold: 2, scheduled: 9 },
  "web_c-billing": { hold: 1 },
  "web_a-crm": { failed: 2 },
};
const rates: Record<string, [number, number?]> = {
  src_p: [100],
  src_r: [64],
  "web_p-d1": [0, 30],
  "web_q-d1": [0, 12],
  "web_p-d2": [0, 40],
};
const model = deriveModel(topology, hear({ counts, rates }), NOW);
const arranged = arrangeGraph(model, { sort: "problems", isFolded: true });

const draw = (more: Partial<PictureOptions> = {}) =>
  drawPicture(arranged, model, { canvasWidth: 1240, isCompact: false, openFoldIds: new Set(), found: null, ...more });
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describe("folded", () => {
  test("a fold stands once, in the place of its members, with all their ends", () => {
    const { input } = draw();
    expect(idsOf(input.connections)).toEqual([
      "web_a-crm",
      "fold:healthy:des_crm",
      "fold:cause:des_billing",
      "fold:rest",
    ]);
    expect(idsOf(input.destinations)).toEqual(["des_crm", "des_billing", "fold:destinations"]);
    expect(idsOf(input.sources).toSorted()).toEqual(["fold:sources", "src_a"]);
    expect(input.connections.at(-1)).toMatchObject({ sourceIds: ["fold:sources"], destinationId: "fold:destinations" });
    expect(input.connections.at(-2)?.sourceIds.toSorted()).toEqual(["fold:sources", "src_a"]);
  });

  test("an edge of a fold is the sum of those that it stands for", () => {
    const looks = pictureEdges(draw(), model);
    expect(looks.get("out:fold:rest")).toMatchObject({ state: "flow", perMinute: 82 });
    expect(looks.get("in:fold:rest:fold:sources")).toMatchObject({ perMinute: 264 });
    const held = looks.get("out:fold:cause:des_billing");
    expect(held).toMatchObject({ state: "held", width: 2 });
    expect(held?.badgesWidth).toBeGreaterThan(0);
    expect(looks.get("out:web_a-crm")).toBe(model.edges.get("out:web_a-crm"));
  });

  test("every edge that is laid out has a look, and none has one that is not", () => {
    for (const openFoldIds of [new Set<string>(), new Set(["fold:destinations", "fold:sources"])]) {
      const picture = draw({ openFoldIds });
      const { edges } = layoutGraph(picture.input);
      expect([...pictureEdges(picture, model).keys()].sort()).toEqual(idsOf(edges).toSorted());
    }
  });

  test("an opened fold is its members in its place, and a source with a branch in sight is in sight", () => {
    const { input } = draw({ openFoldIds: new Set(["fold:healthy:des_crm"]) });
    const ids = idsOf(input.connections);
    expect(ids.slice(0, 1)).toEqual(["web_a-crm"]);
    expect(ids.slice(1, 4).toSorted()).toEqual(["web_b-crm", "web_c-crm", "web_r-crm"]);
    expect(idsOf(input.sources)).toContain("src_r");
    expect(idsOf(input.sources)).toContain("fold:sources");
  });

  test("of the destinations that were folded into one, each comes with its own branches folded", () => {
    const { input, folds } = draw({ openFoldIds: new Set(["fold:destinations"]) });
    expect(idsOf(input.destinations).slice(-2)).toEqual(["des_d1", "des_d2"]);
    expect(idsOf(input.connections).slice(-2)).toEqual(["fold:healthy:des_d1", "fold:healthy:des_d2"]);
    expect(folds.get("fold:healthy:des_d1")?.memberIds).toEqual(["web_p-d1", "web_q-d1"]);
    const further = draw({ openFoldIds: new Set(["fold:destinations", "fold:healthy:des_d1"]) });
    expect(idsOf(further.input.connections)).toContain("web_p-d1");
  });

  test("a card is as high as what it says: a strip for what waits for a person, a gauge for a limit", () => {
    const open = new Set(["fold:cause:des_billing"]);
    const heights = (isCompact: boolean) => {
      const { connections, destinations } = draw({ openFoldIds: open, isCompact }).input;
      return Object.fromEntries([...connections, ...destinations].map(({ id, height }) => [id, height]));
    };
    expect(heights(false)).toMatchObject({
      "web_a-billing": 83,
      "web_a-crm": 83,
      "fold:rest": 40,
      des_billing: 155,
      des_crm: 111,
    });
    expect(heights(true)).toMatchObject({
      "web_a-billing": 24,
      "fold:rest": 24,
      des_billing: 42,
      "fold:destinations": 42,
    });
  });

  test("numbers that change draw the same picture", () => {
    const busier = deriveModel(
      topology,
      hear({ counts: { ...counts, "web_a-crm": { failed: 99 } }, rates: { src_a: [7] } }),
      NOW,
    );
    const options = { canvasWidth: 1240, isCompact: false, openFoldIds: new Set<string>(), found: null };
    expect(drawPicture(arranged, busier, options)).toEqual(draw());
  });
});

describe("a search", () => {
  const found = (text: string) => searchGraph(model, text) ?? expect.fail("nothing was searched");

  test("leaves matches, their branches and the ends of those, and says how many it hides", () => {
    const { source, connection, destination, matches, hiddenConnections } = found("D1");
    expect([[...source], [...connection], [...destination]].map((ids) => ids.sort())).toEqual([
      ["src_p", "src_q"],
      ["web_p-d1", "web_q-d1"],
      ["des_d1"],
    ]);
    expect([...matches].sort()).toEqual(["des_d1", "web_p-d1", "web_q-d1"]);
    expect(hiddenConnections).toBe(9);
  });

  test("finds names, hosts with their paths, URLs and ids, by every word", () => {
    expect(found("crm.example/hooks").matches).toEqual(new Set(["des_crm"]));
    expect(found("in.example/e/q").matches).toEqual(new Set(["src_q"]));
    expect(found("web_r-crm").matches).toEqual(new Set(["web_r-crm"]));
    expect(found("crm r-").matches).toEqual(new Set(["web_r-crm"]));
    expect(found("nowhere").hiddenConnections).toBe(11);
    expect(searchGraph(model, "  ")).toBeNull();
  });

  test("folds nothing, so that what is found is seen", () => {
    const { input, folds } = draw({ found: found("d1") });
    expect(folds.size).toBe(0);
    expect(idsOf(input.connections)).toEqual(["web_p-d1", "web_q-d1"]);
    expect(idsOf(input.sources)).toEqual(["src_p", "src_q"]);
    expect(idsOf(input.destinations)).toEqual(["des_d1"]);
  });
});

describe("the way of a card", () => {
  const layout = layoutGraph(
    drawPicture(arrangeGraph(model, { sort: "name", isFolded: false }), model, {
      canvasWidth: 1240,
      isCompact: false,
      openFoldIds: new Set(),
      found: null,
    }).input,
  );
  const sorted = (id: string) => [...wayOf(layout, id)].sort();

  test("of a source is its fan-out, to the ends", () => {
    expect(sorted("src_p")).toEqual(
      [
        "src_p",
        "web_p-d1",
        "web_p-d2",
        "des_d1",
        "des_d2",
        "in:web_p-d1:src_p",
        "in:web_p-d2:src_p",
        "out:web_p-d1",
        "out:web_p-d2",
      ].sort(),
    );
  });

  test("of a destination is its fan-in, and not what else its sources feed", () => {
    const way = sorted("des_d1");
    expect(way).toEqual(
      [
        "des_d1",
        "web_p-d1",
        "web_q-d1",
        "src_p",
        "src_q",
        "in:web_p-d1:src_p",
        "in:web_q-d1:src_q",
        "out:web_p-d1",
        "out:web_q-d1",
      ].sort(),
    );
  });

  test("of a connection is its two ends", () => {
    expect(sorted("web_p-d1")).toEqual(["web_p-d1", "src_p", "des_d1", "in:web_p-d1:src_p", "out:web_p-d1"].sort());
  });

  test("of a card without edges is the card", () => {
    const alone = layoutGraph({
      canvasWidth: 1240,
      isCompact: false,
      sources: [{ id: "src_x", height: 68 }],
      connections: [],
      destinations: [],
    });
    expect([...wayOf(alone, "src_x")]).toEqual(["src_x"]);
  });
});

test("the next problem comes in the order of the graph, and after the last the first again", () => {
  const ids = ["web_a-crm", "web_b-crm", "web_a-billing", "web_b-billing"];
  const after = (id?: string) => nextProblem(model, ids, id);
  expect([after(), after("web_a-crm"), after("web_a-billing"), after("web_b-billing")]).toEqual([
    "web_a-crm",
    "web_a-billing",
    "web_b-billing",
    "web_a-crm",
  ]);
  expect(nextProblem(model, ["web_b-crm"], undefined)).toBeUndefined();
});
