// What the cards and edges of the graph say, from what is wired and what was heard.
import { describe, expect, test } from "vitest";
import { lookOf } from "#components/graph/card-words.ts";
import type { GraphModel } from "#components/graph/graph-types.ts";
import { deriveModel } from "#components/graph/model.ts";
import type { LiveState } from "#components/live/live-state.ts";
import { NOTHING_HEARD } from "#components/live/live-state.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

/** The beginning of a minute: counts of it and of the one before are those of one minute. */
const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const AT = "2026-05-29T12:09:00.000Z";
const ONE = "web_shop-orders";

const modelOf = (topology: Topology, live: LiveState = hear(), before?: GraphModel) =>
  deriveModel(topology, live, NOW, before);
const one = wire("shop>orders");
const cardOf = (topology: Topology, live: LiveState) =>
  modelOf(topology, live).connections.get(ONE) ?? expect.fail("no card");

describe("the state of a connection", () => {
  const paused = rewire(one, { connections: { [ONE]: { paused_at: AT } } });
  const pausedUntil = rewire(one, {
    connections: { [ONE]: { paused_at: AT, paused_until: "2026-05-29T14:30:00.000Z" } },
  });
  const disabled = rewire(one, { connections: { [ONE]: { disabled_at: AT } } });
  const noDestination = rewire(one, { destinations: { des_orders: { disabled_at: AT } } });
  const unusable = rewire(one, { destinations: { des_orders: { unusable_because: "No key." } } });
  const noSource = rewire(one, { sources: { src_shop: { disabled_at: AT } } });
  const limited = rewire(one, { destinations: { des_orders: { rate_limit: 60 } } });
  const full = {
    des_orders: { oldest_at: null, latency_p95: null, limit_used_count: 60, in_flight_count: 0, breaker: null },
  };
  const silent = { src_shop: { rejected_count: 0, last_request_at: AT, is_silent: true } };

  test.each<[says: string, topology: Topology, live: LiveState, state: string, word: string, needsYou: boolean]>([
    ["that nothing was heard yet", one, NOTHING_HEARD, "idle", "No numbers yet", false],
    ["that there is no traffic", one, hear(), "idle", "No traffic", false],
    ["that it delivers", one, hear({ rates: { [ONE]: [0, 5] } }), "delivering", "Delivering", false],
    ["what has failed", one, hear({ counts: { [ONE]: { failed: 1_204 } } }), "failing", "1,204 failed", true],
    ["that it tries again", one, hear({ counts: { [ONE]: { retrying: 3 } } }), "retrying", "Retrying", false],
    ["that it is paused", paused, hear(), "paused", "Paused", false],
    ["that a pause holds", paused, hear({ counts: { [ONE]: { hold: 312, failed: 2 } } }), "paused", "Paused", true],
    [
      "that a pause ends by itself, which needs nobody",
      pausedUntil,
      hear({ counts: { [ONE]: { hold: 312 } } }),
      "paused",
      "Paused",
      false,
    ],
    ["that it holds", one, hear({ counts: { [ONE]: { hold: 2 } } }), "held", "Held", false],
    ["that it is disabled", disabled, hear({ rates: { [ONE]: [0, 5] } }), "disabled", "Disabled", false],
    [
      "what failed although it is disabled",
      disabled,
      hear({ counts: { [ONE]: { failed: 1 } } }),
      "failing",
      "1 failed",
      true,
    ],
    ["that its destination is disabled", noDestination, hear(), "disabled", "Destination disabled", false],
    [
      "that its destination holds",
      noDestination,
      hear({ counts: { [ONE]: { hold: 7 } } }),
      "held",
      "Destination disabled",
      true,
    ],
    ["that its destination cannot be used", unusable, hear(), "broken", "Cannot send", true],
    ["that its source is disabled", noSource, hear(), "disabled", "Source disabled", false],
    ["that its source is silent", one, hear({ sources: silent }), "silent", "Silent", false],
    [
      "that it waits for the limit",
      limited,
      hear({ counts: { [ONE]: { queued: 37 } }, destinations: full }),
      "queued",
      "Queued",
      false,
    ],
    [
      "nothing of a queue that moves",
      one,
      hear({ counts: { [ONE]: { queued: 37 } }, rates: { [ONE]: [0, 9] } }),
      "delivering",
      "Delivering",
      false,
    ],
  ])("says %s", (_, topology, live, kind, word, needsYou) => {
    const card = cardOf(topology, live);
    expect([card.state.kind, card.state.word, card.needsYou]).toEqual([kind, word, needsYou]);
  });

  test("has one action, with the number that it moves on", () => {
    expect(cardOf(paused, hear({ counts: { [ONE]: { hold: 312 } } })).action).toEqual({ kind: "resume", count: 312 });
    expect(cardOf(paused, hear()).action).toBeNull();
    expect(cardOf(one, hear({ counts: { [ONE]: { failed: 14 } } })).action).toEqual({ kind: "replay", count: 14 });
    expect(cardOf(noDestination, hear({ counts: { [ONE]: { hold: 7 } } })).action).toBeNull();
  });

  test("waits for a person where what it holds stands in order behind what has failed", () => {
    const counts = { [ONE]: { failed: 3, hold: 21 } };
    const ordered = rewire(one, { destinations: { des_orders: { ordering: "by_key" } } });
    const card = cardOf(ordered, hear({ counts }));
    expect(card).toMatchObject({ needsYou: true, action: { kind: "replay", count: 3 } });
    expect(card.state).toMatchObject({ kind: "failing", word: "3 failed", detail: "21 held behind" });
    expect(cardOf(one, hear({ counts })).state).toMatchObject({ kind: "held", word: "Held" });
  });

  test("has the sign of a breaker only where a breaker holds it", () => {
    const held = hear({ counts: { [ONE]: { hold: 7 } } });
    const ordered = rewire(one, { destinations: { des_orders: { ordering: "fifo" } } });
    for (const topology of [ordered, noDestination]) {
      expect(lookOf(cardOf(topology, held).state).icon).toBe("held");
    }
  });

  test("says since when a person stopped it, and what has been held", () => {
    const { state } = cardOf(paused, hear({ counts: { [ONE]: { hold: 312 } } }));
    expect(state).toMatchObject({ sinceMs: Date.parse(AT), detail: "312 held" });
    const again = cardOf(one, hear({ counts: { [ONE]: { failed: 2 } }, rates: { [ONE]: [0, 4] } }));
    expect(again.state.detail).toBe("delivers again");
  });
});

