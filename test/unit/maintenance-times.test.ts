// Maintenance windows against the clock on the wall, in zones with and without summer time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { maintenanceAt, nextStretches } from "#server/contracts/maintenance-times.ts";
import { windowWords } from "#server/contracts/maintenance-words.ts";
import { checkWindows } from "#server/resources/maintenance-windows.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const at = (iso: string) => Date.parse(iso);
const weekly = (days: string[], start: string, end: string, time_zone = "Europe/Berlin") =>
  MaintenanceWindow.parse({ kind: "weekly", days, start, end, time_zone });
const once = (from: string, until: string) => MaintenanceWindow.parse({ kind: "once", from, until });
const shown = (window: MaintenanceWindow, from: string, count = 1) =>
  nextStretches([window], at(from), count).map(({ fromMs, untilMs }) =>
    [fromMs, untilMs].map((ms) => new Date(ms).toISOString().slice(0, 16)).join(" "),
  );

describe("a weekly window", () => {
  const sunday = weekly(["sun"], "02:00", "04:00");

  test("keeps to the clock of its zone over both changes of the clocks", () => {
    expect(shown(sunday, "2026-03-16T00:00Z", 3)).toEqual([
      "2026-03-22T01:00 2026-03-22T03:00",
      // 02:00 to 03:00 is skipped, and the window has what is left.
      "2026-03-29T01:00 2026-03-29T02:00",
      "2026-04-05T00:00 2026-04-05T02:00",
    ]);
    // 02:00 to 03:00 comes twice.
    expect(shown(sunday, "2026-10-24T00:00Z")).toEqual(["2026-10-25T00:00 2026-10-25T03:00"]);
  });

  test.each([
    [
      "in the skipped hour is left out that day",
      "02:15",
      "02:45",
      "2026-03-28T00:00Z",
      "2026-04-05T00:15 2026-04-05T00:45",
    ],
    [
      "that ends in the skipped hour ends with the jump",
      "01:30",
      "02:30",
      "2026-03-28T00:00Z",
      "2026-03-29T00:30 2026-03-29T01:00",
    ],
    [
      "that begins in the skipped hour begins with the jump",
      "02:30",
      "03:15",
      "2026-03-28T00:00Z",
      "2026-03-29T01:00 2026-03-29T01:15",
    ],
    [
      "that ends where an hour comes twice ends before the first",
      "01:00",
      "02:00",
      "2026-10-24T00:00Z",
      "2026-10-24T23:00 2026-10-25T00:00",
    ],
    [
      "until the end of the day lasts until midnight",
      "22:00",
      "24:00",
      "2026-10-24T00:00Z",
      "2026-10-25T21:00 2026-10-25T23:00",
    ],
  ])("%s", (_, start, end, from, expected) => {
    expect(shown(weekly(["sun"], start, end), from)).toEqual([expected]);
  });

  // Clocks that jump an hour, half an hour, at midnight, on other dates, and not at all.
  const zones = fc.constantFrom(
    ...["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Kolkata"],
    ...["Asia/Beirut", "Pacific/Chatham", "Africa/Casablanca", "UTC"],
  );
  const minutes = fc.integer({ min: 0, max: 1_439 });
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

  /** Days before a clock changes somewhere, and one on which none does. */
  const days = fc.constantFrom(
    ...[
      "02-14",
      "03-07",
      "03-21",
      "03-28",
      "04-04",
      "04-23",
      "09-05",
      "09-26",
      "10-03",
      "10-24",
      "10-29",
      "10-31",
      "07-01",
    ],
  );
  const formats = new Map<string, Intl.DateTimeFormat>();
  const clockIn = (zone: string, ms: number) => {
    const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-GB", options);
    formats.set(zone, format);
    return format.format(ms);
  };

  test("holds whenever the clock shows its time, in every zone, and no longer than a clock that is set back asks for", () => {
    fc.assert(
      fc.property(zones, minutes, minutes, days, (zone, one, other, day) => {
        fc.pre(one !== other);
        const [start, end] = [Math.min(one, other), Math.max(one, other)].map(clock) as [string, string];
        const window = weekly(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start, end, zone);
        let [held, shown] = [0, 0];
        const beginMs = at(`2026-${day}T00:00Z`);
        for (let ms = beginMs; ms < beginMs + 3 * DAY_MS; ms += 9 * MINUTE_MS) {
          const time = clockIn(zone, ms);
          const isHeld = maintenanceAt([window], ms).untilMs !== null;
          const isShown = time >= start && time < end;
          if (isShown && !isHeld)
            throw new Error(`${zone} ${new Date(ms).toISOString()} shows ${time}, and nothing is held`);
          if (isShown) shown++;
          if (isHeld) held++;
        }
        // What lies between the two times that a clock shows, where it is set back by an hour.
        expect((held - shown) * 9).toBeLessThanOrEqual(66);
      }),
      { numRuns: 20, seed: 20_261_126 },
    );
  });
});

