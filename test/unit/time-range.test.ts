import { describe, expect, test } from "vitest";
import {
  exactSpan,
  parseTimeRange,
  rangeWords,
  readTyped,
  spanBefore,
  spanOf,
  writeTimeRange,
  writeTyped,
  zoneName,
} from "#components/data/time-range.ts";

const berlin = (ms: number) => (ms < Date.UTC(2026, 9, 25, 1) ? 120 : 60);
const noon = Date.UTC(2026, 10, 25, 12);

describe("a range in the URL", () => {
  test.each(["15m", "1h", "24h", "7d", "30d", "2026-11-25T02:06:00.000Z..2026-11-25T02:18:00.000Z"])(
    "%s is read and written alike",
    (text) => {
      const range = parseTimeRange(text);
      expect(range && writeTimeRange(range)).toBe(text);
    },
  );

  test.each([
    "",
    "2h",
    "-1h",
    "now",
    "..",
    "2026-11-25T02:18:00.000Z..2026-11-25T02:06:00.000Z",
    "2026-11-25T02:18:00.000Z..2026-11-25T02:18:00.000Z",
    "2026-02-31T00:00:00.000Z..2026-03-31T00:00:00.000Z",
    "2026-11-25..2026-11-26",
    "2026-11-25T02:06:00.000Z..2026-11-25T02:18:00.000Z..",
    "<script>..<script>",
  ])("%j is none", (text) => expect(parseTimeRange(text)).toBeNull());

  test("covers the time up to now, and is compared with as long a time before", () => {
    const span = spanOf({ kind: "last", spanMs: 3_600_000 }, noon);
    expect(span).toEqual({ fromMs: noon - 3_600_000, toMs: noon });
    expect(spanBefore(span)).toEqual({ fromMs: noon - 7_200_000, toMs: noon - 3_600_000 });
    expect(exactSpan(span)).toBe("2026-11-25 11:00:00.000 UTC to 2026-11-25 12:00:00.000 UTC");
  });
});

describe("a time that is typed", () => {
  test("is read in the zone that is said, also where the clock was put back", () => {
    expect(readTyped("2026-11-25 02:06", "utc", berlin)).toBe(Date.UTC(2026, 10, 25, 2, 6));
    expect(readTyped("2026-11-25 02:06:07.5", "local", berlin)).toBe(Date.UTC(2026, 10, 25, 1, 6, 7, 500));
    expect(readTyped("2026-10-25 01:30", "local", berlin)).toBe(Date.UTC(2026, 9, 24, 23, 30));
    expect(readTyped(" 2026-7-1 ", "local", berlin)).toBe(Date.UTC(2026, 5, 30, 22));
  });

  test.each([
    "",
    "noon",
    "2026-02-30",
    "2026-13-01",
    "2026-11-25 24:00",
    "2026-11-25 12:60",
    "25.11.2026",
    "1e9-01-01",
  ])("%j is none", (text) => expect(readTyped(text, "utc", berlin)).toBeNull());

  test("is written as it can be typed again", () => {
    for (const zone of ["utc", "local"] as const)
      for (const ms of [noon, noon + 7_000, Date.UTC(2026, 5, 30, 22)])
        expect(readTyped(writeTyped(ms, zone, berlin), zone, berlin)).toBe(ms);
  });
});

test("a chip says the zone of a range, and the days where there are two", () => {
  const range = { kind: "custom", fromMs: noon, toMs: noon + 720_000 } as const;
  expect(rangeWords(range, "utc", berlin)).toBe("2026-11-25 12:00 to 12:12 UTC");
  expect(rangeWords(range, "local", berlin)).toBe("2026-11-25 13:00 to 13:12 UTC+1");
  expect(rangeWords({ ...range, toMs: noon + 86_400_000 }, "utc", berlin)).toBe(
    "2026-11-25 12:00 to 2026-11-26 12:00 UTC",
  );
  expect(rangeWords({ kind: "last", spanMs: 900_000 }, "utc", berlin)).toBe("last 15 min");
  expect([330, -210, 0].map((minutes) => zoneName("local", noon, () => minutes))).toEqual([
    "UTC+5:30",
    "UTC−3:30",
    "UTC",
  ]);
});
