// The pace of a lane in simulated time: at the receiver no limit is exceeded, and no send waits for nothing.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import type { RateLimitPeriod } from "#server/contracts/destination-limits.ts";
import { type Limits, makePace, type Pace } from "#server/delivery/pace.ts";
import type { RateLog } from "#server/delivery/rate-window.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";

const START = 1_760_000_000_000;
const PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 };
const FRESH = { isSlow: false, rateLog: null, breaker: null };

const limits = (rate: number | null, period: RateLimitPeriod = "second", concurrency = 25): Limits => ({
  concurrency,
  rate_limit: rate,
  rate_limit_period: period,
  breaker: DEFAULT_BREAKER,
  maintenance_windows: [],
});

/** Starts sends and lets their bytes leave at once. */
function send(pace: Pace, ids: string[], nowMs: number): void {
  pace.learn({ kind: "started", eventIds: ids }, nowMs);
  for (const eventId of ids) pace.learn({ kind: "left", eventId }, nowMs);
}

const end = (pace: Pace, ids: string[], nowMs: number, latencyMs: number | null = 5) => {
  for (const eventId of ids) pace.learn({ kind: "ended", eventId, latencyMs }, nowMs);
};

const asStored = (log: RateLog | null) => JSON.parse(JSON.stringify(log)) as RateLog | null;

describe("concurrency", () => {
  test("is used up, waits for an end, and follows a change at once", () => {
    const pace = makePace(FRESH, limits(null, "second", 3), START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 3 });
    send(pace, ["a", "b", "c"], START);
    expect(pace.next(START + 60_000)).toEqual({ kind: "wait", untilMs: Number.POSITIVE_INFINITY });
    end(pace, ["b"], START + 60_000);
    expect(pace.next(START + 60_000)).toEqual({ kind: "send", count: 1 });
    pace.configure(limits(null, "second", 8), null, START);
    expect(pace.next(START + 60_000)).toEqual({ kind: "send", count: 6 });
    pace.configure(limits(null, "second", 1), null, START);
    expect(pace.next(START + 60_000)).toMatchObject({ kind: "wait" });
    expect(pace.onWire()).toBe(2);
  });
});

describe("a reason to hold", () => {
  test("goes before every limit, and ends with the configuration that gave it", () => {
    const pace = makePace(FRESH, limits(1), START);
    send(pace, ["a"], START);
    pace.configure(limits(1), "destination_disabled", START);
    expect(pace.next(START)).toEqual({ kind: "hold", because: "destination_disabled" });
    pace.configure(limits(2), null, START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 1 });
  });
});

