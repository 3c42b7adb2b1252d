// The breaker of a destination in simulated time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BreakerSettings, DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import type { Answer } from "#server/delivery/breaker.ts";
import { makePace, type Pace } from "#server/delivery/pace.ts";
import { type BreakerRecord, readBreaker } from "#server/events/breaker-record.ts";

const START = 1_760_000_000_000;
const SECOND = 1_000;
const FAILS: Answer = { status: 503, errorCode: "BAD_RESPONSE" };
const HANGS: Answer = { status: null, errorCode: "TIMEOUT" };
const WORKS: Answer = { status: 200, errorCode: null };
const status = (code: number): Answer => ({ status: code, errorCode: "BAD_RESPONSE" });

const limits = (breaker: Partial<BreakerSettings> = {}, concurrency = 25) => ({
  ...DEFAULT_LIMITS,
  concurrency,
  breaker: { ...DEFAULT_BREAKER, ...breaker },
});
const paceOf = (breaker: Partial<BreakerSettings> = {}, earlier: BreakerRecord | null = null) =>
  makePace({ isSlow: false, rateLog: null, breaker: earlier }, limits(breaker), START);

let serial = 0;
/** Sends one event, which comes to this, and returns whether it was a probe. */
function send(pace: Pace, answer: Answer, nowMs: number): boolean {
  const eventId = `evt_${++serial}`;
  pace.learn({ kind: "started", eventIds: [eventId] }, nowMs);
  const wasProbe = pace.isProbe(eventId);
  pace.learn({ kind: "ended", eventId, latencyMs: 5, answer }, nowMs);
  return wasProbe;
}
const sendMany = (pace: Pace, answers: readonly Answer[], nowMs: number) => {
  for (const answer of answers) send(pace, answer, nowMs);
};
const times = (count: number, answer: Answer): Answer[] => Array(count).fill(answer);
const read = (pace: Pace, breaker: Partial<BreakerSettings> = {}, nowMs = START) =>
  readBreaker(pace.breaker(), { ...DEFAULT_BREAKER, ...breaker }, { holds: false, nowMs });
const isHeld = (pace: Pace, nowMs: number) => pace.next(nowMs).kind === "hold";

describe("opens", () => {
  test("after as many failures in a row as are set, and says which", () => {
    const pace = paceOf();
    sendMany(pace, times(19, FAILS), START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 25 });
    send(pace, FAILS, START);
    expect(pace.next(START)).toEqual({ kind: "hold", because: "breaker_open" });
    expect(read(pace)).toMatchObject({
      state: "open",
      since: new Date(START).toISOString(),
      because: { kind: "in_a_row", failures: 20, trouble: "fails", response_status: 503 },
      next_probe_at: new Date(START + 30 * SECOND).toISOString(),
    });
  });

  test.each([
    ["time-outs", HANGS, "silent"],
    ["refused connections", { status: null, errorCode: "CONNECTION_REFUSED" }, "unreachable"],
    ["names without an address", { status: null, errorCode: "DNS_LOOKUP_FAILED" }, "unreachable"],
    ["answers that break off", { status: 200, errorCode: "CONNECTION_RESET" }, "unreachable"],
    ["429", status(429), "too_many_requests"],
  ] as const)("on %s", (_, answer, trouble) => {
    const pace = paceOf();
    sendMany(pace, times(20, answer), START);
    expect(pace.breaker()).toMatchObject({ state: "open", because: { trouble } });
  });

  test("on a share of failures, but only of enough tries within the window", () => {
    const mixed = Array.from({ length: 49 }, (_, n) => (n % 2 === 0 ? FAILS : WORKS));
    const pace = paceOf();
    sendMany(pace, mixed, START);
    expect(isHeld(pace, START)).toBe(false);
    send(pace, FAILS, START);
    expect(read(pace).because).toMatchObject({ kind: "share", failures: 26, tries: 50 });
    const slow = paceOf();
    for (const [n, answer] of [...mixed, FAILS].entries()) send(slow, answer, START + n * 2 * SECOND);
    expect(isHeld(slow, START + 100 * SECOND)).toBe(false);
  });

  test.each([400, 401, 403, 404, 409, 410, 422])("never on %d: the receiver does its work", (code) => {
    const pace = paceOf();
    sendMany(pace, times(200, status(code)), START);
    expect(isHeld(pace, START)).toBe(false);
  });

  test("not on what is our own doing, nor on time-outs where they are not to count", () => {
    const own = paceOf();
    for (const errorCode of ["CANCELLED", "INTERNAL", "BLOCKED_ADDRESS", "INVALID_URL"] as const)
      sendMany(own, times(30, { status: null, errorCode }), START);
    expect(isHeld(own, START)).toBe(false);
    const lenient = paceOf({ count_timeouts: false });
    sendMany(lenient, times(200, HANGS), START);
    expect(isHeld(lenient, START)).toBe(false);
  });

  test("not where an answer comes between the failures", () => {
    const pace = paceOf({ failure_share: null });
    for (let n = 0; n < 20; n++) sendMany(pace, [...times(19, FAILS), n % 2 ? WORKS : status(422)], START);
    expect(isHeld(pace, START)).toBe(false);
  });
});

