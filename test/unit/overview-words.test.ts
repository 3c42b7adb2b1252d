import { expect, test } from "vitest";
import { lengthOf, wordsOf } from "#components/overview/attention-words.ts";
import { differenceOfCount, differenceOfShare, differenceOfTime } from "#components/overview/compare.ts";
import { deliveredInMs, perMinute, tailRows } from "#components/overview/tail-rows.ts";
import type { LiveEvent } from "#server/contracts/live.ts";

const NOW = "2026-05-29T12:00:00.000Z";
const failed = {
  kind: "events_failed",
  id: "web_1",
  name: "stripe-orders",
  destination_id: "des_1",
  destination_name: "orders-api",
  failed_count: 14,
  first_at: "2026-05-29T01:38:00.000Z",
  last_at: "2026-05-29T01:52:00.000Z",
  is_answering: true,
} as const;

test("a difference has its sign, its unit and what it is compared with, or is not said", () => {
  expect(differenceOfCount(1062, 1000, "24h")).toEqual({ by: "+6.2 %", than: "than the day before" });
  expect(differenceOfCount(1, 1000, "7d")).toEqual({ by: "−99.9 %", than: "than the week before" });
  expect(differenceOfCount(40, 4, "30d")).toEqual({ by: "+900 %", than: "than the 30 days before" });
  expect(differenceOfCount(5, 0, "24h")).toBeUndefined();
  expect(differenceOfShare(0.994, 0.999, "24h")).toEqual({ by: "−0.5", than: "points than the day before" });
  expect(differenceOfShare(null, 0.9, "24h")).toBeUndefined();
  expect(differenceOfTime(212, 194, "24h")).toEqual({ by: "+18 ms", than: "than the day before" });
  expect(differenceOfTime(null, 3, "24h")).toBeUndefined();
});

test("failed events are safe to replay only when their destination has taken one since, and the button says how many", () => {
  expect(wordsOf(failed, NOW)).toMatchObject({
    title: "has 14 failed events",
    detail: "From 01:38 to 01:52 UTC, retries spent. orders-api has taken events since.",
    action: { kind: "replay", label: "Replay 14 failed", isPrimary: true },
  });
  expect(wordsOf({ ...failed, is_answering: false, failed_count: 1_001 }, NOW)).toMatchObject({
    title: "has 1,000+ failed events",
    action: { label: "Replay 1,000+ failed", isPrimary: false },
  });
});

test("only what a person paused has a button to resume", () => {
  const held = { kind: "connection_held", id: "web_1", name: "crm", hold_count: 312 } as const;
  const oldest_at = "2026-05-29T11:39:00.000Z";
  expect(wordsOf({ ...held, oldest_at, reason: "connection_paused" }, NOW)).toMatchObject({
    title: "is paused with 312 held",
    note: "21 min",
    action: { kind: "resume", isPrimary: true },
  });
  for (const reason of ["breaker_open", "destination_disabled", "waits_for_order", "maintenance", null] as const)
    expect(wordsOf({ ...held, oldest_at, reason }, NOW).action.isPrimary).toBe(false);
});

test("silence and refusals are said beside what is usual", () => {
  const at = { id: "src_1", name: "iot" };
  const silent = { ...at, kind: "source_silent", last_at: "2026-05-29T11:13:00.000Z" } as const;
  expect(wordsOf({ ...silent, usual_interval_ms: 120_000 }, NOW)).toMatchObject({
    title: "has been silent for 47 min",
    detail: "Over the last day it sent about 30 an hour.",
  });
  const spike = { ...at, kind: "rejections_spike", rejected_count: 38 } as const;
  expect(wordsOf({ ...spike, usual_count: 2 }, NOW).detail).toBe("In the day before it was about 2 in as long.");
  expect([30_000, 47 * 60_000, 200 * 60_000, 72 * 3_600_000].map(lengthOf)).toEqual(["1 min", "47 min", "3 h", "3 d"]);
});

const row = (id: string, status: LiveEvent["status"]): LiveEvent => ({
  id,
  request_id: "req_1",
  source_id: "src_1",
  connection_id: "web_1",
  destination_id: "des_1",
  status,
  event_type: null,
  attempts: 0,
  response_status: null,
  error_code: null,
  hold_reason: null,
  delivered_at: status === "DELIVERED" ? "2026-05-29T12:00:00.250Z" : null,
  created_at: NOW,
});

test("the tail shows each event once, as it was last heard of, the newest first", () => {
  const rows = tailRows([row("2", "QUEUED"), row("1", "QUEUED")], [row("3", "QUEUED"), row("2", "DELIVERED")]);
  expect(rows.map(({ id, status }) => [id, status])).toEqual([
    ["3", "QUEUED"],
    ["2", "DELIVERED"],
    ["1", "QUEUED"],
  ]);
  expect(rows.map(deliveredInMs)).toEqual([null, 250, null]);
});

test("requests a minute are those of one minute and a part", () => {
  expect(perMinute({ a: { accepted_count: 90 }, b: { accepted_count: 60 } }, 1_760_000_040_000 + 30_000)).toBe(100);
  expect(perMinute(undefined, 0)).toBe(0);
});