describe("the rolling window of a rate", () => {
  test("a burst takes the whole limit at once and then waits for a period", () => {
    const pace = makePace(FRESH, limits(3), START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 3 });
    send(pace, ["a", "b", "c"], START);
    end(pace, ["a", "b", "c"], START + 2);
    const next = pace.next(START + 10);
    if (next.kind !== "wait") throw new Error(`It should wait: ${JSON.stringify(next)}`);
    expect(next.untilMs).toBeGreaterThanOrEqual(START + 1_000);
    expect(next.untilMs).toBeLessThanOrEqual(START + 1_000 + 60);
    expect(pace.next(next.untilMs - 1)).toEqual(next);
    expect(pace.next(next.untilMs)).toEqual({ kind: "send", count: 3 });
  });

  test("a send counts however long it has not left, and no longer when it ended without a byte leaving", () => {
    const pace = makePace(FRESH, limits(1, "minute"), START);
    pace.learn({ kind: "started", eventIds: ["a"] }, START);
    expect(pace.next(START + 3_600_000)).toEqual({ kind: "wait", untilMs: Number.POSITIVE_INFINITY });
    end(pace, ["a"], START, null);
    expect(pace.next(START)).toEqual({ kind: "send", count: 1 });
  });

  test("a send that is not answered counts from a second after it left, and the wait for it has an end", () => {
    const pace = makePace(FRESH, limits(1), START);
    send(pace, ["a"], START);
    const next = pace.next(START + 1);
    if (next.kind !== "wait") throw new Error(`It should wait: ${JSON.stringify(next)}`);
    expect(next.untilMs).toBeGreaterThanOrEqual(START + 2_000);
    expect(next.untilMs).toBeLessThanOrEqual(START + 2_060);
    // Looked at on the way or not, it comes to the same.
    expect(pace.next(START + 1_500)).toEqual(next);
    expect(pace.next(next.untilMs)).toEqual({ kind: "send", count: 1 });
    end(pace, ["a"], START + 60_000, 60_000);
    expect(pace.next(START + 60_000)).toEqual({ kind: "send", count: 1 });
  });

  test("a raised limit holds at once and counts what was sent before", () => {
    const pace = makePace(FRESH, limits(2, "minute"), START);
    send(pace, ["a", "b"], START);
    end(pace, ["a", "b"], START);
    expect(pace.next(START + 1_000)).toMatchObject({ kind: "wait" });
    pace.configure(limits(5, "minute"), null, START);
    expect(pace.next(START + 1_000)).toEqual({ kind: "send", count: 3 });
    pace.configure(limits(1, "minute"), null, START);
    expect(pace.next(START + 1_000)).toMatchObject({ kind: "wait" });
    pace.configure(limits(null, "minute"), null, START);
    expect(pace.next(START + 1_000)).toEqual({ kind: "send", count: 25 });
    expect(pace.rateLog(START)).toBeNull();
  });

  test("a limit that is new counts what is on the wire", () => {
    const pace = makePace(FRESH, limits(null), START);
    send(pace, ["a", "b"], START);
    pace.configure(limits(3), null, START);
    expect(pace.next(START + 1)).toEqual({ kind: "send", count: 1 });
  });

  test("what was on its way when a lane died counts from the moment another takes over", () => {
    const dead = makePace(FRESH, limits(2), START);
    dead.learn({ kind: "started", eventIds: ["a", "b"] }, START);
    const rateLog = asStored(dead.rateLog(START));
    const next = makePace({ ...FRESH, rateLog }, limits(2), START + 15_000);
    expect(next.next(START + 15_000)).toMatchObject({ kind: "wait" });
    expect(next.next(START + 15_990)).toMatchObject({ kind: "wait" });
    expect(next.next(START + 16_100)).toEqual({ kind: "send", count: 2 });
  });

  test("an hourly log stays short however many sends it holds", () => {
    const pace = makePace(FRESH, limits(1_000_000, "hour"), START);
    for (let i = 0; i < 100_000; i++) {
      send(pace, ["a"], START + i * 36);
      end(pace, ["a"], START + i * 36);
    }
    expect(pace.rateLog(START + 3_600_000)?.length).toBeLessThanOrEqual(102);
  });
});

describe("a slow receiver", () => {
  test("is told by the average of a turn, or by the turn before where nothing was sent", () => {
    const pace = makePace({ ...FRESH, isSlow: true }, limits(null), START);
    expect(pace.isSlow()).toBe(true);
    send(pace, ["a", "b"], START);
    end(pace, ["a"], START, null);
    expect(pace.isSlow()).toBe(true);
    end(pace, ["b"], START, 1_900);
    expect(pace.isSlow()).toBe(false);
    send(pace, ["c"], START);
    end(pace, ["c"], START, 2_500);
    expect(pace.isSlow()).toBe(true);
  });
});

interface Trip {
  /** From the start until the bytes leave, from there until the receiver sees them, and from there until it answers. */
  lagMs: number;
  travelMs: number;
  answerMs: number;
  /** It ends before a byte leaves. */
  fails: boolean;
  /** The lane dies after this one was started; another takes over with what was written down. */
  dies: boolean;
}

