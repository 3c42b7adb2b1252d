import { expect, test } from "vitest";
import { midnights } from "#server/metrics/midnights.ts";

const of = (zone: string, start: string, end: string) =>
  midnights(zone, Date.parse(start), Date.parse(end)).map((ms) => new Date(ms).toISOString().slice(0, 16));

test.each([
  ["UTC", "2026-03-28T12:00Z", "2026-03-30T00:00Z", ["2026-03-28T00:00", "2026-03-29T00:00"]],
  ["Europe/Berlin", "2026-03-28T23:00Z", "2026-03-30T12:00Z", ["2026-03-28T23:00", "2026-03-29T22:00"]],
  [
    "Asia/Kolkata",
    "2026-03-28T18:29Z",
    "2026-03-29T18:31Z",
    ["2026-03-27T18:30", "2026-03-28T18:30", "2026-03-29T18:30"],
  ],
  // No midnight on this day: it begins at one o'clock.
  [
    "America/Santiago",
    "2026-09-05T12:00Z",
    "2026-09-07T12:00Z",
    ["2026-09-05T04:00", "2026-09-06T04:00", "2026-09-07T03:00"],
  ],
  // Midnight comes twice.
  [
    "America/Havana",
    "2026-10-31T12:00Z",
    "2026-11-02T12:00Z",
    ["2026-10-31T04:00", "2026-11-01T05:00", "2026-11-02T05:00"],
  ],
  ["Pacific/Kiritimati", "2026-01-01T00:00Z", "2026-01-01T11:00Z", ["2025-12-31T10:00", "2026-01-01T10:00"]],
])("%s has the midnights that Postgres groups by", (zone, start, end, expected) => {
  expect(of(zone, start, end)).toEqual(expected);
});
