// An event that cannot be sent through a fault of the gateway itself: it ends, and nothing goes round in circles.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getEvent, listEvents, retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp, type WorkerApp } from "#worker/app.ts";

let world: World;
let worker: WorkerApp;
const { log, lines } = keepLog("warn");
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  worker = await makeWorkerApp(world.env, log);
});
afterAll(async () => {
  await worker.lanes.stop();
  await worker.close();
  await world[Symbol.asyncDispose]();
});

async function sendAndRoute(branch: Branch): Promise<string> {
  await branch.send({});
  await world.route();
  return (await world.events(branch.id))[0]?.id ?? "";
}

/**
 * Takes turns until the event is where it is expected, as the jobs and the sweep of a worker would. What waits for its next
 * try is due at once: the pauses are no part of what is asked here.
 */
const drainUntil = (branch: Branch, status: string) =>
  eventually(
    async () => {
      await world.all("update event set next_attempt_at = now() where connection_id = $1 and status = 'RETRYING'", [
        branch.id,
      ]);
      await worker.lanes.drain(branch.destinationId, "fast");
      return world.events(branch.id);
    },
    ([row]) => row?.status === status,
  );

const errorsOf = (eventId: string) => lines.filter(({ level, event_id }) => level === "error" && event_id === eventId);

describe("an event", () => {
  test("whose request is gone has failed, with a code of its own and one line in the log", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const id = await sendAndRoute(branch);
    await world.all("delete from request where source_id = $1", [branch.sourceId]);
    await drainUntil(branch, "FAILED");
    expect(await getEvent(world.ctx, { id })).toMatchObject({
      error_code: "REQUEST_GONE",
      ended_because: "undeliverable",
      next_attempt_at: null,
      attempts: 0,
      why: expect.arrayContaining([expect.objectContaining({ step: "end", because: "undeliverable" })]),
    });
    expect(errorsOf(id)).toHaveLength(1);
    expect(receiver.receipts).toEqual([]);
  });

  test("whose request was erased before it was routed sends nothing, though routing has not read it", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const requestId = await branch.send({});
    await world.all("update request set erased_at = now(), body = '' where id = $1", [requestId]);
    await world.route();
    await drainUntil(branch, "FAILED");
    expect(await world.events(branch.id)).toMatchObject([{ request_id: requestId, error_code: "REQUEST_GONE" }]);
    expect(receiver.receipts).toEqual([]);
  });

  test("whose attempt throws every time has failed after three tries, and a replay is tried anew", async () => {
    await using receiver = await startReceiver();
    const rules = [{ type: "retry", strategy: "linear", interval: 60_000, count: 1 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    const id = await sendAndRoute(branch);
    // No transform writes such a row: its headers cannot be read.
    await world.all(
      `update event set transformed = '{"method":"POST","path":"","query":"","headers":7}' where id = $1`,
      [id],
    );
    const ended = await drainUntil(branch, "FAILED");
    expect(ended).toMatchObject([{ error_code: "INTERNAL", ended_because: "undeliverable" }]);
    const tries = await world.attempts(id);
    expect(tries.map(({ trigger, error_code }) => [trigger, error_code])).toEqual(
      Array(3).fill(["INITIAL", "INTERNAL"]),
    );
    expect(errorsOf(id)).toHaveLength(1);

    await retryEvent(world.ctx, { id });
    await drainUntil(branch, "RETRYING");
    await world.all("update event set transformed = null where id = $1", [id]);
    await drainUntil(branch, "DELIVERED");
    expect(new Set((await world.attempts(id)).slice(3).map(({ trigger }) => trigger))).toEqual(new Set(["MANUAL"]));
    expect(receiver.receipts).toHaveLength(1);
  });

  test("whose destination's settings throw is one of them, and ends no turn of its lane", async () => {
    const branch = await makeBranch(world, { to: { url: "http://127.0.0.1:1024/hook?token=hidden" } });
    const id = await sendAndRoute(branch);
    await world.all(`update destination set config = config || '{"headers":null}' where id = $1`, [
      branch.destinationId,
    ]);
    await worker.config.upToDate();
    await drainUntil(branch, "RETRYING");
    expect((await world.attempts(id))[0]).toMatchObject({
      error_code: "INTERNAL",
      trigger: "INITIAL",
      requested_url: "http://127.0.0.1:1024/hook",
    });
  });
});

describe("a result that the database refuses", () => {
  test("is kept without its headers and body, so that what was delivered is not sent again", async () => {
    await using receiver = await startReceiver({ body: "unspeakable" });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const id = await sendAndRoute(branch);
    await world.all("alter table attempt add constraint no_body check (response_body is null) not valid");
    await drainUntil(branch, "DELIVERED");
    await world.all("alter table attempt drop constraint no_body");
    expect(await world.attempts(id)).toMatchObject([{ response_status: 200, response_body: null }]);
    expect(receiver.receipts).toHaveLength(1);
  });

  test("in any form still ends its event", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const id = await sendAndRoute(branch);
    await world.all("alter table attempt add constraint never check (false) not valid");
    await drainUntil(branch, "FAILED");
    await world.all("alter table attempt drop constraint never");
    const { data } = await listEvents(world.ctx, {
      limit: 10,
      dir: "desc",
      order_by: "created_at",
      ended_because: ["undeliverable"],
    });
    expect(data.find((event) => event.id === id)).toMatchObject({ error_code: "INTERNAL", attempts: 0 });
    expect(receiver.receipts).toHaveLength(1);
  });
});
