import { describe, expect, test } from "vitest";
import { traceLife } from "#server/resources/event-trace.ts";
import type { TracedAttempt } from "#server/resources/events.sql.ts";

type TracedEvent = Parameters<typeof traceLife>[0];

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute));
const iso = (minute: number) => at(minute).toISOString();
const event = (fields: Partial<TracedEvent>): TracedEvent => ({
  status: "QUEUED",
  hold_reason: null,
  ended_because: null,
  next_attempt_at: at(0),
  last_attempt_at: null,
  delivered_at: null,
  moves: null,
  paused_at: null,
  disabled_at: null,
  why: [{ step: "queue", outcome: "queued", due: iso(0) }],
  ...fields,
});
const attempt = (number: number, minute: number, fields: Partial<TracedAttempt> = {}): TracedAttempt => ({
  id: `att_${number}`,
  number,
  trigger: number === 1 ? "INITIAL" : "AUTOMATIC",
  response_status: 500,
  error_code: "BAD_RESPONSE",
  latency_ms: 3,
  phases: null,
  created_at: at(minute),
  ...fields,
});
const nextOf = (steps: ReturnType<typeof traceLife>) =>
  steps.flatMap((step) => (step.step === "attempt" ? [step.next] : []));

describe("the trace after routing", () => {
  test("is empty for an event that is in line", () => {
    expect(traceLife(event({}), [])).toEqual([]);
  });

  test("says of each attempt when the next one was made or is due", () => {
    const steps = traceLife(event({ status: "RETRYING", next_attempt_at: at(9) }), [attempt(1, 1), attempt(2, 4)]);
    expect(steps).toMatchObject([
      { step: "attempt", number: 1, outcome: "failed", next: { kind: "retry", at: iso(4), because: "policy" } },
      { step: "attempt", number: 2, outcome: "failed", next: { kind: "retry", at: iso(9), because: "policy" } },
    ]);
  });

  test("says why it was given up, and when", () => {
    const ended = event({
      status: "FAILED",
      ended_because: "exhausted",
      next_attempt_at: null,
      last_attempt_at: at(1),
    });
    expect(traceLife(ended, [attempt(1, 1)])).toMatchObject([
      { step: "attempt", next: { kind: "give_up", because: "exhausted" } },
      { step: "end", outcome: "failed", because: "exhausted", at: iso(1) },
    ]);
  });

  test("tells a send that was broken off and a fault of the gateway from what the policy decided", () => {
    const attempts = [
      attempt(1, 1, { error_code: "CANCELLED", response_status: null }),
      attempt(2, 2, { error_code: "INTERNAL", response_status: null, trigger: "INITIAL" }),
      attempt(3, 3, { error_code: null, response_status: 200, trigger: "INITIAL" }),
    ];
    const steps = traceLife(event({ status: "DELIVERED", next_attempt_at: null, delivered_at: at(3) }), attempts);
    expect(nextOf(steps)).toEqual([
      { kind: "retry", at: iso(2), because: "broken_off" },
      { kind: "retry", at: iso(3), because: "failed_inside" },
      null,
    ]);
    expect(steps.at(-1)).toEqual({ step: "end", outcome: "delivered", because: null, at: iso(3) });
  });

  test("keeps why it was given up before somebody asked for it again", () => {
    const moves = [{ move: "requeue", at: iso(5), trigger: "MANUAL", ended_because: "gone" } as const];
    const attempts = [attempt(1, 1), attempt(2, 6, { trigger: "MANUAL" })];
    const steps = traceLife(event({ status: "RETRYING", next_attempt_at: at(8), moves }), attempts);
    expect(steps.map(({ step }) => step)).toEqual(["attempt", "requeue", "attempt"]);
    expect(nextOf(steps)).toEqual([
      { kind: "give_up", because: "gone" },
      { kind: "retry", at: iso(8), because: "policy" },
    ]);
  });

  test("puts holds and releases in their place, and ends with what holds it now", () => {
    const moves = [
      { move: "hold", at: iso(2), reason: "connection_paused" },
      { move: "release", at: iso(3) },
      { move: "hold", at: iso(6), reason: "destination_disabled" },
    ] as const;
    const held = event({ status: "HOLD", hold_reason: "destination_disabled", moves: [...moves], disabled_at: at(5) });
    expect(traceLife(held, [attempt(1, 4, { trigger: "UNPAUSE" })])).toMatchObject([
      { step: "hold", reason: "connection_paused", since: iso(2) },
      { step: "release", at: iso(3) },
      { step: "attempt" },
      { step: "hold", outcome: "held", reason: "destination_disabled", since: iso(6) },
    ]);
  });

  test("says of what waits for its time that it will be held", () => {
    const waiting = event({ status: "RETRYING", next_attempt_at: at(9), paused_at: at(2) });
    expect(traceLife(waiting, [attempt(1, 1)]).at(-1)).toEqual({
      step: "hold",
      outcome: "will_be_held",
      reason: "connection_paused",
      since: iso(2),
    });
  });

  test("says once that routing held it, and again that a retry was held", () => {
    const why = [{ step: "hold", outcome: "held", reason: "connection_paused", since: iso(0) } as const];
    const held = event({ status: "HOLD", hold_reason: "connection_paused", paused_at: at(0), why });
    expect(traceLife(held, [])).toEqual([]);
    const moves = [{ move: "requeue", at: iso(5), trigger: "MANUAL", ended_because: null } as const];
    expect(traceLife({ ...held, moves }, []).at(-1)).toMatchObject({ step: "hold", reason: "connection_paused" });
  });

  test("says who cancelled it", () => {
    const moves = [{ move: "cancel", at: iso(5), reason: "connection_deleted" } as const];
    expect(traceLife(event({ status: "CANCELLED", next_attempt_at: null, moves }), [])).toEqual([
      { step: "end", outcome: "cancelled", because: "connection_deleted", at: iso(5) },
    ]);
  });
});