test("badges stand worst first, two of them, and say how many kinds more there are", () => {
  const counts = { queued: 1, scheduled: 2, retrying: 3, hold: 4, failed: 5 };
  expect(cardOf(one, hear({ counts: { [ONE]: counts } })).badges).toEqual({
    shown: [
      { state: "FAILED", count: 5 },
      { state: "HOLD", count: 4 },
    ],
    hiddenCount: 3,
  });
});

describe("a source", () => {
  const sourceOf = (topology: Topology, live: LiveState) => modelOf(topology, live).sources.get("src_shop");

  test("says what it receives and rejects, and when it was heard last", () => {
    const heard = { src_shop: { rejected_count: 38, last_request_at: AT, is_silent: false } };
    expect(sourceOf(one, hear({ rates: { src_shop: [440] }, sources: heard }))).toMatchObject({
      perMinute: 440,
      rejectedLastHour: 38,
      lastRequestAtMs: Date.parse(AT),
      state: { kind: "delivering", word: "Receiving" },
      connectionIds: [ONE],
    });
    expect(sourceOf(one, NOTHING_HEARD)).toMatchObject({ perMinute: undefined, rejectedLastHour: undefined });
  });

  test("says since when it is silent, that it is disabled, and that it cannot verify", () => {
    const silent = { src_shop: { rejected_count: 0, last_request_at: AT, is_silent: true } };
    expect(sourceOf(one, hear({ sources: silent }))?.state).toMatchObject({ kind: "silent", sinceMs: Date.parse(AT) });
    const disabled = rewire(one, { sources: { src_shop: { disabled_at: AT } } });
    expect(sourceOf(disabled, hear({ sources: silent }))?.state.word).toBe("Disabled");
    const unusable = rewire(disabled, { sources: { src_shop: { unusable_because: "No key opens it." } } });
    expect(sourceOf(unusable, hear())?.state).toMatchObject({ kind: "broken", detail: "No key opens it." });
  });
});

