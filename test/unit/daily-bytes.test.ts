import { expect, test } from "vitest";
import { makeDailyBytes } from "#server/shares/daily-bytes.ts";

const HOUR = 3_600_000;

/** What one source takes of `bytes` each, trying once a minute for `hours`. */
function takenIn(hours: number, take: (nowMs: number) => boolean, bytes: number, fromMs = 0) {
  let taken = 0;
  for (let ms = fromMs; ms < fromMs + hours * HOUR; ms += 60_000) {
    while (take(ms)) taken += bytes;
  }
  return taken;
}

test("a source gets its bytes of a day and a burst, whatever it asks for", () => {
  const daily = makeDailyBytes([1_000_000, 500_000, 100_000]);
  const taken = takenIn(24, (ms) => daily.take(["a", "s"], 50, ms), 50);
  expect(taken).toBeGreaterThan(95_000);
  expect(taken).toBeLessThanOrEqual(112_500);
});

test("a team's sources together get what the team gets, and all teams what there is", () => {
  const daily = makeDailyBytes([1_000_000, 500_000, 100_000]);
  let i = 0;
  const team = takenIn(24, (ms) => daily.take(["a", `s${i++ % 20}`], 50, ms), 50);
  expect(team).toBeLessThanOrEqual(500_000 * (1 + 1 / 8) + 20 * 100_000 * (1 / 16) * (1 + 1 / 8));
});

test("when others have used up everything, each team and source still has a little", () => {
  const daily = makeDailyBytes([100_000, 100_000, 100_000]);
  while (daily.take(["a", "s"], 10, 0));
  expect(daily.take(["b", "t"], 10, 0)).toBe(true);
  const taken = takenIn(1, (ms) => daily.take(["b", "t"], 10, ms), 10);
  expect(taken).toBeGreaterThan(500);
  expect(taken).toBeLessThan(10_000);
});
