// The names of objects: nothing that a producer or a person names leads out of the fixed part of a template.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_KEYS,
  fixedPrefix,
  formatProblem,
  type KeyFacts,
  objectKey,
  templateProblem,
} from "#server/contracts/object-key.ts";

const facts: KeyFacts = {
  createdAt: new Date("2026-11-25T07:08:09.123Z"),
  source: "stripe-live",
  connection: "archive",
  event: { eventId: "evt_1", requestId: "req_1", eventType: "invoice.paid" },
  batchId: null,
};

test("a template is filled with the event's own time, names and ids", () => {
  expect(objectKey("{date}/{source}/{event_id}.json", facts)).toBe("2026-11-25/stripe-live/evt_1.json");
  expect(objectKey("raw/year={year}/{month}/{day}/{hour}/{event_type}/{request_id}-{event_id}", facts)).toBe(
    "raw/year=2026/11/25/07/invoice.paid/req_1-evt_1",
  );
  expect(objectKey(DEFAULT_KEYS.ndjson, { ...facts, event: null, batchId: "bat_1" })).toBe(
    "2026-11-25/stripe-live/bat_1.ndjson",
  );
});

describe("a value", () => {
  test.each([
    ["../../etc/passwd", "a/.._.._etc_passwd/evt_1"],
    ["..", "a/__/evt_1"],
    [".", "a/_/evt_1"],
    ["", "a/_/evt_1"],
    ["a\\b?c#d%2e\u0000\ud800é", "a/a_b_c_d_2e___/evt_1"],
  ])("such as %j stays within its segment", (eventType, key) => {
    const event = { eventId: "evt_1", requestId: "req_1", eventType };
    expect(objectKey("a/{event_type}/{event_id}", { ...facts, event })).toBe(key);
  });

  test("of two that touch makes no dots together", () => {
    const touching = { ...facts, source: ".", event: { eventId: "evt_1", requestId: "r", eventType: "." } };
    expect(objectKey("{source}{event_type}/{event_id}", touching)).toBe("__/evt_1");
  });

  test("of any characters keeps a key of plain segments within its template's prefix, and short enough", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (source, eventType) => {
        const event = { eventId: "evt_1", requestId: "req_1", eventType };
        const key = objectKey("keep/{source}/{event_type}/{event_id}", { ...facts, source, connection: source, event });
        expect(key).toMatch(/^keep\/[^/]+\/[^/]+\/evt_1$/);
        expect(key.split("/").filter((segment) => /^\.*$/.test(segment))).toEqual([]);
        expect(new URL(`http://store/bucket/${key}`).pathname).toBe(`/bucket/${key}`);
        expect(Buffer.byteLength(key)).toBeLessThan(1_024);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a template", () => {
  test.each([
    ["{date}/{source}/{event_id}.json", null],
    ["a/{b}/c", "There is no field {b}: use {date}"],
    ["{constructor}", "There is no field {constructor}"],
    ["/a/{event_id}", "Use no / at the beginning"],
    ["a//{event_id}", "no two in a row"],
    ["a/{event_id}/", "or the end"],
    ["a/../{event_id}", "no segment that is . or .."],
    ["./{event_id}", "no segment that is . or .."],
    ["a b/{event_id}", "use letters, digits"],
    ["a%2e/{event_id}", "use letters, digits"],
    ["{event_id", "use letters, digits"],
    ["{event_id}".repeat(12), "at most once"],
  ])("%s is judged", (template, message) => {
    if (message === null) expect(templateProblem(template)).toBeNull();
    else expect(templateProblem(template)).toContain(message);
  });

  test("names each object of its format apart", () => {
    expect(formatProblem("{date}", "event")).toContain("Add {event_id}");
    expect(formatProblem("{date}/{batch_id}", "event")).toContain("use {event_id}");
    expect(formatProblem("{date}/{event_id}", "ndjson")).toContain("use {batch_id}");
    expect(formatProblem("{date}", "ndjson")).toContain("Add {batch_id}");
    for (const format of ["event", "ndjson"] as const) expect(formatProblem(DEFAULT_KEYS[format], format)).toBeNull();
  });

  test("has a fixed part, below which a check may write", () => {
    expect(fixedPrefix("raw/all/a{date}/{event_id}")).toBe("raw/all/");
    expect(fixedPrefix("{date}/{event_id}")).toBe("");
  });
});