describe("the same refusal again and again", () => {
  test.each([
    [401, "refuses_credentials"],
    [403, "forbids"],
    [404, "not_found"],
    [410, "gone"],
  ] as const)("%d is named for what it is, until the receiver takes something", (code, trouble) => {
    const pace = paceOf();
    sendMany(pace, times(2, status(code)), START);
    expect(read(pace).refusal).toBeNull();
    sendMany(pace, times(3, status(code)), START);
    expect(read(pace)).toMatchObject({ state: "closed", refusal: { trouble, response_status: code, count: 5 } });
    send(pace, WORKS, START);
    expect(read(pace).refusal).toBeNull();
  });
});

describe("while it is open", () => {
  const opened = (breaker: Partial<BreakerSettings> = {}) => {
    const pace = paceOf(breaker);
    sendMany(pace, times(20, FAILS), START);
    return pace;
  };

  test("probes one at a time, with waits that double up to the longest", () => {
    const pace = opened();
    const probes: number[] = [];
    for (let ms = 0; ms <= 1_000 * SECOND; ms += SECOND) {
      const next = pace.next(START + ms);
      if (next.kind !== "send") continue;
      expect(next).toEqual({ kind: "send", count: 1, isProbe: true });
      pace.learn({ kind: "started", eventIds: [`evt_${ms}`] }, START + ms);
      expect(isHeld(pace, START + ms + 3_600 * SECOND)).toBe(true);
      pace.learn({ kind: "ended", eventId: `evt_${ms}`, latencyMs: 1, answer: FAILS }, START + ms);
      probes.push(ms / SECOND);
    }
    expect(probes).toEqual([30, 90, 210, 450, 750]);
  });

  test("what went out before it opened says nothing any more", () => {
    const pace = paceOf();
    const late = Array.from({ length: 25 }, (_, n) => `evt_late_${n}`);
    pace.learn({ kind: "started", eventIds: late }, START);
    for (const eventId of late.slice(0, 20)) pace.learn({ kind: "ended", eventId, latencyMs: 1, answer: HANGS }, START);
    const before = pace.breaker();
    for (const eventId of late.slice(20)) pace.learn({ kind: "ended", eventId, latencyMs: 1, answer: WORKS }, START);
    expect(pace.breaker()).toEqual(before);
  });

  test("a lane that takes over in the middle of a probe waits for its turn", () => {
    const pace = opened();
    pace.learn({ kind: "started", eventIds: ["evt_probe"] }, START + 30 * SECOND);
    const stored = JSON.parse(JSON.stringify(pace.breaker())) as BreakerRecord;
    const next = paceOf({}, stored);
    expect(isHeld(next, START + 30 * SECOND)).toBe(true);
    expect(isHeld(next, START + 90 * SECOND - 1)).toBe(true);
    expect(next.next(START + 90 * SECOND)).toEqual({ kind: "send", count: 1, isProbe: true });
  });

  test("closes after good probes in a row, and a bad one begins anew", () => {
    const pace = opened();
    let now = START + 30 * SECOND;
    expect(send(pace, WORKS, now)).toBe(true);
    expect(send(pace, WORKS, now)).toBe(true);
    expect(send(pace, FAILS, now)).toBe(true);
    expect(isHeld(pace, now)).toBe(true);
    now += 60 * SECOND;
    for (let n = 0; n < 3; n++) {
      expect(pace.next(now)).toMatchObject({ isProbe: true });
      send(pace, n === 1 ? status(422) : WORKS, now);
    }
    expect(read(pace, {}, now)).toMatchObject({ state: "ramping", ramps_until: new Date(now + 60_000).toISOString() });
  });

  test.each([401, 403, 404, 410, 429])("a probe that is answered %d does not close it", (code) => {
    const pace = opened({ good_probes: 1 });
    send(pace, status(code), START + 30 * SECOND);
    expect(isHeld(pace, START + 89 * SECOND)).toBe(true);
  });
});

