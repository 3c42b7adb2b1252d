import { describe, expect, test } from "vitest";
import { ATTEMPTS } from "#components/lists/attempts.tsx";
import { becameOf, isRefused } from "#components/lists/became.ts";
import { containedJson } from "#components/lists/contained-json.ts";
import { EVENTS } from "#components/lists/events.tsx";
import { formatBytes } from "#components/lists/format-bytes.ts";
import { listInput, withRange } from "#components/lists/list-input.ts";
import { REQUESTS } from "#components/lists/requests.tsx";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { RetryEvents, RetryRequests } from "#server/contracts/bulk.ts";
import { ListEvents } from "#server/contracts/event.ts";
import { ListRequests } from "#server/contracts/request.ts";

const DAY = ["2026-11-25T02:06:00.000Z", "2026-11-25T02:18:00.000Z"] as const;
const ID = "01KB7CX4MR9PHD2V6W8Q3T5Z0A";

/** A value for each filter of any list. */
const VALUES: Record<string, string> = {
  source_id: "src_1,src_2",
  connection_id: "web_1",
  destination_id: "des_1",
  time: DAY.join(".."),
  event_type: "payment.*",
  response_status: "500-599",
  error_code: "TIMEOUT",
  hold_reason: "breaker_open",
  ended_because: "gone",
  resource_id: "in_1",
  group: "cus_1",
  body: '{"customer":"cus_1"}',
  provider_event_id: "evt_stripe",
  verified: "true",
  test: "false",
  verification: "verified,failed",
  rejection_cause: "NO_CONNECTION",
  duplicate: "true",
  latency: "1000-15000",
  trigger: "MANUAL",
  request_id: `req_${ID}`,
  event_id: `evt_${ID}`,
};

describe("what a list asks for", () => {
  test.each([
    [EVENTS, ListEvents, { status: "FAILED,HOLD", id: `evt_${ID}` }],
    [REQUESTS, ListRequests, { status: "rejected", id: `req_${ID}` }],
    [ATTEMPTS, ListAttempts, { status: "FAILED", id: `att_${ID}` }],
  ] as const)(
    "with every filter set is what the API takes, and nothing is lost on the way: $title",
    (list, contract, own) => {
      const values = { ...VALUES, ...own };
      const input = listInput(list.filters, values);
      const parsed = contract.strict().parse(input);
      const given = Object.entries(parsed)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => key);
      expect(given).toEqual(expect.arrayContaining(Object.keys(input)));
      for (const { key, kind } of list.filters) {
        if (kind !== "time" && key !== "latency") expect(given).toContain(key);
      }
      expect(parsed).toMatchObject({ from: DAY[0], to: DAY[1] });
    },
  );

  test("is the last day's, unless it says when or names ids", () => {
    expect(listInput(EVENTS.filters, {})).toEqual({ from: "now-24h" });
    expect(listInput(EVENTS.filters, { time: "15m" })).toEqual({ from: "now-15m" });
    expect(listInput(EVENTS.filters, { request_id: `req_${ID}` })).toEqual({ request_id: [`req_${ID}`] });
    expect(listInput(EVENTS.filters, { id: `evt_${ID}`, time: "1h" })).toEqual({ id: [`evt_${ID}`], from: "now-1h" });
    const inner = withRange({ from: "now-24h", status: ["FAILED"] }, { kind: "custom", fromMs: 0, toMs: 1000 });
    expect(inner).toEqual({ status: ["FAILED"], from: "1970-01-01T00:00:00.000Z", to: "1970-01-01T00:00:01.000Z" });
  });

  test("is taken by an operation on all that match where the list says so", () => {
    for (const [list, contract, own] of [
      [EVENTS, RetryEvents, { status: "FAILED", id: `evt_${ID}` }],
      [REQUESTS, RetryRequests, { status: "accepted", id: `req_${ID}` }],
    ] as const) {
      const values = Object.entries({ ...VALUES, ...own });
      const taken = values.filter(([key]) => key === "time" || list.bulkFilters.includes(key));
      const input = listInput(list.filters, Object.fromEntries(taken));
      expect(contract.parse(input)).toMatchObject({ from: DAY[0] });
      expect(Object.keys(input).toSorted()).toEqual(list.bulkFilters.toSorted());
    }
  });
});

test.each([
  ["customer: cus_1", '{"customer":"cus_1"}'],
  ["data.object.amount = 1200", '{"data":{"object":{"amount":1200}}}'],
  ["order: 12345678901234567890", '{"order":12345678901234567890}'],
  ['a: {"b": 1}', '{"a":{"b": 1}}'],
  ['{"a": 1}', '{"a": 1}'],
  ['note: say "hi"', '{"note":"say \\"hi\\""}'],
  ["https://example.com", '{"https":"//example.com"}'],
  ["just words", "just words"],
  [`${"a.".repeat(30)}b: 1`, `${"a.".repeat(30)}b: 1`],
])("a search for %j is one for %j", (text, json) => expect(containedJson(text)).toBe(json));

test("what became of a request is said in a few words", () => {
  const request = {
    status: "accepted",
    rejection_cause: null,
    duplicate_of: null,
    events_count: 0,
    ignored_count: 0,
  } as const;
  expect(becameOf(request)).toBe("being routed");
  expect(becameOf({ ...request, events_count: 1 })).toBe("1 event");
  expect(becameOf({ ...request, test: "unrouted" })).toBe("a test, kept");
  expect(becameOf({ ...request, test: "unrouted", events_count: 1 })).toBe("1 event");
  expect(becameOf({ ...request, test: "routed" })).toBe("being routed");
  expect(becameOf({ ...request, events_count: 2, ignored_count: 1 })).toBe("2 events, 1 ignored");
  expect(becameOf({ ...request, duplicate_of: `req_${ID}` })).toBe("duplicate");
  expect(becameOf({ ...request, rejection_cause: "NO_CONNECTION" })).toBe("no connection");
  expect(isRefused({ ...request, status: "rejected", rejection_cause: "METHOD_NOT_ALLOWED" })).toBe(true);
  expect(isRefused({ ...request, status: "rejected", rejection_cause: "HANDSHAKE" })).toBe(false);
  expect(becameOf({ ...request, status: "rejected", rejection_cause: "VERIFICATION_FAILED" })).toBe("signature");
});

test("bytes are written with their unit", () => {
  expect([0, 999, 1_800, 999_999, 10_485_760].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.8 KB",
    "1.0 MB",
    "10.5 MB",
  ]);
});
