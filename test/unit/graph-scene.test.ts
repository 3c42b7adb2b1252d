import { expect, test } from "vitest";
import { makeGraphScene } from "#components/graph/graph-scene.ts";
import { inEdgeId, outEdgeId } from "#components/graph/layout.ts";
import { type LiveState, NOTHING_HEARD } from "#components/live/live-state.ts";
import type { Topology } from "#server/contracts/topology.ts";

const AT = "2026-11-26T06:00:00.000Z";
const end = { unusable_because: null, disabled_at: null, updated_at: AT };
const connection = (id: string, destination: string, paused_at: string | null = null) => ({
  id,
  name: id,
  source_id: "src_1",
  destination_id: destination,
  rules: {},
  paused_at,
  paused_until: null,
  disabled_at: null,
  updated_at: AT,
});
const destination = (id: string) => ({
  ...end,
  id,
  name: id,
  type: "MOCK" as const,
  http_method: null,
  host: null,
  path: null,
  rate_limit: null,
  rate_limit_period: "minute" as const,
  concurrency: 25,
  ordering: "none" as const,
  has_groups: false,
  maintenance_windows: [],
  endpoint: null,
});
const wired = (connections: Topology["connections"]): Topology => ({
  sources: [
    {
      ...end,
      id: "src_1",
      name: "shop",
      type: "WEBHOOK",
      url: "https://in.example.com/e/1",
      auth_type: "NONE",
      verification: "none",
    },
  ],
  connections,
  destinations: [destination("des_a"), destination("des_b")],
  is_whole: true,
});
const TWO = wired([connection("web_a", "des_a"), connection("web_b", "des_b")]);
const counts = (failed: number) => ({
  destination_id: "des_b",
  queued_count: 0,
  scheduled_count: 0,
  retrying_count: 0,
  hold_count: 0,
  failed_count: failed,
});
const heard = (over: Partial<LiveState> = {}): LiveState => ({ ...NOTHING_HEARD, counts: {}, rates: {}, ...over });
const rate = (delivered: number) => ({ accepted_count: delivered, delivered_count: delivered, failed_count: 0 });

function drawn(live: LiveState) {
  const scene = makeGraphScene(TWO, NOTHING_HEARD, 0);
  scene.setCanvas({ canvasWidth: 1240, isCompact: false });
  scene.setLive(live, 0);
  scene.drawEdges();
  return scene;
}

test("a breaker that opens gives its destination the room to say so, and takes it away when it closes", () => {
  const quiet = { oldest_at: null, latency_p95: null, limit_used_count: null, in_flight_count: 0 };
  const breaker = { state: "open", since: AT, because: null, next_probe_at: null, refusal: null } as never;
  const scene = drawn(heard({ destinations: { des_a: { ...quiet, breaker: null } } }));
  const height = () => scene.view().picture.input.destinations.find(({ id }) => id === "des_a")?.height ?? 0;
  const before = height();

  scene.setLive(heard({ destinations: { des_a: { ...quiet, breaker } } }), 0);
  expect(height()).toBe(before + 37);

  scene.setLive(heard({ destinations: { des_a: { ...quiet, breaker: null } } }), 0);
  expect(height()).toBe(before);
});

test("the first numbers put what is worst on top, and later ones move nothing, whatever they say", () => {
  const scene = drawn(heard({ counts: { web_b: counts(3) } }));
  expect(scene.view().rowIds).toEqual(["web_b", "web_a"]);
  const { layout } = scene.view();
  let changes = 0;
  scene.onView(() => (changes += 1));

  scene.setLive(
    heard({ counts: { web_a: { ...counts(900), destination_id: "des_a" } }, rates: { src_1: rate(640) } }),
    0,
  );

  expect(scene.view().layout).toBe(layout);
  expect(changes).toBe(0);
  expect(scene.stores.cards.get("web_a")?.state.kind).toBe("failing");
});

test("a line takes the colour and the badges of its branch at once, and its width when lines are drawn", () => {
  const scene = drawn(heard({ rates: { src_1: rate(100), web_a: rate(100) } }));
  const id = outEdgeId("web_a");
  const before = scene.stores.edges.get(id);
  const retrying = { ...counts(0), destination_id: "des_a", retrying_count: 6 };

  scene.setLive(heard({ counts: { web_a: retrying }, rates: { src_1: rate(100), web_a: rate(4) } }), 0);

  expect(scene.stores.edges.get(id)).toMatchObject({ state: "retrying", width: before?.width });
  expect(scene.stores.edges.get(id)?.badgesWidth).toBeGreaterThan(0);
  scene.drawEdges();
  expect(scene.stores.edges.get(id)?.width).toBeLessThan(before?.width ?? 0);
});

test("what is wired newly gets a place, and what stays keeps its own; a pause alone draws no other picture", () => {
  const scene = drawn(heard());
  const { layout } = scene.view();
  scene.setTopology(wired([connection("web_a", "des_a", AT), connection("web_b", "des_b")]));
  expect(scene.view().layout).toBe(layout);
  expect(scene.stores.cards.get("web_a")?.state.word).toBe("Paused");

  scene.setTopology(wired([...TWO.connections, connection("web_c", "des_b")]));
  expect(scene.view().rowIds).toEqual(["web_a", "web_b", "web_c"]);
  expect(scene.stores.edges.get(inEdgeId("web_c", "src_1"))).toBeDefined();
});

test("a search hides the rest, says how much, and lights nothing that is gone", () => {
  const scene = drawn(heard());
  scene.stores.marks.set({ selectedId: "web_b" });
  scene.setOptions({ sort: "problems", isUnfolded: false, query: "web_a" });
  expect(scene.view()).toMatchObject({ rowIds: ["web_a"], hiddenCount: 1 });
  expect(scene.view().layout.nodes.map(({ id }) => id)).toEqual(["src_1", "web_a", "des_a"]);
  expect(scene.stores.marks.of("des_a")).toBe(0);
});

test("the first rates are drawn as they come, when the counts were known before them", () => {
  const { rates: _unknown, ...counted } = heard();
  const scene = drawn(counted);
  const widthOf = () => scene.stores.edges.get(outEdgeId("web_a"))?.width ?? 0;
  const hairline = widthOf();
  scene.setLive(heard({ rates: { web_a: rate(60), web_b: rate(20) } }), 1_000);
  expect(widthOf()).toBeGreaterThan(hairline);
});