/** A lane in simulated time: sends whenever the pace allows and looks again when it said. Tells what the receiver saw. */
function simulate(trips: Trip[], limited: Limits) {
  let now = START;
  let pace = makePace(FRESH, limited, now);
  let timeline: { atMs: number; run: () => void }[] = [];
  const seen: number[] = [];
  const mostOnWire = { count: 0 };
  const at = (atMs: number, run: () => void) => timeline.push({ atMs, run });
  const launch = (id: string, { lagMs, travelMs, answerMs, fails }: Trip, own: Pace) => {
    const leftMs = now + lagMs;
    if (fails) return at(leftMs, () => own.learn({ kind: "ended", eventId: id, latencyMs: null }, now));
    seen.push(leftMs + travelMs);
    at(leftMs, () => own.learn({ kind: "left", eventId: id }, now));
    at(leftMs + travelMs + answerMs, () => own.learn({ kind: "ended", eventId: id, latencyMs: answerMs }, now));
  };
  for (let sent = 0; sent < trips.length; ) {
    const next = pace.next(now);
    if (next.kind === "send") {
      const batch = trips.slice(sent, sent + next.count).map((trip, n) => ({ id: String(sent + n), trip }));
      sent += batch.length;
      pace.learn({ kind: "started", eventIds: batch.map(({ id }) => id) }, now);
      mostOnWire.count = Math.max(mostOnWire.count, pace.onWire());
      const rateLog = asStored(pace.rateLog(now));
      for (const { id, trip } of batch) launch(id, trip, pace);
      if (batch.some(({ trip }) => trip.dies)) {
        now += 15_000;
        timeline = [];
        pace = makePace({ ...FRESH, rateLog }, limited, now);
      }
      continue;
    }
    timeline.sort((a, b) => a.atMs - b.atMs);
    const untilMs = next.kind === "wait" ? next.untilMs : Number.POSITIVE_INFINITY;
    const first = timeline[0];
    if (first && first.atMs <= untilMs) timeline.shift();
    else if (untilMs === Number.POSITIVE_INFINITY || untilMs <= now) throw new Error("It waits for nothing.");
    now = first && first.atMs <= untilMs ? first.atMs : untilMs;
    if (first && first.atMs <= untilMs) first.run();
  }
  return { seen, mostOnWire: mostOnWire.count, tookMs: now - START };
}

const TRIP = fc.record<Trip>({
  lagMs: fc.nat(400),
  travelMs: fc.nat(900),
  answerMs: fc.oneof(fc.nat(50), fc.nat(5_000), fc.constant(60_000)),
  fails: fc.nat(9).map((n) => n === 0),
  dies: fc.nat(29).map((n) => n === 0),
});

describe("whatever happens", () => {
  test("no window holds more than the limit at the receiver, also across take-overs, and every send gets its turn", () => {
    const Run = fc.record({
      rate: fc.integer({ min: 1, max: 10 }),
      period: fc.constantFrom<RateLimitPeriod>("second", "minute"),
      concurrency: fc.integer({ min: 1, max: 12 }),
      trips: fc.array(TRIP, { maxLength: 60 }),
    });
    fc.assert(
      fc.property(Run, ({ rate, period, concurrency, trips }) => {
        const { seen, mostOnWire } = simulate(trips, limits(rate, period, concurrency));
        expect(busiestWindow(seen, PERIOD_MS[period])).toBeLessThanOrEqual(rate);
        expect(mostOnWire).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 400 },
    );
  });

  test("a lane that sends whenever it may uses nearly all of its limit", () => {
    const quick = { lagMs: 0, travelMs: 1, answerMs: 1, fails: false, dies: false };
    const { tookMs } = simulate(Array(200).fill(quick), limits(20));
    expect(tookMs).toBeGreaterThanOrEqual(9_000);
    expect(tookMs).toBeLessThanOrEqual(9_500);
  });
});
