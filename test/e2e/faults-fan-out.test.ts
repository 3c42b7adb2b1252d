// One request, four destinations: fine, failing, hanging, filtered. Each branch is on its own.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Attempt } from "#server/contracts/attempt.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import type { Page } from "#server/contracts/page.ts";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { eventOf, expectCountersEqualRows, settled } from "#test/support/invariants.ts";
import { startLoad } from "#test/support/load.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { callApi, connect, type RoleProcess, type Wiring } from "#test/support/system.ts";

let system: System;
let gateway: RoleProcess;

beforeAll(async () => {
  system = await startSystem();
  [gateway] = await Promise.all([system.startGateway(), system.startWorker()]);
});
afterAll(() => system?.[Symbol.asyncDispose]());

const to = ({ url }: Receiver, name: string, config: object = {}) => ({ name, config: { url, ...config } });
const join = (first: Wiring, name: string, rest: Partial<CreateConnection>) =>
  connect(gateway, { name, source_id: first.sourceId, ...rest });
const NO_RETRY = { type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const;

const statusesOf = async (connectionId: string) =>
  (await system.pool.query("select status from event where connection_id = $1", [connectionId])).rows;
const attemptsOf = async ({ connectionId }: Wiring) =>
  (await callApi<Page<Attempt>>(gateway, "GET", `/attempts?connection_id=${connectionId}&dir=asc`)).data;

test("the answer comes before any delivery, and every branch has exactly its own attempts", async () => {
  await using fine = await startReceiver();
  await using failing = await startReceiver({ status: 500, body: "no" });
  await using hanging = await startReceiver("hang");
  await using filtered = await startReceiver();
  const fineBranch = await connect(gateway, { name: "fine", destination: to(fine, "fine") });
  const failingBranch = await join(fineBranch, "failing", {
    destination: to(failing, "failing"),
    rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 2 }],
  });
  const hangingBranch = await join(fineBranch, "hanging", {
    destination: to(hanging, "hanging", { timeout_ms: 2_000 }),
    rules: [NO_RETRY],
  });
  const filteredBranch = await join(fineBranch, "filtered", {
    destination: to(filtered, "filtered"),
    rules: [{ type: "filter", body: { n: { $gt: 100 } } }],
  });
  const [answer] = await startLoad({ urls: [`${gateway.url}${fineBranch.path}`], maxRequests: 1, pauseMs: 0 }).done;
  const answeredAtMs = (answer?.sentAtMs ?? 0) + (answer?.tookMs ?? 0);
  const [receipt] = await fine.received(1);
  await settled(system, fineBranch, 15_000);

  expect(answer).toMatchObject({ status: 200 });
  for (const receiver of [fine, failing, hanging]) {
    expect(receiver.receipts[0]?.atMs).toBeGreaterThanOrEqual(Math.floor(answeredAtMs));
  }
  expect(receipt && answer?.body.equals(receipt.body)).toBe(true);
  expect(await attemptsOf(fineBranch)).toMatchObject([
    { number: 1, trigger: "INITIAL", response_status: 200, response_body: "ok", error_code: null },
  ]);
  const refused = { response_status: 500, response_body: "no", error_code: "BAD_RESPONSE" };
  expect(await attemptsOf(failingBranch)).toMatchObject([
    { number: 1, trigger: "INITIAL", ...refused },
    { number: 2, trigger: "AUTOMATIC", ...refused },
    { number: 3, trigger: "AUTOMATIC", ...refused },
  ]);
  expect(await attemptsOf(hangingBranch)).toMatchObject([
    { number: 1, trigger: "INITIAL", response_status: null, error_code: "TIMEOUT" },
  ]);
  expect(await attemptsOf(filteredBranch)).toEqual([]);
  expect(await statusesOf(fineBranch.connectionId)).toEqual([{ status: "DELIVERED" }]);
  expect(await statusesOf(failingBranch.connectionId)).toEqual([{ status: "FAILED" }]);
  expect(await statusesOf(hangingBranch.connectionId)).toEqual([{ status: "FAILED" }]);
  const ignored = await callApi<Page<object>>(gateway, "GET", `/requests/${answer?.requestId}/ignored_events`);
  expect(ignored.data).toMatchObject([
    { connection_id: filteredBranch.connectionId, cause: "FILTERED", detail: expect.stringContaining("body.n") },
  ]);
  expect([fine, failing, hanging, filtered].map(({ receipts }) => receipts.length)).toEqual([1, 3, 1, 0]);
  expect(new Set(failing.receipts.map(eventOf)).size).toBe(1);
  await expectCountersEqualRows(system, fineBranch);
});

/** Milliseconds from sending to receiving that 95 of 100 requests at a steady pace stay under. */
async function latencyP95(wiring: Wiring, receiver: Receiver): Promise<number> {
  const before = receiver.receipts.length;
  await using load = startLoad({
    urls: [`${gateway.url}${wiring.path}`],
    maxRequests: 100,
    concurrency: 2,
    pauseMs: 20,
  });
  const answers = await load.done;
  await receiver.received(before + 100);
  const sentAtMs = new Map(answers.map((answer) => [answer.requestId, answer.sentAtMs]));
  const latencies = receiver.receipts
    .slice(before)
    .map(({ atMs, headers }) => atMs - (sentAtMs.get(String(headers["x-switchyard-request-id"])) ?? Number.NaN));
  return latencies.toSorted((a, b) => a - b)[94] ?? Number.NaN;
}

test("a destination that hangs with hundreds of events queued leaves the latency of another branch as it was", async () => {
  await using fine = await startReceiver();
  await using hanging = await startReceiver("hang");
  const fineBranch = await connect(gateway, { name: "steady", destination: to(fine, "steady") });
  await latencyP95(fineBranch, fine);
  const aloneMs = await latencyP95(fineBranch, fine);
  await join(fineBranch, "stuck", { destination: to(hanging, "stuck", { timeout_ms: 2_000 }), rules: [NO_RETRY] });
  await startLoad({ urls: [`${gateway.url}${fineBranch.path}`], maxRequests: 200, pauseMs: 0 }).done;
  await fine.received(400);
  const besideMs = await latencyP95(fineBranch, fine);
  expect(hanging.receipts.length).toBeLessThan(200);
  expect(besideMs).toBeLessThan(Math.max(2 * aloneMs, aloneMs + 250));
});
