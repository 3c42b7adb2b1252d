// What the graph and the drawer say of a breaker.
import { describe, expect, test } from "vitest";
import { holdingWords, openWords, refusalWords, untilWords } from "#components/destination-drawer/breaker-words.ts";
import { deriveModel } from "#components/graph/model.ts";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import { readBreaker } from "#server/events/breaker-record.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const CLOSED = readBreaker(null, undefined, { holds: false, nowMs: NOW });
const OPEN: BreakerReading = {
  ...CLOSED,
  state: "open",
  since: "2026-05-29T02:12:04.000Z",
  because: { kind: "in_a_row", failures: 20, trouble: "fails", response_status: 503, error_code: "BAD_RESPONSE" },
  next_probe_at: "2026-05-29T12:30:42.000Z",
  holds_events: true,
};
const because = (reason: BreakerReading["because"]) => openWords({ ...OPEN, because: reason });

test("an open breaker says after what, since when it holds, and when it probes", () => {
  expect(openWords(OPEN)).toBe("Breaker open after 20 × 503");
  expect(holdingWords(OPEN, NOW)).toBe("Holding since 02:12, probe in 0:42");
  expect(holdingWords(OPEN, NOW + 60_000)).toBe("Holding since 02:12, probe now");
  expect(holdingWords({ ...OPEN, state: "half_open" }, NOW)).toBe("Holding since 02:12, probing");
  expect(holdingWords({ ...OPEN, next_probe_at: null }, NOW)).toBe("Holding since 02:12");
  expect(untilWords("2026-05-29T12:33:05.000Z", NOW)).toBe("3:05");
});

test("each reason to open has its words", () => {
  const last = { trouble: "silent", response_status: null, error_code: "TIMEOUT" } as const;
  expect(because({ kind: "in_a_row", failures: 20, ...last })).toBe("Breaker open after 20 × no answer");
  expect(because({ kind: "in_a_row", failures: 3, ...last, trouble: "unreachable" })).toBe(
    "Breaker open after 3 × no connection",
  );
  expect(because({ kind: "share", failures: 33, tries: 60, ...last })).toBe("Breaker open as 55 % of 60 tries failed");
  expect(because({ kind: "forced" })).toBe("Breaker opened by hand");
});

test("a refusal is named for what it is", () => {
  const refusal = {
    trouble: "refuses_credentials",
    response_status: 401,
    error_code: "BAD_RESPONSE",
    count: 5,
  } as const;
  expect(refusalWords(refusal)).toBe("Refuses our credentials (401)");
});

describe("the card", () => {
  const topology = rewire(wire("shop>orders"), {});
  const cards = (breaker: BreakerReading, hold = 312) => {
    const heard = { oldest_at: null, latency_p95: null, limit_used_count: null, in_flight_count: 0, breaker };
    const live = hear({ counts: { "web_shop-orders": { hold } }, destinations: { des_orders: heard } });
    const model = deriveModel(topology, live, NOW);
    return [model.destinations.get("des_orders"), model.connections.get("web_shop-orders")];
  };

  test("of a destination whose breaker is open says so, and so does each connection that it holds", () => {
    expect(cards(OPEN)).toMatchObject([
      { state: { kind: "held", word: "Breaker open after 20 × 503", detail: "312 held" }, breaker: OPEN },
      { state: { kind: "held", word: "Held by breaker" }, needsYou: false },
    ]);
  });

  test("drains while it lets go, and is as it was when nothing is held", () => {
    const ramping: BreakerReading = { ...OPEN, state: "ramping", next_probe_at: null };
    expect(cards(ramping)).toMatchObject([{ state: { word: "Drains" } }, { state: { word: "Drains" } }]);
    expect(cards(CLOSED, 0)).toMatchObject([{ state: { kind: "idle" } }, { state: { kind: "idle" } }]);
  });
});
