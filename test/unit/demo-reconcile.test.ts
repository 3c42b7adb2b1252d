import { describe, expect, test } from "vitest";
import type { EventSummary } from "#server/contracts/event.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import { DEMO_PROVIDERS } from "#server/demo/providers.ts";
import { nothingSent } from "#test/demo/producer.ts";
import type { Receipt } from "#test/demo/receivers.ts";
import { findProblems, isSettled } from "#test/demo/reconcile.ts";

const provider = DEMO_PROVIDERS.stripe.of("whsec_of_the_test");
const source = { provider, id: "src_1", url: "http://127.0.0.1/e/k", connections: 2 };

/** One webhook, acknowledged, routed to one event and one ignored event, delivered at the second attempt. */
function goodRun() {
  const sent = {
    ...nothingSent(),
    count: 1,
    acknowledged: [{ requestId: "req_1", source, bodyHash: "h", isDuplicate: false }],
  };
  const request = { id: "req_1", events_count: 1, ignored_count: 1, duplicate_of: null } as RequestSummary;
  const event = { id: "evt_1", request_id: "req_1", status: "DELIVERED", attempts: 2 } as EventSummary;
  const receipts: Receipt[] = [
    { eventId: "evt_1", bodyHash: "h", status: 503 },
    { eventId: "evt_1", bodyHash: "h", status: 200 },
  ];
  return { sent, recorded: { requests: [request], events: [event] }, receipts };
}

const problemsAfter = (spoil: (run: ReturnType<typeof goodRun>) => void) => {
  const run = goodRun();
  spoil(run);
  return findProblems(run.sent, run.recorded, run.receipts);
};

test("a run in which everything adds up has no problems", () => {
  expect(problemsAfter(() => {})).toEqual([]);
});

describe("the account sees each planted fault", () => {
  test.each<[string, RegExp, Parameters<typeof problemsAfter>[0]]>([
    ["an acknowledged request that is gone", /does not know it/, (run) => run.recorded.requests.pop()],
    [
      "a branch that vanished",
      /1 of 2 branches/,
      (run) => Object.assign(run.recorded.requests[0] ?? {}, { ignored_count: 0 }),
    ],
    [
      "an event that is stuck",
      /still RETRYING/,
      (run) => Object.assign(run.recorded.events[0] ?? {}, { status: "RETRYING" }),
    ],
    ["a delivery nobody received", /no receiver took it/, (run) => run.receipts.pop()],
    [
      "a second successful delivery",
      /taken 2 times/,
      (run) => run.receipts.push({ eventId: "evt_1", bodyHash: "h", status: 200 }),
    ],
    ["changed bytes", /other bytes/, (run) => Object.assign(run.receipts[1] ?? {}, { bodyHash: "x" })],
    [
      "an attempt that is not recorded",
      /records 1 attempts/,
      (run) => Object.assign(run.recorded.events[0] ?? {}, { attempts: 1 }),
    ],
    [
      "a duplicate that was routed",
      /was routed/,
      (run) => Object.assign(run.sent.acknowledged[0] ?? {}, { isDuplicate: true }),
    ],
    ["a bad signature that was let in", /1 bad signatures/, (run) => Object.assign(run.sent, { badSignatureCount: 1 })],
  ])("%s", (_fault, sentence, spoil) => {
    expect(problemsAfter(spoil).join(" ")).toMatch(sentence);
  });
});

test("a run is settled only when every branch of every acknowledged request has come to its end", () => {
  const { sent, recorded } = goodRun();
  expect(isSettled(sent.acknowledged, recorded)).toBe(true);
  expect(isSettled(sent.acknowledged, { ...recorded, requests: [] })).toBe(false);
  const queued = recorded.events.map((event) => ({ ...event, status: "QUEUED" as const }));
  expect(isSettled(sent.acknowledged, { ...recorded, events: queued })).toBe(false);
});
