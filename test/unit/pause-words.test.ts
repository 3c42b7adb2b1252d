// The end of a pause: what the dialog offers, and how it is said.
import { describe, expect, test } from "vitest";
import { pauseEnd, pauseFault } from "#components/connection-drawer/pause-times.ts";
import { clockWords } from "#components/ui/until-words.ts";
import { LONGEST_PAUSE_MS } from "#server/contracts/pause-length.ts";

const NOW = Date.parse("2026-05-29T12:05:00.000Z");
const at = (iso: string) => Date.parse(iso);

describe("when something is over", () => {
  test.each([
    ["2026-05-29T14:30:00Z", "UTC", "14:30"],
    ["2026-05-29T14:30:00Z", "Europe/Berlin", "16:30"],
    // Today in UTC is tomorrow in Auckland, for both instants.
    ["2026-05-29T14:30:00Z", "Pacific/Auckland", "02:30"],
    ["2026-05-30T06:00:00Z", "Europe/Berlin", "Sat 08:00"],
    ["2026-06-08T06:00:00Z", "Europe/Berlin", "8 Jun 08:00"],
  ])("%s in %s is %s", (iso, zone, words) => {
    expect(clockWords(at(iso), NOW, zone)).toBe(words);
  });
});

describe("the choices of the dialog", () => {
  test("count from now, and the morning is the next day's, by the clock of who looks", () => {
    expect(pauseEnd("quarter", "", NOW)).toBe(NOW + 900_000);
    expect(pauseEnd("hour", "", NOW)).toBe(NOW + 3_600_000);
    const morning = new Date(pauseEnd("morning", "", NOW) ?? 0);
    expect([morning.getHours(), morning.getMinutes()]).toEqual([8, 0]);
    const noonOf = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime();
    expect(Math.round((noonOf(morning) - noonOf(new Date(NOW))) / 86_400_000)).toBe(1);
  });

  test("take a typed time, and say why one cannot be", () => {
    const typed = new Date(NOW + 7_200_000);
    const text = `${typed.getFullYear()}-${typed.getMonth() + 1}-${typed.getDate()} ${typed.getHours()}:05`;
    expect(pauseEnd("own", text, NOW)).toBe(typed.getTime());
    const faults = [null, NOW, NOW + 1, NOW + LONGEST_PAUSE_MS, NOW + LONGEST_PAUSE_MS + 1];
    expect(faults.map((endMs) => pauseFault(endMs, NOW, LONGEST_PAUSE_MS))).toEqual([
      "Write it as 2026-11-25 08:00.",
      "That time has passed: give one to come.",
      undefined,
      undefined,
      "A pause may last 30 days: give an earlier time.",
    ]);
  });
});
