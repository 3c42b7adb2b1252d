import { expect, test } from "vitest";
import { eventWay, leftOut } from "#components/event-detail/event-way.ts";
import type { EventDetail } from "#server/contracts/event.ts";
import { Why } from "#server/contracts/why.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 2, 0, second)).toISOString();
const ms = (second: number) => Date.parse(at(second));
const attempt = (number: number, second: number, next: unknown) => ({
  step: "attempt",
  outcome: "failed",
  attempt_id: `att_${number}`,
  number,
  trigger: "AUTOMATIC",
  at: at(second),
  response_status: 503,
  error_code: "BAD_RESPONSE",
  latency_ms: 400,
  phases: null,
  next,
});
const event = (fields: Partial<EventDetail>) =>
  ({ status: "RETRYING", created_at: at(0), next_attempt_at: at(50), ...fields }) as EventDetail;

test("holds end with what happened next, backoffs lie between tries of the policy, and what waits has a next", () => {
  const why = Why.parse([
    { step: "queue", outcome: "queued", due: at(1) },
    { step: "hold", outcome: "held", reason: "breaker_open", since: at(2) },
    attempt(1, 10, { kind: "retry", at: at(20), because: "policy" }),
    attempt(2, 20, { kind: "retry", at: at(50), because: "policy" }),
  ]);
  const way = eventWay(event({ why }), ms(30));
  expect(way.routedMs).toBe(ms(1));
  expect(way.holds).toEqual([{ state: "HOLD", fromMs: ms(2), toMs: ms(10), note: "breaker open" }]);
  expect(way.attempts).toMatchObject([{ number: 1, code: "503", note: "Service Unavailable" }, { number: 2 }]);
  expect(way.backoffs).toMatchObject([{ fromMs: ms(10) + 400, toMs: ms(20) }]);
  expect([way.nextMs, way.nowMs]).toEqual([ms(50), ms(30)]);
});

test("a held event's hold lasts, a retry by hand is no backoff, and an ended event has no present", () => {
  const held = eventWay(
    event({
      status: "HOLD",
      why: Why.parse([{ step: "hold", outcome: "held", reason: "connection_paused", since: at(3) }]),
    }),
    ms(30),
  );
  expect(held.holds).toMatchObject([{ fromMs: ms(3), toMs: null }]);
  expect(held.nextMs).toBeNull();
  const ended = eventWay(
    event({
      status: "FAILED",
      why: Why.parse([attempt(1, 1, { kind: "retry", at: at(9), because: "requested" }), attempt(2, 9, null)]),
    }),
    ms(30),
  );
  expect(ended.backoffs).toEqual([]);
  expect([ended.nextMs, ended.nowMs]).toEqual([null, null]);
});

test("an attempt that the page heard of between two ticks of its clock lies before now", () => {
  const why = Why.parse([attempt(1, 10, { kind: "retry", at: at(20), because: "policy" })]);
  expect(eventWay(event({ why }), ms(8)).nowMs).toBe(ms(10) + 400);
});

test("of many attempts the last six are drawn, and how many are left out is known", () => {
  const why = Why.parse(Array.from({ length: 9 }, (_, i) => attempt(i + 1, i + 1, null)));
  const numbers = eventWay(event({ why }), ms(30)).attempts.map(({ number }) => number);
  expect(numbers).toEqual([4, 5, 6, 7, 8, 9]);
  expect(leftOut({ why })).toBe(3);
});

test("a delay is drawn up to its end, or to the attempt that did not wait for it", () => {
  const delay = { step: "delay", outcome: "scheduled", delay_ms: 60_000, until: at(60) };
  const scheduled = eventWay(event({ status: "SCHEDULED", why: Why.parse([delay]) }), ms(5));
  expect(scheduled.holds).toMatchObject([{ state: "SCHEDULED", fromMs: ms(0), toMs: ms(60) }]);
  const sent = eventWay(event({ why: Why.parse([delay, attempt(1, 7, null)]) }), ms(9));
  expect(sent.holds).toMatchObject([{ toMs: ms(7) }]);
});
