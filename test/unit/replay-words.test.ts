import { describe, expect, test } from "vitest";
import {
  capAt,
  capPerMinute,
  durationMs,
  type Goal,
  mixOf,
  placeOf,
  readCap,
  suggestedCap,
} from "#components/replay/cap.ts";
import { windowOfIds } from "#components/replay/id-window.ts";
import { progressOf, ratePerMinute, ratesBetween, withSample } from "#components/replay/progress.ts";
import { scopeChips, scopeWords, skipWords, verbWords } from "#components/replay/words.ts";
import type { BulkFilter, BulkOperationDetail } from "#server/contracts/bulk.ts";
import { newId } from "#server/ids.ts";

const goal = (over: Partial<Goal> = {}): Goal => ({
  name: "orders-api",
  count: 1_000,
  rate_limit: 600,
  rate_limit_period: "minute",
  sent_per_minute: 386,
  ...over,
});

describe("a cap", () => {
  test("is suggested from what is free of the limit, with a part of that left over", () => {
    expect(suggestedCap(goal())).toBe(171);
    expect(suggestedCap(goal({ sent_per_minute: 700 }))).toBe(1);
    expect(suggestedCap(goal({ rate_limit: 10, rate_limit_period: "second", sent_per_minute: 0 }))).toBe(480);
    expect(suggestedCap(goal({ rate_limit: null }))).toBeNull();
    expect(suggestedCap(undefined)).toBeNull();
  });

  test("is drawn beside the live traffic within the limit", () => {
    expect(mixOf(goal(), 120)).toEqual({ live: 386, replay: 120, free: 94, isOver: false, total: 600 });
    expect(mixOf(goal(), 500)).toMatchObject({ replay: 214, free: 0, isOver: true });
    expect(mixOf(goal({ rate_limit: null }), 100)).toMatchObject({ replay: 100, free: null, total: 486 });
  });

  test("says how long it takes, by the slower of cap and limits", () => {
    expect(durationMs(1_000, 100, [goal()])).toBe(600_000);
    expect(durationMs(1_000, null, [goal({ rate_limit: 60 })])).toBe((1_000 / 48) * 60_000);
    expect(durationMs(1_000, null, [goal({ rate_limit: null })])).toBeNull();
  });

  test("is the same on the slider and back, to two digits", () => {
    for (const cap of [1, 2, 12, 120, 600]) expect(capAt(placeOf(cap, 600), 600) / cap).toBeCloseTo(1, 0);
    expect([capAt(0, 600), capAt(100, 600), placeOf(9_999, 600)]).toEqual([1, 600, 100]);
  });

  test("is read as it is typed", () => {
    expect(["", " 120 ", "1,200", "0", "-1", "1.5", "x", "1000001"].map(readCap)).toEqual([
      null,
      120,
      1_200,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(capPerMinute({ rate_limit: 2, rate_limit_period: "second" })).toBe(120);
    expect(capPerMinute({ rate_limit: null, rate_limit_period: null })).toBeNull();
  });
});

describe("an operation", () => {
  const filter: BulkFilter = { from: "2026-11-24T22:00:00.000Z", to: "2026-11-25T02:00:00.000Z" };
  const names = {
    sources: new Map([["src_1", { name: "stripe-live" }]]),
    connections: new Map([["web_1", { name: "stripe-orders" }]]),
    destinations: new Map([["des_1", { name: "orders-api" }]]),
  };

  test("is called by what it does, and of what it is", () => {
    const failed = {
      kind: "events_retry" as const,
      filter: { ...filter, status: ["FAILED"], destination_id: ["des_1"] },
    };
    expect(verbWords(failed)).toBe("Replay failed events");
    expect(scopeWords(failed, names)).toBe("orders-api");
    expect(verbWords({ kind: "events_replay", filter: { ...filter, backfills: true } })).toBe("Backfill");
    expect(verbWords({ kind: "events_replay", filter: { ...filter, event_type_pattern: ["payment.*"] } })).toBe(
      "Replay payment.*",
    );
    expect(verbWords({ kind: "requests_retry", filter })).toBe("Route requests again");
    expect(verbWords({ kind: "events_cancel", filter: { ...filter, status: ["HOLD", "QUEUED"] } })).toBe(
      "Cancel held and queued events",
    );
    expect(scopeWords({ filter: { ...filter, source_id: ["src_1", "src_2", "src_3"] } }, names)).toBe(
      "stripe-live and 2 more",
    );
    expect(scopeWords({ filter }, names)).toBe("");
  });

  test("shows its scope once as chips, and ids by their number", () => {
    expect(
      scopeChips({ ...filter, source_id: ["src_1"], status: ["FAILED"], response_status: [500, 501, 502] }, names),
    ).toEqual([
      { name: "Source is", value: "stripe-live" },
      { name: "State is", value: "Failed" },
      { name: "Answer is", value: "500 to 502" },
      { name: "Time", value: "24 Nov 22:00 to 25 Nov 02:00 UTC" },
    ]);
    expect(scopeChips({ ...filter, id: ["evt_1", "evt_2"] }, names)).toEqual([{ name: "Chosen", value: "2" }]);
  });

  test("says what it leaves out, the most first", () => {
    expect(skipWords({ request_gone: 1, destination_disabled: 3, in_line: 0 })).toBe(
      "3 whose destination is disabled, 1 past its retention or erased",
    );
    expect(skipWords({})).toBe("");
  });

  const operation = (over: Partial<BulkOperationDetail>): BulkOperationDetail => ({
    id: "blk_1",
    team_id: "tm_1",
    kind: "events_retry",
    state: "RUNNING",
    filter,
    rate_limit: null,
    rate_limit_period: null,
    total_count: 2_318,
    looked_at_count: 0,
    queued_count: 1_420,
    held_count: 0,
    routed_count: 0,
    cancelled_count: 0,
    skipped: {},
    error: null,
    started_by: { kind: "user", id: "usr_1", name: "on-call" },
    created_at: filter.from,
    finished_at: null,
    outcomes: { DELIVERED: 1_381, RETRYING: 24, FAILED: 7, QUEUED: 8 },
    ...over,
  });

  test("is as far as what was sent, and what cancelling spares is what was not touched", () => {
    expect(progressOf(operation({}))).toMatchObject({ total: 2_318, sent: 1_412, moved: 1_420, left: 898 });
    expect(progressOf(operation({ state: "CANCELLED" }))).toMatchObject({ left: 0 });
    const longOver = operation({ state: "COMPLETED", queued_count: 2_318, outcomes: { DELIVERED: 18, QUEUED: 3 } });
    expect(progressOf(longOver)).toMatchObject({ sent: 2_315, left: 0 });
    expect(progressOf(operation({ total_count: null }))).toMatchObject({ total: 1_420 });
    const cancel = operation({
      kind: "events_cancel",
      queued_count: 0,
      cancelled_count: 40,
      outcomes: {},
      total_count: 50,
    });
    expect(progressOf(cancel)).toMatchObject({ sent: 40, left: 10, segments: [{ state: "CANCELLED", count: 40 }] });
  });

  test("goes at the rate of the last seconds", () => {
    const samples = [0, 1_000, 2_000, 20_000, 24_000].map((atMs) => ({ atMs, sent: atMs / 100 }));
    expect(ratePerMinute(samples.slice(0, 1))).toBeNull();
    expect(ratePerMinute(samples)).toBe(600);
    expect(ratesBetween(samples.slice(0, 2))).toEqual([{ atMs: 1_000, perMinute: 600 }]);
    expect(withSample(samples, { atMs: 24_000, sent: 999 })).toEqual(samples);
  });
});

test("chosen ids lie in the window that is made of them", () => {
  const [first, second] = [Date.parse("2026-11-24T22:00:00.123Z"), Date.parse("2026-11-25T02:00:00.456Z")];
  expect(windowOfIds([newId("event", second), newId("event", first)])).toEqual({
    from: "2026-11-24T22:00:00.123Z",
    to: "2026-11-25T02:00:00.456Z",
  });
});
