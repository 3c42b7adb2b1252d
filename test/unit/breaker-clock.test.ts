// The breaker of a destination by a clock that somebody sets.
import { describe, expect, test } from "vitest";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import type { Answer } from "#server/delivery/breaker.ts";
import { makePace, type Pace } from "#server/delivery/pace.ts";

const START = 1_760_000_000_000;
const FAILS: Answer = { status: 503, errorCode: "BAD_RESPONSE" };
const WORKS: Answer = { status: 200, errorCode: null };

describe("a clock that jumps", () => {
  const HOUR = 3_600_000;
  const quick = { consecutive_failures: 1, good_probes: 1, probe_min_ms: 10_000, probe_max_ms: 60_000 };
  const limits = { ...DEFAULT_LIMITS, concurrency: 25, breaker: { ...DEFAULT_BREAKER, ...quick } };
  const makeIt = () => makePace({ isSlow: false, rateLog: null, breaker: null }, limits, START);
  const at = (pace: Pace, nowMs: number) => {
    pace.configure(limits, null, nowMs);
    return pace.next(nowMs);
  };
  /** Sends one event, which comes to this, and returns whether it was a probe. */
  const send = (pace: Pace, answer: Answer, nowMs: number) => {
    const eventId = `evt_${nowMs}`;
    pace.learn({ kind: "started", eventIds: [eventId] }, nowMs);
    const wasProbe = pace.isProbe(eventId);
    pace.learn({ kind: "ended", eventId, latencyMs: 5, answer }, nowMs);
    return wasProbe;
  };

  test("forward makes the probe due, and back again keeps it no longer than the longest wait", () => {
    const pace = makeIt();
    send(pace, FAILS, START);
    expect(at(pace, START + 9_999).kind).toBe("hold");
    expect(at(pace, START + HOUR)).toMatchObject({ kind: "send", count: 1 });
    expect(send(pace, FAILS, START + HOUR)).toBe(true);
    expect(at(pace, START + 20_000).kind).toBe("hold");
    expect(at(pace, START + 20_000 + 59_999).kind).toBe("hold");
    expect(at(pace, START + 20_000 + 60_000)).toMatchObject({ kind: "send", count: 1 });
  });

  test("back does not leave a receiver that has come back with one attempt at a time", () => {
    const pace = makeIt();
    send(pace, FAILS, START + HOUR);
    at(pace, START + HOUR + 10_000);
    expect(send(pace, WORKS, START + HOUR + 10_000)).toBe(true);
    expect(at(pace, START)).toMatchObject({ kind: "send", count: 1 });
    expect(at(pace, START + 30_000)).toMatchObject({ count: 13 });
    expect(at(pace, START + 60_000)).toMatchObject({ count: 25 });
  });
});
