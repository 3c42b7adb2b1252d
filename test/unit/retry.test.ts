import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RetryPolicy } from "#server/contracts/retry-policy.ts";
import { DEFAULT_POLICY, type FailedTry, nextAttempt } from "#server/rules/retry.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const now = new Date("2026-05-29T12:00:00Z");
const noJitter = () => 0.5;

const after = (attempt: number, policy: RetryPolicy | null, rest: Partial<FailedTry> = {}) =>
  nextAttempt({ policy, attempt, now, outcome: { status: 503, retryAfter: null }, random: noJitter, ...rest });
const waitAfter = (...asked: Parameters<typeof after>) => {
  const next = after(...asked);
  return next.kind === "retry" ? next.waitMs : next.reason;
};
const waits = (policy: RetryPolicy | null) => {
  const found: number[] = [];
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    const next = after(attempt, policy);
    if (next.kind === "give-up") return found;
    found.push(next.waitMs);
  }
  throw new Error("The policy never gives up.");
};

describe("the wait before each retry", () => {
  test("doubles from the interval when exponential", () => {
    const policy: RetryPolicy = { strategy: "exponential", interval: 1000, count: 4 };
    expect(waits(policy)).toEqual([1000, 2000, 4000, 8000]);
    expect(waitAfter(5, policy)).toBe("exhausted");
  });

  test("is the interval each time when linear", () => {
    expect(waits({ strategy: "linear", interval: 5000, count: 3 })).toEqual([5000, 5000, 5000]);
    expect(waits({ strategy: "linear", interval: 5000, count: 0 })).toEqual([]);
  });

  test("follows the schedule when custom, whose last wait repeats up to count", () => {
    const schedule = [1000, 5000, 2000];
    expect(waits({ strategy: "custom", schedule })).toEqual(schedule);
    expect(waits({ strategy: "custom", schedule, count: 5 })).toEqual([...schedule, 2000, 2000]);
    expect(waits({ strategy: "custom", schedule, count: 1 })).toEqual([1000]);
  });

  test("is 1 min, 5 min, 30 min, 2 h, then 6 h within three days by default", () => {
    const found = waits(null);
    expect(RetryPolicy.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
    expect(found.slice(0, 6)).toEqual([
      MINUTE_MS,
      5 * MINUTE_MS,
      30 * MINUTE_MS,
      2 * HOUR_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
    ]);
    const totalMs = found.reduce((sum, wait) => sum + wait, 0);
    expect(totalMs).toBeLessThanOrEqual(3 * DAY_MS);
    expect(totalMs + 6 * HOUR_MS).toBeGreaterThan(3 * DAY_MS);
  });

  test("is at most seven days", () => {
    const policy: RetryPolicy = { strategy: "exponential", interval: DAY_MS, count: 50 };
    expect(waitAfter(50, policy)).toBe(7 * DAY_MS);
    expect(waitAfter(50, policy, { random: () => 0.999 })).toBe(7 * DAY_MS);
  });

  test("stays within ±10 % and becomes the time of the attempt", () => {
    const strategy = fc.constantFrom("linear" as const, "exponential" as const);
    fc.assert(
      fc.property(
        strategy,
        fc.integer({ min: 1000, max: 7 * DAY_MS }),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (kind, interval, attempt, random) => {
          const next = after(attempt, { strategy: kind, interval, count: 50 }, { random: () => random });
          if (next.kind !== "retry") throw new Error("It gave up.");
          const baseMs = Math.min(kind === "linear" ? interval : interval * 2 ** (attempt - 1), 7 * DAY_MS);
          expect(next.waitMs).toBeGreaterThanOrEqual(Math.floor(baseMs * 0.9));
          expect(next.waitMs).toBeLessThanOrEqual(Math.min(Math.ceil(baseMs * 1.1), 7 * DAY_MS));
          expect(next.at.getTime()).toBe(now.getTime() + next.waitMs);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  const policy: RetryPolicy = { strategy: "linear", interval: 60_000, count: 1 };
  const waitFor = (retryAfter: string | null, random = noJitter) =>
    waitAfter(1, policy, { outcome: { status: 429, retryAfter }, random });

  test.each([
    ["120", 120_000],
    ["0120", 120_000],
    ["Fri, 29 May 2026 12:10:00 GMT", 600_000],
    ["315360000", DAY_MS],
    ["9".repeat(400), DAY_MS],
    ["Thu, 29 May 2036 12:10:00 GMT", DAY_MS],
    ["Friday, 29-May-26 12:10:00 GMT", 600_000],
    ["Fri May 29 12:10:00 2026", 600_000],
    ["Mon Jun  1 12:00:00 2026", DAY_MS],
    ["Fri May 29 23:59:60 2026", 12 * HOUR_MS],
    [" \t120\t ", 120_000],
    ["\tFriday, 29-May-26 12:10:00 GMT ", 600_000],
  ])("%s lengthens the wait, to 24 h at most", (retryAfter, expected) => {
    expect(waitFor(retryAfter)).toBe(expected);
  });

  test.each([
    "0",
    "59",
    "Fri, 29 May 2026 12:00:30 GMT",
    "Thu, 28 May 2026 12:00:00 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
  ])("%s never shortens it", (value) => {
    expect(waitFor(value)).toBe(60_000);
  });

  test("that is garbage is ignored", () => {
    const garbage = [
      "",
      " ",
      "120s",
      "1 20",
      "120, 120",
      "\u00a0120",
      "-120",
      "1e9",
      "0x1ff",
      "12.5",
      "+500",
      "soon",
      "2026-05-30",
      "NaN",
      "Infinity",
    ];
    for (const value of [
      ...garbage,
      "Mon, 29 May 2026 12:10:00 GMT",
      "Fri, 29 May 2026 12:10:00 +0000",
      "May 30 2026",
      "fri, 29 may 2026 12:10:00 gmt",
      "Fri, 29 May 2026 24:00:00 GMT",
      "Sun, 31 Jun 2026 12:10:00 GMT",
      "Fri, 29-May-26 12:10:00 GMT",
      "Thursday, 29-May-26 12:10:00 GMT",
      "Friday, 29-May-2026 12:10:00 GMT",
      "Fri May 29 12:10:00 26",
      "Mon Jun 1 12:00:00 2026",
      "Fri May 29 12:10:00 2026 GMT",
      "Fri, 29 May 2026 12:10 GMT",
      "１２０",
    ]) {
      expect([value, waitFor(value)]).toEqual([value, 60_000]);
    }
  });

  test("with a two-digit year means the century that is at most 50 years ahead", () => {
    const nextAt = (at: string, retryAfter: string) => {
      const next = after(1, policy, { now: new Date(at), outcome: { status: 503, retryAfter } });
      return next.kind === "retry" && next.waitMs;
    };
    // 2099 in 2098 and 2000 in 1999 are next year; 2077 seen from 2026 is 51 years ahead, so 1977 is meant.
    expect(nextAt("2098-12-31T23:50:00Z", "Thursday, 01-Jan-99 00:00:00 GMT")).toBe(600_000);
    expect(nextAt("1999-12-31T23:50:00Z", "Saturday, 01-Jan-00 00:00:00 GMT")).toBe(600_000);
    expect(nextAt("2026-05-29T12:00:00Z", "Friday, 29-May-76 12:00:00 GMT")).toBe(DAY_MS);
    expect(nextAt("2026-05-29T12:00:00Z", "Saturday, 29-May-77 12:00:00 GMT")).toBe(60_000);
    expect(nextAt("2026-05-29T12:00:00Z", "Sunday, 29-May-77 12:00:00 GMT")).toBe(60_000);
  });

  test("is never undercut by jitter", () => {
    expect(waitFor("60", () => 0)).toBe(60_000);
  });
});

describe("which failures are retried", () => {
  const retried = (patterns: string[] | undefined, ...statuses: (number | null)[]) =>
    statuses.map((status) => {
      const policy = RetryPolicy.parse({
        strategy: "linear",
        interval: 1000,
        count: 1,
        response_status_codes: patterns,
      });
      const next = after(1, policy, { outcome: { status, retryAfter: null } });
      return next.kind === "retry" ? "retry" : next.reason;
    });

  test("all but 410 without patterns", () => {
    expect(retried(undefined, 302, 400, 500, null, 410)).toEqual(["retry", "retry", "retry", "retry", "gone"]);
    expect(waitAfter(1, null, { outcome: { status: 410, retryAfter: "60" } })).toBe("gone");
  });

  test("those that a pattern names, and every failure without an answer", () => {
    expect(retried(["500-599", "429"], 499, 500, 599, 429, 428, null)).toEqual([
      "status_excluded",
      "retry",
      "retry",
      "retry",
      "status_excluded",
      "retry",
    ]);
  });

  test("not those that an exclusion names, wherever it stands", () => {
    expect(retried(["!401"], 401, 400, 500)).toEqual(["status_excluded", "retry", "retry"]);
    expect(retried(["!500-503", "500-599"], 503, 504, 400)).toEqual(["status_excluded", "retry", "status_excluded"]);
    expect(retried(["400-599", "!410", "410"], 410)).toEqual(["gone"]);
  });
});
