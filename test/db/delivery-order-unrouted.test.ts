// Order while many hand-offs wait for routing, which takes them in any order: a worker is told of some as they come.
import { afterAll, beforeEach, expect, test } from "vitest";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { routeHandOffs } from "#server/routing/route-requests.ts";
import { type Branch, makeBranch, makeProducer, type Producer } from "#test/support/branch.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, type World } from "#test/support/world.ts";

/** More hand-offs than a lane looks into. */
const MANY = 80;

const world: World = await createWorld({ withWorker: false });
beforeEach(() => world.all("delete from hand_off"));
afterAll(() => world[Symbol.asyncDispose]());

const received = ({ receipts }: Receiver): number[] => receipts.map(({ body }) => JSON.parse(body.toString()).n);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

async function sendEach(producer: Producer, numbers: number[], key = "a"): Promise<string[]> {
  const ids: string[] = [];
  for (const n of numbers) ids.push(await producer.send({ key, n }));
  return ids;
}

/** Routes the hand-offs of these requests and no others, as if a worker were told of them. */
async function routeOnly(requestIds: string[]): Promise<void> {
  const { handOffs, configVersion } = await claimHandOffs(world.pool, 1_000);
  await world.all("update hand_off set claimed_until = null, claimed_by = null");
  const meant = handOffs.filter(({ requests }) => requests.some(([, id]) => requestIds.includes(id)));
  expect(meant).toHaveLength(requestIds.length);
  await routeHandOffs(world.worker.router, meant, configVersion);
}

async function routeAll(): Promise<void> {
  while ((await world.all("select from hand_off")).length > 0) await world.route();
}

/** A turn of the lane, which ends when nothing more of it may go. */
const takeTurn = ({ destinationId }: Branch) => world.worker.lanes.drain(destinationId, "fast");

test.each(["by_key", "fifo"] as const)(
  "%s: what is routed before older requests of its source waits for them, however many they are",
  async (ordering) => {
    await using receiver = await startReceiver();
    const order = ordering === "fifo" ? { ordering } : { ordering, ordering_key: "body.key" };
    const branch = await makeBranch(world, { to: { url: receiver.url, ...order } });
    const ids = await sendEach(branch, upTo(MANY));
    // The lane has read all that is in line once the first has arrived.
    await routeOnly([ids[0] ?? "", ids[MANY - 1] ?? ""]);
    await takeTurn(branch);
    expect(received(receiver)).toEqual([0]);
    await routeOnly(ids.slice(1, 40));
    await takeTurn(branch);
    expect(received(receiver)).toEqual(upTo(40));
    await routeAll();
    await takeTurn(branch);
    expect(received(receiver)).toEqual(upTo(MANY));
  },
);

test("a flood of another source holds up nothing longer than until few of it have come before", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "by_key", ordering_key: "body.key" } });
  const other = await makeBranch(world, {});
  const others = await sendEach(other, upTo(MANY));
  const own = await sendEach(branch, [0]);
  const later = await sendEach(other, upTo(MANY));
  await routeOnly(own);
  await takeTurn(branch);
  expect(received(receiver)).toEqual([]);
  // All that came after it waits still, and the last of those that came before.
  await routeOnly(others.slice(0, -10));
  await takeTurn(branch);
  expect(received(receiver)).toEqual([0]);
  expect(await world.all("select from hand_off")).toHaveLength(10 + later.length);
});

test("few hand-offs of another source hold up nothing, though they are never routed", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "by_key", ordering_key: "body.key" } });
  await sendEach(await makeProducer(world), upTo(64));
  await routeOnly(await sendEach(branch, [0]));
  await takeTurn(branch);
  expect(received(receiver)).toEqual([0]);
});

test("what an older version has written, which does not say its first request, counts as the oldest", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "by_key", ordering_key: "body.key" } });
  const ids = await sendEach(branch, upTo(MANY));
  await world.all("update hand_off set first_id = default, last_id = default");
  await routeOnly(ids.slice(-1));
  await takeTurn(branch);
  expect(received(receiver)).toEqual([]);
  await routeAll();
  await takeTurn(branch);
  expect(received(receiver)).toEqual(upTo(MANY));
});
