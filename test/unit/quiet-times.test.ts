// Quiet hours by the clock of a zone: over midnight, over a change of the clock, and what passes all the same.
import { describe, expect, test } from "vitest";
import { QuietHours, type StoredQuiet } from "#server/contracts/quiet-hours.ts";
import { changeQuiet, endedQuiet, keptBackUntil, quietAt } from "#server/contracts/quiet-times.ts";

const night: QuietHours = { from: "22:00", until: "07:00", time_zone: "Europe/Berlin", passes: "errors" };
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString());

test.each([
  ["2026-06-01T19:59:59.999Z", null],
  ["2026-06-01T20:00:00.000Z", "2026-06-02T05:00:00.000Z"],
  ["2026-06-02T04:59:59.999Z", "2026-06-02T05:00:00.000Z"],
  ["2026-06-02T05:00:00.000Z", null],
  // The clock goes back in this night, and forward in that one.
  ["2026-10-24T20:00:00.000Z", "2026-10-25T06:00:00.000Z"],
  ["2026-03-28T21:00:00.000Z", "2026-03-29T05:00:00.000Z"],
])("a night that begins at ten in Berlin: at %s it lasts until %s", (now, until) => {
  expect(iso(quietAt(night, at(now))?.untilMs)).toBe(until);
});

test("hours within one day are quiet in between alone", () => {
  const noon = { ...night, from: "12:00", until: "13:30", time_zone: "UTC" };
  expect(
    ["11:59", "12:00", "13:29", "13:30"].map((time) => quietAt(noon, at(`2026-06-01T${time}:00Z`)) !== null),
  ).toEqual([false, true, true, false]);
});

describe("what is kept back", () => {
  const midnight = at("2026-06-01T23:00:00Z");
  const isKept = (type: string | null, passes: QuietHours["passes"]) =>
    keptBackUntil({ ...night, passes }, type, midnight) !== null;

  test.each([
    ["issue.opened.source_silent", "errors", true],
    ["issue.resolved.source_silent", "errors", true],
    ["issue.opened.connection_failing", "errors", false],
    ["issue.resolved.connection_failing", "errors", false],
    ["issue.opened.connection_failing", "nothing", true],
    ["event.failed", "nothing", false],
    ["notification.test", "nothing", false],
    [null, "nothing", false],
  ] as const)("%s where %s pass: %s", (type, passes, kept) => expect(isKept(type, passes)).toBe(kept));
});

test("hours that are changed while they last end then, and nothing of them is told twice", () => {
  const [ten, half] = [at("2026-06-01T20:00:00Z"), at("2026-06-01T21:30:00Z")];
  const cut = { fromMs: ten, untilMs: half };
  const morning = at("2026-06-02T08:00:00Z");
  expect(endedQuiet({ hours: null, cut }, half)).toEqual([cut]);
  expect(endedQuiet({ hours: null, cut }, half - 1)).toEqual([]);
  expect(endedQuiet({ hours: { ...night, from: "21:00" }, cut }, morning)).toEqual([
    cut,
    { fromMs: half, untilMs: at("2026-06-02T05:00:00Z") },
  ]);
});

describe("what is told of hours that are changed again and again", () => {
  const berlin = (iso: string) => at(`2026-06-02T${iso}:00+02:00`);
  const evening = at("2026-06-01T22:00:00+02:00");
  /** Each change with the time of day at which it was made, from the night hours on; then what is told by ten. */
  const toldBy10 = (...changes: [time: string, hours: QuietHours | null][]) => {
    const first: StoredQuiet = { hours: night, cut: null };
    const stored = changes.reduce((before, [time, hours]) => changeQuiet(before, hours, berlin(time)), first);
    return endedQuiet(stored, berlin("10:00"));
  };
  const until = (end: string) => ({ ...night, until: end });

  test("nothing twice that was over, however the new hours lie", () => {
    const whole = { fromMs: evening, untilMs: berlin("07:00") };
    expect(toldBy10(["09:00", until("08:00")])).toEqual([whole, { fromMs: berlin("07:00"), untilMs: berlin("08:00") }]);
    expect(toldBy10(["09:00", until("06:00")])).toEqual([whole]);
    expect(toldBy10(["09:00", null])).toEqual([whole]);
  });

  test("nothing twice of a night that was cut twice, and all of it where the first cut was a moment ago", () => {
    const twice = toldBy10(["02:00", night], ["04:00", null]);
    expect(twice).toEqual([{ fromMs: berlin("02:00"), untilMs: berlin("04:00") }]);
    expect(toldBy10(["02:00", night], ["02:01", null])).toEqual([{ fromMs: evening, untilMs: berlin("02:01") }]);
  });
});

test("a time that no clock shows, a zone that is none and hours without an end are refused", () => {
  const refused = (change: object) => QuietHours.safeParse({ ...night, ...change }).success;
  expect([{ from: "24:00" }, { from: "7:00" }, { time_zone: "Berlin" }, { until: "22:00" }].map(refused)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
