import { expect, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { ListEvents } from "#server/contracts/event.ts";
import { ListRequests } from "#server/contracts/request.ts";
import { mostLooked } from "#server/resources/look-bound.sql.ts";

const PLAIN = { from: "now-24h", to: "now", limit: 10, dir: "asc" };

test("what is read by an index or taken as it comes has no bound", () => {
  expect(mostLooked("event", ListEvents.parse(PLAIN))).toBeUndefined();
  expect(mostLooked("attempt", ListAttempts.parse({ ...PLAIN, with_body: false }))).toBeUndefined();
  expect(mostLooked("event", ListEvents.parse({ status: "FAILED", event_type: "a" }))).toBeUndefined();
  expect(mostLooked("event", ListEvents.parse({ status: "QUEUED,HOLD" }))).toBeUndefined();
  expect(mostLooked("event", ListEvents.parse({ request_id: "req_1", body: "{}" }))).toBeUndefined();
  expect(mostLooked("attempt", ListAttempts.parse({ event_id: "evt_1" }))).toBeUndefined();
});

test.each([
  ["event", ListEvents, { status: "FAILED,QUEUED" }],
  ["event", ListEvents, { status: "DELIVERED" }],
  ["event", ListEvents, { connection_id: "web_1" }],
  ["event", ListEvents, { error_code: "TIMEOUT" }],
  ["request", ListRequests, { status: "rejected" }],
  ["request", ListRequests, { verification: "failed" }],
  ["attempt", ListAttempts, { status: "FAILED" }],
  ["attempt", ListAttempts, { min_latency_ms: "5000" }],
] as const)("a list of %ss that reads row after row looks at so many: %#", (table, contract, fields) => {
  expect(mostLooked(table, contract.parse({ ...PLAIN, ...fields }))).toBe(100_000);
});

test("a search in payloads opens each body, so it looks at fewer", () => {
  expect(mostLooked("request", ListRequests.parse({ body: "{}", status: "accepted" }))).toBe(5_000);
});
