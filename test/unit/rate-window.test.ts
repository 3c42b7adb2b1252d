import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RateLimitPeriod } from "#server/contracts/destination.ts";
import { makeRateWindow, type RateLog } from "#server/delivery/rate-window.ts";

const START = 1_760_000_000_000;
const PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 };

/** The most sends that any window of the period holds: it is enough to look at those that begin with a send. */
function mostInAnyWindow(sentAt: number[], periodMs: number): number {
  const sorted = sentAt.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + periodMs).length));
}

describe("the rolling window", () => {
  test("a burst takes the whole limit at once and then waits for a period", () => {
    const window = makeRateWindow(3, "second", null, START);
    expect(window.available(START)).toBe(3);
    window.take(3);
    for (let i = 0; i < 3; i++) window.sent(START + i);
    expect(window.available(START + 10)).toBe(0);
    const freeAt = window.freeAtMs(START + 10);
    expect(freeAt).toBeGreaterThanOrEqual(START + 1_000);
    expect(freeAt).toBeLessThanOrEqual(START + 1_000 + 60);
    expect(window.available(freeAt - 1)).toBe(0);
    expect(window.available(freeAt)).toBeGreaterThan(0);
  });

  test("a permit counts while it is under way and is given back when no byte left", () => {
    const window = makeRateWindow(1, "minute", null, START);
    window.take(1);
    expect(window.available(START + 3_600_000)).toBe(0);
    expect(window.freeAtMs(START)).toBe(Number.POSITIVE_INFINITY);
    window.unsent();
    expect(window.available(START)).toBe(1);
  });

  test("a raised limit holds at once and counts what was sent before", () => {
    const window = makeRateWindow(2, "minute", null, START);
    window.take(2);
    window.sent(START);
    window.sent(START);
    expect(window.available(START + 1_000)).toBe(0);
    window.configure(5, "minute");
    expect(window.available(START + 1_000)).toBe(3);
    window.configure(1, "minute");
    expect(window.available(START + 1_000)).toBe(0);
    window.configure(null, "minute");
    expect(window.available(START + 1_000)).toBe(Number.POSITIVE_INFINITY);
    expect(window.log(START)).toBeNull();
  });

  test("what was on its way when a lane died counts from the moment another takes over", () => {
    const dead = makeRateWindow(2, "second", null, START);
    dead.take(2);
    const log = JSON.parse(JSON.stringify(dead.log(START))) as RateLog;
    const next = makeRateWindow(2, "second", log, START + 15_000);
    expect(next.available(START + 15_000)).toBe(0);
    expect(next.available(START + 15_990)).toBe(0);
    expect(next.available(START + 16_100)).toBe(2);
  });

  test("an hourly log stays short however many sends it holds", () => {
    const window = makeRateWindow(1_000_000, "hour", null, START);
    for (let i = 0; i < 100_000; i++) {
      window.take(1);
      window.sent(START + i * 36);
    }
    expect(window.log(START + 3_600_000)?.length).toBeLessThanOrEqual(102);
  });
});

const Step = fc.record({
  /** How long nothing happens before it. */
  afterMs: fc.oneof(fc.nat(30), fc.nat(1_500)),
  wants: fc.integer({ min: 1, max: 8 }),
  /** How long after the permits were taken their bytes leave. */
  lagMs: fc.nat(400),
  fails: fc.boolean(),
  /** The lane dies after it wrote its log and started its sends; another takes over with what was written. */
  dies: fc.nat(9).map((n) => n === 0),
});

describe("whatever happens", () => {
  test("no window of a period holds more than the limit at the receiver, also across take-overs", () => {
    const Run = fc.record({
      limit: fc.integer({ min: 1, max: 10 }),
      period: fc.constantFrom<RateLimitPeriod>("second", "minute"),
      steps: fc.array(Step, { maxLength: 60 }),
    });
    fc.assert(
      fc.property(Run, ({ limit, period, steps }) => {
        const scale = PERIOD_MS[period] / 1_000;
        let now = START;
        let window = makeRateWindow(limit, period, null, now);
        const sentAt: number[] = [];
        for (const { afterMs, wants, lagMs, fails, dies } of steps) {
          now += afterMs * scale;
          const permits = Math.min(wants, window.available(now));
          if (permits === 0) continue;
          window.take(permits);
          const log = JSON.parse(JSON.stringify(window.log(now))) as RateLog;
          for (let i = 0; i < permits; i++) {
            const leavesAt = now + Math.floor((lagMs * (i + 1)) / permits);
            if (fails && !dies) window.unsent();
            else {
              window.sent(leavesAt);
              sentAt.push(leavesAt);
            }
          }
          now += lagMs;
          if (dies) window = makeRateWindow(limit, period, log, now);
        }
        expect(mostInAnyWindow(sentAt, PERIOD_MS[period])).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 400 },
    );
  });

  test("a lane that sends whenever it may uses nearly all of its limit", () => {
    const window = makeRateWindow(20, "second", null, START);
    let sent = 0;
    for (let now = START; now < START + 10_000; now += 5) {
      const permits = window.available(now);
      window.take(permits);
      for (let i = 0; i < permits; i++) window.sent(now);
      sent += permits;
    }
    expect(sent).toBeGreaterThanOrEqual(190);
    expect(sent).toBeLessThanOrEqual(200);
  });
});