describe("after it has closed", () => {
  const closed = (breaker: Partial<BreakerSettings> = {}) => {
    const pace = paceOf({ good_probes: 1, ...breaker });
    sendMany(pace, times(20, FAILS), START);
    send(pace, WORKS, START + 30 * SECOND);
    return { pace, closedAt: START + 30 * SECOND };
  };

  test("the concurrency grows evenly from one", () => {
    const { pace, closedAt } = closed();
    const allowed = [0, 0.25, 0.5, 0.75, 1].map((share) => {
      pace.configure(limits({ good_probes: 1 }), null, closedAt + share * 60_000);
      return pace.next(closedAt + share * 60_000);
    });
    expect(allowed.map((next) => next.kind === "send" && next.count)).toEqual([1, 7, 13, 19, 25]);
    expect(read(pace, {}, closedAt + 60_000)).toMatchObject({ state: "closed", because: null, failed_probes: 0 });
  });

  test("a failure in the ramp opens it at once, and its waits go on growing", () => {
    const { pace, closedAt } = closed();
    send(pace, FAILS, closedAt + SECOND);
    expect(isHeld(pace, closedAt + 30 * SECOND)).toBe(true);
    send(pace, FAILS, closedAt + 31 * SECOND);
    send(pace, WORKS, closedAt + 91 * SECOND);
    send(pace, FAILS, closedAt + 92 * SECOND);
    expect(isHeld(pace, closedAt + 92 * SECOND + 59 * SECOND)).toBe(true);
    expect(isHeld(pace, closedAt + 92 * SECOND + 60 * SECOND)).toBe(false);
  });

  test("without a ramp everything goes at once", () => {
    const { pace, closedAt } = closed({ ramp_ms: 0 });
    pace.configure(limits({ good_probes: 1, ramp_ms: 0 }), null, closedAt);
    expect(pace.next(closedAt)).toEqual({ kind: "send", count: 25 });
  });
});

describe("by hand", () => {
  const set = (pace: Pace, mode: BreakerSettings["mode"], nowMs: number) =>
    pace.configure(limits({ mode }), null, nowMs);

  test("open holds everything and never probes; left to itself again it probes first", () => {
    const pace = paceOf();
    set(pace, "open", START);
    expect(isHeld(pace, START + 86_400_000)).toBe(true);
    expect(read(pace, { mode: "open" })).toMatchObject({
      state: "open",
      is_forced: true,
      because: { kind: "forced" },
      next_probe_at: null,
    });
    set(pace, "auto", START + SECOND);
    expect(pace.next(START + SECOND)).toEqual({ kind: "send", count: 1, isProbe: true });
  });

  test("closed lets go whatever happens, with the ramp; off knows nothing", () => {
    const pace = paceOf();
    sendMany(pace, times(20, FAILS), START);
    set(pace, "closed", START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 1 });
    sendMany(pace, times(100, FAILS), START);
    expect(isHeld(pace, START)).toBe(false);
    set(pace, "off", START);
    expect(pace.next(START)).toEqual({ kind: "send", count: 25 });
    sendMany(pace, times(100, FAILS), START);
    set(pace, "auto", START);
    expect(isHeld(pace, START)).toBe(false);
  });
});

test("no course of answers, take-overs and times brings two probes into one wait, or more onto the wire than the ramp", () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 40_000 }),
    answers: fc.array(fc.constantFrom(FAILS, HANGS, WORKS, status(404)), { maxLength: 30 }),
    takesOver: fc.boolean(),
  });
  const quick = { consecutive_failures: 3, good_probes: 2 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = START;
      let pace = paceOf(quick);
      let lastFailedProbeAt = Number.NEGATIVE_INFINITY;
      for (const { waitMs, answers, takesOver } of steps) {
        now += waitMs;
        if (takesOver) pace = paceOf(quick, JSON.parse(JSON.stringify(pace.breaker())) as BreakerRecord);
        pace.configure(limits(quick), null, now);
        const { state, since } = pace.breaker();
        for (const answer of answers) {
          const next = pace.next(now);
          if (next.kind !== "send") break;
          if (pace.breaker().state === "ramping" && state === "ramping")
            expect(next.count).toBeLessThanOrEqual(1 + (24 * (now - (since ?? 0))) / 60_000);
          if (!send(pace, answer, now)) continue;
          expect(now - lastFailedProbeAt).toBeGreaterThanOrEqual(30_000);
          if (answer !== WORKS) lastFailedProbeAt = now;
        }
      }
    }),
  );
});
