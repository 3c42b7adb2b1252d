// Rows of the lines in which events wait: they are closed when nobody waits any more, and stop no lane.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { makeBranch } from "#test/support/branch.ts";
import { allDelivered, BY_CUSTOMER, customerOf, flood, makeGrouped } from "#test/support/grouped.ts";
import { type Receipt, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const BY_KEY = { ordering: "by_key", ordering_key: "body.key" } as const;
const NO_RETRY: CreateConnection["rules"] = [
  { type: "retry", strategy: "linear", interval: 1_000, count: 1, response_status_codes: ["599"] },
];
const keyOf = ({ body }: Receipt): string => JSON.parse(body.toString()).key;

test("a lane whose lines cannot be closed gives its lease back, though more has ended since it failed", async () => {
  const slow = Promise.withResolvers<void>();
  await using receiver = await startReceiver(async (receipt) => {
    if (keyOf(receipt) === "slow") await slow.promise;
    return { status: 200 };
  });
  const branch = await makeBranch(world, { to: { url: receiver.url, ...BY_KEY } });
  const { pool } = world.worker;
  await pool.query(`create function refuse_to_close() returns trigger language plpgsql as
    $$ begin raise exception 'This line cannot be closed.'; end $$`);
  await pool.query(`create trigger refuse_to_close before delete on order_line for each row
    when (old.destination_id = '${branch.destinationId}') execute function refuse_to_close()`);
  try {
    await branch.send({ key: "slow" });
    await receiver.received(1);
    await branch.send({ key: "quick" });
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.some(({ status }) => status === "DELIVERED"),
    );
    slow.resolve();
    await eventually(
      () =>
        world.all<{ lease_expires_at: Date | null }>("select lease_expires_at from lane where destination_id = $1", [
          branch.destinationId,
        ]),
      ([lane]) => lane?.lease_expires_at === null,
      4_000,
    );
  } finally {
    slow.resolve();
    await pool.query("drop trigger refuse_to_close on order_line");
  }
}, 15_000);

test("however many wait behind a head that has failed for good, another key goes before all of them are held", async () => {
  const FOLLOWERS = 20_000;
  const inLine = Promise.withResolvers<void>();
  const holds = () =>
    world.all("select from event where destination_id = $1 and status = 'HOLD'", [branch.destinationId]);
  const heldBefore = Promise.withResolvers<number>();
  await using receiver = await startReceiver(async (receipt) => {
    if (keyOf(receipt) === "stuck") await inLine.promise;
    else heldBefore.resolve((await holds()).length);
    return { status: keyOf(receipt) === "stuck" ? 500 : 200 };
  });
  const branch = await makeBranch(world, { to: { url: receiver.url, ...BY_KEY }, rules: NO_RETRY });
  await branch.send({ key: "stuck" });
  await receiver.received(1);
  await flood(world, branch, FOLLOWERS, { isOneLine: true });
  inLine.resolve();
  await eventually(holds, ({ length }) => length > 0);
  await branch.send({ key: "other" });
  expect(await heldBefore.promise).toBeLessThan(FOLLOWERS / 2);
  await eventually(holds, ({ length }) => length === FOLLOWERS);
}, 30_000);

test("lines of a group at its limit keep no other group waiting, however many there are", async () => {
  await using receiver = await startReceiver();
  const branch = await makeGrouped(
    world,
    receiver,
    { ...BY_CUSTOMER, overrides: { one: { rate_limit: 1, rate_limit_period: "hour" } } },
    { ordering: "by_key", ordering_key: "body.n" },
  );
  await branch.send({ customer_id: "one", n: 0 });
  await allDelivered(world, branch, 1);
  await flood(world, branch, 2_000);
  await branch.send({ customer_id: "two", n: "first" });
  await receiver.received(2, 5_000);
  await branch.send({ customer_id: "two", n: "second" });
  await receiver.received(3, 5_000);
  expect(receiver.receipts.map(customerOf)).toEqual(["one", "two", "two"]);
});

test("lines of a destination that is deleted go with the next purge, and no others", async () => {
  const branch = await makeBranch(world, { to: { url: "http://127.0.0.1:1024/", ordering: "fifo" }, rules: NO_RETRY });
  const lines = () =>
    world.all("select destination_id from order_line where destination_id in ($1, 'des_gone')", [branch.destinationId]);
  await branch.send({});
  await eventually(
    () => world.events(branch.id),
    ([row]) => row?.status === "FAILED",
  );
  await world.all(
    `insert into order_line (destination_id, order_key, due_at, from_id)
     select 'des_gone', order_key, now() + interval '10 minutes', from_id from order_line where destination_id = $1`,
    [branch.destinationId],
  );
  expect(await lines()).toHaveLength(2);
  await purgeExpired(world.worker.pool, world.worker.log, { now: new Date(), retentionDays: 30 });
  expect(await lines()).toEqual([{ destination_id: branch.destinationId }]);
});