describe("the windows of a destination", () => {
  const night = once("2026-11-26T01:00:00Z", "2026-11-26T03:00:00Z");
  const both = [night, once("2026-11-26T03:00:00Z", "2026-11-26T04:00:00Z")];

  test("begin with their start, and their end is no part of them", () => {
    const untilAt = (iso: string) => maintenanceAt([night], at(iso)).untilMs;
    expect(untilAt("2026-11-26T00:59:59.999Z")).toBeNull();
    expect(untilAt("2026-11-26T01:00:00.000Z")).toBe(at("2026-11-26T03:00Z"));
    expect(untilAt("2026-11-26T02:59:59.999Z")).toBe(at("2026-11-26T03:00Z"));
    expect(untilAt("2026-11-26T03:00:00.000Z")).toBeNull();
    // A clock that goes back is believed.
    expect(untilAt("2026-11-26T01:30:00.000Z")).toBe(at("2026-11-26T03:00Z"));
  });

  test("that touch go over into each other", () => {
    expect(maintenanceAt(both, at("2026-11-26T03:00Z")).untilMs).toBe(at("2026-11-26T04:00Z"));
    expect(maintenanceAt(both, at("2026-11-26T04:00Z"))).toMatchObject({
      untilMs: null,
      endedMs: at("2026-11-26T04:00Z"),
    });
    expect(() => checkWindows(both, new Date("2026-11-26T00:00Z"))).not.toThrow();
  });

  test("know for an hour when the last one has ended", () => {
    expect(maintenanceAt([night], at("2026-11-26T03:59:59Z")).endedMs).toBe(at("2026-11-26T03:00Z"));
    expect(maintenanceAt([night], at("2026-11-26T04:00:01Z")).untilMs).toBeNull();
    expect(maintenanceAt([], at("2026-11-26T03:30Z"))).toEqual({ untilMs: null, endedMs: null });
  });

  test.each([
    ["one that ends before it starts", { kind: "once", from: "2026-11-26T03:00:00Z", until: "2026-11-26T01:00:00Z" }],
    ["one of no length", { kind: "once", from: "2026-11-26T03:00:00Z", until: "2026-11-26T03:00:00Z" }],
    ["one of years", { kind: "once", from: "2026-11-26T03:00:00Z", until: "2036-11-26T03:00:00Z" }],
    ["one without an end", { kind: "once", from: "2026-11-26T03:00:00Z" }],
    ["a time of day before another", { kind: "weekly", days: ["sun"], start: "04:00", end: "02:00", time_zone: "UTC" }],
    ["no time of day", { kind: "weekly", days: ["sun"], start: "04:00", end: "04:00", time_zone: "UTC" }],
    ["no day", { kind: "weekly", days: [], start: "02:00", end: "04:00", time_zone: "UTC" }],
    ["a day twice", { kind: "weekly", days: ["sun", "sun"], start: "02:00", end: "04:00", time_zone: "UTC" }],
    ["an hour that no day has", { kind: "weekly", days: ["sun"], start: "25:00", end: "26:00", time_zone: "UTC" }],
    [
      "a zone that there is not",
      { kind: "weekly", days: ["sun"], start: "02:00", end: "04:00", time_zone: "Mars/Base" },
    ],
    ["an offset for a zone", { kind: "weekly", days: ["sun"], start: "02:00", end: "04:00", time_zone: "+02:00" }],
  ])("are refused: %s", (_, window) => {
    expect(MaintenanceWindow.safeParse(window).success).toBe(false);
  });

  const now = new Date("2026-11-26T00:00Z");
  const sunday = weekly(["sun"], "02:00", "04:00");
  test.each([
    ["the same day", [sunday, weekly(["sat", "sun"], "03:00", "05:00")]],
    ["one within another", [sunday, weekly(["sun"], "02:30", "03:00")]],
    ["the same twice", [sunday, sunday]],
    ["a single one in a weekly one, years ahead", [sunday, once("2031-05-04T00:30:00Z", "2031-05-04T00:40:00Z")]],
    [
      "a single one that has begun",
      [weekly(["thu"], "01:30", "02:00"), once("2026-11-25T00:00:00Z", "2026-11-26T00:45:00Z")],
    ],
    // Berlin and New York are five hours apart for a few weeks a year only.
    [
      "zones that meet in some weeks",
      [weekly(["mon"], "17:00", "18:00"), weekly(["mon"], "12:00", "12:30", "America/New_York")],
    ],
  ])("that overlap are refused with a sentence: %s", (_, windows) => {
    expect(() => checkWindows(windows, now)).toThrow(
      /maintenance_windows\[\d\]: It overlaps with another window \(.*\), first at 20/,
    );
  });

  test("that never end are refused, and those with a break are not", () => {
    const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    expect(() => checkWindows([weekly(days, "00:00", "24:00")], now)).toThrow(/without a break/);
    expect(() => checkWindows([weekly(days, "00:00", "12:00"), weekly(days, "12:00", "24:00")], now)).toThrow(
      /without a break/,
    );
    expect(() => checkWindows([weekly(days, "00:00", "23:59")], now)).not.toThrow();
    expect(() => checkWindows([weekly(days.slice(1), "00:00", "24:00")], now)).not.toThrow();
  });

  test("are said in words", () => {
    expect(windowWords(sunday)).toBe("Every Sunday 02:00–04:00 Europe/Berlin");
    expect(windowWords(weekly(["fri", "mon", "wed"], "22:00", "24:00", "UTC"))).toBe(
      "Every Monday, Wednesday and Friday 22:00–24:00 UTC",
    );
    expect(windowWords(once("2026-11-26T03:00:00+02:00", "2026-11-26T05:30:00+02:00"))).toBe(
      "2026-11-26 01:00 to 03:30 UTC",
    );
    expect(windowWords(once("2026-11-26T23:00:00Z", "2026-11-27T01:00:00Z"))).toBe(
      "2026-11-26 23:00 to 2026-11-27 01:00 UTC",
    );
  });
});
