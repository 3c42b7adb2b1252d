import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chipWords, type Filter, filterParsers, readFilter } from "#components/data/filters.ts";

const STATUS = {
  kind: "many-of",
  key: "status",
  label: "State",
  isClosed: true,
  options: [
    { value: "FAILED", label: "Failed" },
    { value: "HOLD", label: "Held" },
  ],
} as const;
const SOURCE = {
  kind: "one-of",
  key: "source_id",
  label: "Source",
  isClosed: false,
  options: [{ value: "src_1", label: "stripe-live" }],
} as const;
const TYPE = { kind: "text", key: "event_type", label: "Event", hint: "payment.*" } as const;
const ANSWER = { kind: "range", key: "response_status", label: "Answer", min: 100, max: 599 } as const;
const BODY = { kind: "json", key: "body", label: "Payload" } as const;
const TIME = { kind: "time", key: "time", label: "Time", zone: "utc" } as const;
const IDS = { kind: "ids", key: "id", label: "Event id", prefix: "evt" } as const;
const [ID, OTHER_ID] = ["evt_01KB7CX4MR9PHD2V6W8Q3T5Z0A", "evt_01KB7CX4MR9PHD2V6W8Q3T5Z0B"];
const FILTERS: readonly Filter[] = [STATUS, SOURCE, TYPE, ANSWER, BODY, TIME, IDS];

test.each<[Filter, string, string | null]>([
  [STATUS, "FAILED,HOLD", "FAILED,HOLD"],
  [STATUS, "FAILED,FAILED", "FAILED"],
  [STATUS, "FAILED,EVIL", null],
  [STATUS, "", null],
  [SOURCE, "src_1", "src_1"],
  [SOURCE, "src_deleted", "src_deleted"],
  [SOURCE, "src_1,src_2", null],
  [SOURCE, "<img src=x onerror=alert(1)>", null],
  [SOURCE, "x".repeat(65), null],
  [TYPE, "  payment.* ", "payment.*"],
  [TYPE, " ", null],
  [TYPE, "a\nb", null],
  [TYPE, "x".repeat(256), null],
  [ANSWER, "500-599", "500-599"],
  [ANSWER, "503", "503"],
  [ANSWER, "503-503", "503"],
  [ANSWER, "599-500", null],
  [ANSWER, "0-99999999999999999999", null],
  [ANSWER, "5e2", null],
  [BODY, ' {"customer":"cus_1"} ', '{"customer":"cus_1"}'],
  [BODY, '{"n":12345678901234567890}', '{"n":12345678901234567890}'],
  [BODY, '"text"', null],
  [BODY, "{", null],
  [BODY, `{"a":"${"x".repeat(2_000)}"}`, null],
  [BODY, "[".repeat(1_900), null],
  [TIME, "1h", "1h"],
  [TIME, "yesterday", null],
  [IDS, `${ID}, ${OTHER_ID.toLowerCase()}\n${ID}`, `${ID},${OTHER_ID}`],
  [IDS, "req_01KB7CX4MR9PHD2V6W8Q3T5Z0A", null],
  [IDS, `${ID} and more`, null],
  [IDS, `evt_${"0".repeat(27)}`, null],
  [IDS, "", null],
])("%o reads %j as %j", (filter, text, expected) => expect(readFilter(filter, text)).toBe(expected));

describe("the URL", () => {
  test("holds a filter's value and gives it back", () => {
    const { status, body } = filterParsers(FILTERS);
    expect(status?.parse(status.serialize("FAILED,HOLD"))).toBe("FAILED,HOLD");
    expect(body?.parse(body.serialize('{"a":1}'))).toBe('{"a":1}');
    expect(Object.keys(filterParsers(FILTERS))).toEqual(FILTERS.map((filter) => filter.key));
  });

  test("whatever a stranger writes into it, what is read is read again as the same, or is nothing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILTERS),
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" })),
        (filter, text) => {
          const value = readFilter(filter, text);
          if (value === null) return;
          expect(readFilter(filter, value)).toBe(value);
          expect(chipWords(filter, value).name.startsWith(filter.label)).toBe(true);
        },
      ),
    );
  });
});

test("a chip reads as a sentence", () => {
  const words = (filter: Filter, value: string) => Object.values(chipWords(filter, value)).join(" ");
  expect(words(STATUS, "FAILED")).toBe("State is Failed");
  expect(words(STATUS, "FAILED,HOLD")).toBe("State is any of Failed, Held");
  expect(words(SOURCE, "src_1")).toBe("Source is stripe-live");
  expect(words(TYPE, "payment.*")).toBe("Event matches payment.*");
  expect(words(ANSWER, "500-599")).toBe("Answer 500 to 599");
  expect(words(BODY, '{"a":1}')).toBe('Payload has {"a":1}');
  expect(words(TIME, "24h")).toBe("Time last 24 h");
  expect(words(IDS, ID)).toBe(`Event id is ${ID}`);
  expect(words(IDS, `${ID},${OTHER_ID}`)).toBe("Event id is one of 2");
});