describe("a destination", () => {
  const shared = rewire(wire("a>crm", "b>crm", "c>crm"), {
    destinations: { des_crm: { rate_limit: 120, rate_limit_period: "minute" } },
  });
  const destinationOf = (live: LiveState, topology = shared) =>
    modelOf(topology, live).destinations.get("des_crm") ?? expect.fail("no card");

  test("says the order that it keeps", () => {
    expect(destinationOf(hear()).ordering).toBe("none");
    const ordered = rewire(shared, { destinations: { des_crm: { ordering: "by_key" } } });
    expect(destinationOf(hear(), ordered).ordering).toBe("by_key");
  });

  test("sums what waits at its connections, and names who shares its limit, the greatest first", () => {
    const card = destinationOf(
      hear({
        counts: { "web_a-crm": { hold: 312, failed: 9 }, "web_b-crm": { queued: 3, retrying: 2 } },
        rates: { "web_b-crm": [0, 22], "web_c-crm": [0, 54] },
        destinations: {
          des_crm: { oldest_at: AT, latency_p95: 640, limit_used_count: 76, in_flight_count: 2, breaker: null },
        },
      }),
    );
    expect(card).toMatchObject({ inFlight: 2, queueDepth: 317, perMinute: 76, oldestAtMs: Date.parse(AT), p95Ms: 640 });
    expect(card.limit).toEqual({
      max: 120,
      period: "minute",
      used: 76,
      isReached: false,
      sharers: [
        { connectionId: "web_c-crm", name: "c-crm", perMinute: 54 },
        { connectionId: "web_b-crm", name: "b-crm", perMinute: 22 },
        { connectionId: "web_a-crm", name: "a-crm", perMinute: 0 },
      ],
    });
  });

  test("says that its limit is reached, that all fails, that it is disabled", () => {
    const used = (limit_used_count: number) => ({
      des_crm: { oldest_at: null, latency_p95: null, limit_used_count, in_flight_count: 0, breaker: null },
    });
    expect(destinationOf(hear({ destinations: used(120) })).state).toMatchObject({
      kind: "queued",
      word: "Limit reached",
    });
    expect(destinationOf(hear({ rates: { "web_a-crm": [0, 0, 4] } })).state.kind).toBe("failing");
    expect(destinationOf(hear({ rates: { "web_a-crm": [0, 1, 4] } })).state.kind).toBe("delivering");
    const disabled = rewire(shared, { destinations: { des_crm: { disabled_at: AT } } });
    expect(destinationOf(hear({ counts: { "web_a-crm": { hold: 5 } } }), disabled).state).toMatchObject({
      kind: "disabled",
      detail: "5 held",
    });
  });
});

