// Lines at a destination whose order is changed and changed back while requests are routed: none is deleted with an event in it, and
// an event that has lost its line gets it back.
import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteOtherLines } from "#server/delivery/order-sort.sql.ts";
import { newId } from "#server/ids.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { orderMark } from "#server/rules/order-key.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const NOWHERE = "http://127.0.0.1:9009/";
const BY_KEY = { ordering: "by_key", ordering_key: "body.key" } as const;
const OTHER_MARK = orderMark({ ...BY_KEY, ordering_key: "body.also", on_order_failure: "block" });

const linesOf = ({ destinationId }: Branch) =>
  world.all<{ order_key: string }>("select order_key from order_line where destination_id = $1", [destinationId]);

/** A branch with one event that is held, in its line. */
async function makeHeld(url: string) {
  const branch = await makeBranch(world, { to: { url, ...BY_KEY } });
  await pauseConnection(world.ctx, { id: branch.id });
  await branch.send({ key: "a" });
  const [event] = await eventually(
    () => world.events(branch.id),
    ([row]) => row?.status === "HOLD",
  );
  if (!event) throw new Error("There is no event.");
  return { branch, event };
}

test("a line of another order goes when it is empty, and not with an event in it", async () => {
  const { branch } = await makeHeld(NOWHERE);
  await deleteOtherLines(world.pool, branch.destinationId, OTHER_MARK);
  expect(await linesOf(branch)).toHaveLength(1);
  await world.all("update event set status = 'CANCELLED', hold_reason = null where connection_id = $1", [branch.id]);
  await deleteOtherLines(world.pool, branch.destinationId, OTHER_MARK);
  expect(await linesOf(branch)).toEqual([]);
});

test("a line that gets an event while it is deleted stays", async () => {
  const { branch, event } = await makeHeld(NOWHERE);
  await world.all("update event set status = 'CANCELLED', hold_reason = null where id = $1", [event.id]);
  const routing = await world.pool.connect();
  await routing.query("begin");
  await routing.query(
    `insert into event select (jsonb_populate_record(e, jsonb_build_object('id', $2::text, 'status', 'QUEUED'))).* from event e where id = $1`,
    [event.id, newId("event", Date.now())],
  );
  await routing.query("update order_line set version = version + 1 where destination_id = $1", [branch.destinationId]);
  const deleted = deleteOtherLines(world.pool, branch.destinationId, OTHER_MARK);
  await eventually(
    () => world.all("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%seen.version%'"),
    ({ length }) => length > 0,
  );
  await routing.query("commit");
  routing.release();
  await deleted;
  expect(await linesOf(branch)).toHaveLength(1);
});

test("an event whose line was deleted while its order was away is delivered after the next change", async () => {
  await using receiver = await startReceiver();
  const { branch, event } = await makeHeld(receiver.url);
  await world.all("update event set status = 'CANCELLED', hold_reason = null where id = $1", [event.id]);
  await unpauseConnection(world.ctx, { id: branch.id });
  await eventually(
    () => linesOf(branch),
    ({ length }) => length === 0,
  );
  await world.all("update event set status = 'QUEUED', next_attempt_at = now() where id = $1", [event.id]);
  // A later one of its key begins the line anew, behind it.
  await branch.send({ key: "a" });
  await receiver.received(1);
  expect(receiver.receipts[0]?.headers["x-switchyard-event-id"]).not.toBe(event.id);
  await updateDestination(world.ctx, { id: branch.destinationId, config: { on_order_failure: "skip" } });
  await receiver.received(2);
  expect(receiver.receipts[1]?.headers["x-switchyard-event-id"]).toBe(event.id);
});
