// The state of a connection of which only a part is held.
import { expect, test } from "vitest";
import { deriveModel } from "#components/graph/model.ts";
import type { LiveState } from "#components/live/live-state.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const ONE = "web_shop-orders";
const one = wire("shop>orders");
const counts = { [ONE]: { hold: 7 } };
const rates: Record<string, [number, number]> = { [ONE]: [0, 5] };

const cardOf = (topology: Topology, live: LiveState) =>
  deriveModel(topology, live, NOW).connections.get(ONE) ?? expect.fail("no card");

test.each([{ has_groups: true }, { ordering: "by_key" as const }])(
  "it delivers while others flow past what is held: %j",
  (config) => {
    const beside = rewire(one, { destinations: { des_orders: config } });
    const card = cardOf(beside, hear({ counts, rates }));
    expect(card.state).toMatchObject({ kind: "delivering", word: "Delivering" });
    expect(card.badges.shown).toEqual([{ state: "HOLD", count: 7 }]);
    expect(cardOf(beside, hear({ counts })).state).toMatchObject({ kind: "held", word: "Held" });
  },
);

test("it is held where nothing can flow past", () => {
  expect(cardOf(one, hear({ counts, rates })).state.word).toBe("Held");
});
