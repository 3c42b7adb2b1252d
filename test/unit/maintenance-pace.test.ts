// The pace of a lane during and after a maintenance window, in simulated time.
import { describe, expect, test } from "vitest";
import { type BreakerSettings, DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import { makePace, type Pace } from "#server/delivery/pace.ts";
import { type BreakerRecord, CLOSED } from "#server/events/breaker-record.ts";

const START = 1_760_000_000_000;

describe("a maintenance window", () => {
  const END = START + 600_000;
  const maintenance_windows = [
    { kind: "once" as const, from: new Date(START).toISOString(), until: new Date(END).toISOString() },
  ];
  const under = (breaker: Partial<BreakerSettings> = {}) => ({
    ...DEFAULT_LIMITS,
    breaker: { ...DEFAULT_BREAKER, ...breaker },
    maintenance_windows,
  });
  const paceOf = (breaker: Partial<BreakerSettings> = {}, earlier: BreakerRecord | null = null) =>
    makePace({ isSlow: false, rateLog: null, breaker: earlier }, under(breaker), START);
  const nextAt = (pace: Pace, nowMs: number, breaker: Partial<BreakerSettings> = {}) => {
    pace.configure(under(breaker), null, nowMs);
    return pace.next(nowMs);
  };

  test("says until when it holds, and after it the concurrency grows from one, for a lane that takes over too", () => {
    const pace = paceOf();
    pace.configure(under(), "maintenance", START);
    expect(pace.next(START)).toEqual({ kind: "hold", because: "maintenance", untilMs: END });
    expect(nextAt(pace, END)).toEqual({ kind: "send", count: 1 });
    expect(nextAt(pace, END + 30_000)).toEqual({ kind: "send", count: 13 });
    const next = paceOf({}, JSON.parse(JSON.stringify(pace.breaker())) as BreakerRecord);
    expect(nextAt(next, END + 30_000)).toEqual({ kind: "send", count: 13 });
    expect(nextAt(paceOf(), END + 30_000)).toEqual({ kind: "send", count: 13 });
    expect(nextAt(next, END + 60_000)).toEqual({ kind: "send", count: 25 });
    expect(next.breaker()).toMatchObject({ state: "closed" });
    expect(nextAt(next, END + 60_001)).toEqual({ kind: "send", count: 25 });
  });

  test("is no slow start where there is no breaker or no ramp", () => {
    expect(nextAt(paceOf({ mode: "off" }), END, { mode: "off" })).toEqual({ kind: "send", count: 25 });
    expect(nextAt(paceOf({ ramp_ms: 0 }), END, { ramp_ms: 0 })).toEqual({ kind: "send", count: 25 });
  });

  test("leaves an open breaker open, and begins a slow start anew that it has broken off", () => {
    const open = paceOf({}, { ...CLOSED, state: "open", since: START, next_probe: START + 30_000 });
    expect(nextAt(open, END)).toMatchObject({ kind: "send", isProbe: true });
    expect(open.breaker().state).not.toBe("ramping");
    const ramping: BreakerRecord = { ...CLOSED, state: "ramping", since: START - 30_000 };
    expect(nextAt(paceOf({ ramp_ms: 3_600_000 }, ramping), END, { ramp_ms: 3_600_000 })).toEqual({
      kind: "send",
      count: 1,
    });
  });
});
