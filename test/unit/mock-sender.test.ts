// A destination of type MOCK: the answers that its configuration has, in turn and at their time.
import { expect, test } from "vitest";
import { MockDestinationConfig } from "#server/contracts/destination.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import type { DueEvent } from "#server/delivery/due-events.sql.ts";
import { makeMockSender } from "#server/delivery/senders/mock.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";

const REQUEST: SendableRequest = {
  team_id: "tm_a",
  id: "req_a",
  verified: false,
  method: "PUT",
  path: "/orders",
  query: "?a=1",
  headers: [
    ["X-Kept", "1"],
    ["Authorization", "Bearer producer"],
  ],
  body: null,
  body_bytes: 2,
  is_masked: false,
};
const event = (attempts: number): DueEvent => ({
  team_id: "tm_a",
  id: "evt_a",
  event_type: null,
  object_batch_id: null,
  request_id: "req_a",
  source_id: "src_a",
  connection_id: "web_a",
  destination_id: "des_a",
  attempts,
  retries_counted_from: 0,
  trigger: "INITIAL",
  turn_key: null,
  next_attempt_at: new Date(0),
  transformed: null,
  has_own_body: false,
  transformed_body: null,
});

function makeSender(config: Partial<MockDestinationConfig>) {
  const clock = makeFakeClock();
  const cut = new AbortController();
  const whole = MockDestinationConfig.parse({
    ...{ status: 200, latency_ms: 0, body: "", error_code: null, answers: [] },
    ...DEFAULT_LIMITS,
    ...config,
  });
  const sender = makeMockSender("orders.mock", whole, { clock, signal: cut.signal });
  const sent: number[] = [];
  const send = (attempts = 0) =>
    sender.send(event(attempts), REQUEST, Buffer.from("{}"), {
      startedAt: new Date(clock.nowMs()),
      onSent: () => sent.push(clock.monotonicMs()),
    });
  return { clock, cut, send, sent };
}

test("answers as configured after its latency, and records what would have gone out", async () => {
  const { clock, send, sent } = makeSender({ status: 202, latency_ms: 3_000, body: "queued" });
  let isOver = false;
  const sending = send().finally(() => {
    isOver = true;
  });
  await clock.advance(2_999);
  expect({ isOver, sent }).toEqual({ isOver: false, sent: [0] });
  await clock.advance(1);
  const { requestedUrl, method, headers, outcome } = await sending;
  expect({ requestedUrl, method }).toEqual({ requestedUrl: "mock://orders.mock", method: "PUT" });
  expect(Object.fromEntries(headers)).toMatchObject({ "X-Kept": "1", "x-switchyard-event-id": "evt_a" });
  expect(headers.map(([name]) => name)).not.toContain("Authorization");
  expect(outcome).toEqual({
    kind: "response",
    status: 202,
    headers: [],
    body: Buffer.from("queued"),
    latencyMs: 3_000,
    phases: null,
  });
});

test("each attempt of an event gets the next answer, the last one stays, and what one leaves out is as usual", async () => {
  const { clock, send } = makeSender({
    body: "usual",
    answers: [{ status: 503 }, { error_code: "CONNECTION_RESET" }, { body: "at last" }],
  });
  const outcomes = [];
  for (const attempts of [0, 1, 2, 3, 40]) {
    const sending = send(attempts);
    await clock.advance(0);
    outcomes.push((await sending).outcome);
  }
  expect(outcomes).toMatchObject([
    { kind: "response", status: 503, body: Buffer.from("usual") },
    { kind: "error", code: "CONNECTION_RESET", seen: null },
    ...Array(3).fill({ kind: "response", status: 200, body: Buffer.from("at last") }),
  ]);
});

test("a worker that stops cuts every wait short, and starts none", async () => {
  const { clock, cut, send } = makeSender({ latency_ms: 60_000 });
  const waiting = Array.from({ length: 50 }, () => send());
  await clock.advance(10);
  cut.abort();
  const outcomes = (await Promise.all([...waiting, send()])).map(({ outcome }) => outcome);
  expect(outcomes).toMatchObject(Array(51).fill({ kind: "error", code: "CANCELLED" }));
  expect(clock.timers()).toBe(0);
});