describe("edges", () => {
  const two = wire("shop>orders", "shop>crm");
  const edgeOf = (model: GraphModel, id: string) => model.edges.get(id) ?? expect.fail(id);
  const busy = (live: Parameters<typeof hear>[0] = {}) =>
    modelOf(two, hear({ rates: { src_shop: [640], [ONE]: [0, 160], "web_shop-crm": [0, 0] }, ...live }));

  test("are as wide as the root of their share of the busiest rate; thick in and thin out shows a filter", () => {
    expect(edgeOf(busy(), `in:${ONE}:src_shop`)).toMatchObject({ state: "flow", width: 5.7, perMinute: 640 });
    expect(edgeOf(busy(), `out:${ONE}`)).toMatchObject({ state: "flow", width: 3.6, perMinute: 160 });
    expect(edgeOf(busy(), "out:web_shop-crm")).toMatchObject({ state: "idle", width: 1.5 });
  });

  test("have a width before there was any traffic", () => {
    const quiet = modelOf(two, hear({ rates: {} }));
    for (const { width } of quiet.edges.values()) expect(width).toBe(1.5);
  });

  test("have the state of what they deliver, and leave room for the badges", () => {
    const out = (live: Parameters<typeof hear>[0]) => edgeOf(busy(live), `out:${ONE}`);
    expect(out({ counts: { [ONE]: { hold: 1_204 } } })).toMatchObject({ state: "held", width: 2 });
    expect(out({ counts: { [ONE]: { retrying: 6 } } }).state).toBe("retrying");
    expect(out({ counts: { [ONE]: { failed: 3 } }, rates: { [ONE]: [0, 0, 3] } }).state).toBe("failing");
    expect(out({ counts: { [ONE]: { failed: 3 } } }).state).toBe("flow");
    expect(out({}).badgesWidth).toBe(0);
    expect(out({ counts: { [ONE]: { hold: 1_204 } } }).badgesWidth).toBeCloseTo(69.8);
  });

  test("keep their width while another gets somewhat busier or calmer than the busiest was", () => {
    const at = (perMinute: number, before?: GraphModel) =>
      modelOf(two, hear({ rates: { src_shop: [perMinute], [ONE]: [0, 100] } }), before);
    const first = at(400);
    const width = (model: GraphModel) => edgeOf(model, `out:${ONE}`).width;
    expect(width(at(220, first))).toBe(width(first));
    expect(width(at(120, first))).toBeGreaterThan(width(first));
    expect(width(at(1_600, first))).toBeLessThan(width(first));
  });
});

test("totals count every event, and the branches that wait for a person", () => {
  const topology = rewire(wire("a>x", "a>y", "b>y", "c>y"), { connections: { "web_b-y": { paused_at: AT } } });
  const counts = {
    "web_a-x": { failed: 14 },
    "web_b-y": { hold: 312 },
    "web_c-y": { retrying: 6, queued: 2, failed: 0 },
  };
  const { totals } = modelOf(topology, hear({ counts, rates: { src_a: [100], src_b: [20], "web_a-y": [0, 60] } }));
  expect(totals).toEqual({
    failed: 14,
    held: 312,
    retrying: 6,
    queued: 2,
    requestsPerMinute: 120,
    eventsPerMinute: 60,
    needsYou: 2,
    movesOnByItself: 1,
  });
});

describe("what did not change stays the same object", () => {
  const topology = wire("a>x", "a>y", "b>y", "c>z");
  const rates = { ...hear({ rates: { src_a: [100], "web_a-x": [0, 60] } }).rates };

  test("when nothing was heard, however late it is", () => {
    const live = { ...hear({ rates: { src_a: [100], "web_a-x": [0, 60] } }) };
    const first = deriveModel(topology, live, NOW);
    const later = deriveModel(topology, live, NOW + 40_000, first);
    for (const kind of ["sources", "connections", "destinations", "edges"] as const) {
      for (const [id, card] of later[kind]) expect(card).toBe(first[kind].get(id));
    }
  });

  test("when one connection has news: it, its destination and its edge are new", () => {
    const live = { ...hear(), rates };
    const first = modelOf(topology, live);
    const next = modelOf(topology, { ...live, counts: hear({ counts: { "web_b-y": { queued: 2 } } }).counts }, first);
    const news = (["sources", "connections", "destinations", "edges"] as const).flatMap((kind) =>
      [...next[kind]].filter(([id, card]) => first[kind].get(id) !== card).map(([id]) => id),
    );
    expect(news).toEqual(["web_b-y", "des_y", "out:web_b-y"]);
  });
});
