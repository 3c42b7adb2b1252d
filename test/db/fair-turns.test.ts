// Fair turns between the connections that lead to one destination, as its receiver sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeBranch } from "#test/support/branch.ts";
import { flood } from "#test/support/grouped.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const FLOOD = 20_000;
const BY_KEY = { ordering: "by_key", ordering_key: "body.of" } as const;
const BATCH_MS = 100;
const AT_ONCE = 10;

const receiptOf = (receiver: Receiver, of: string) =>
  eventually(
    async () => receiver.receipts.find(({ body }) => JSON.parse(body.toString()).of === of),
    (receipt) => receipt !== undefined,
  );

describe.each([
  { name: "of one connection", hasKey: true, order: {} },
  { name: "that was in line before the second connection came", hasKey: false, order: {} },
  { name: "of one connection, each in a line of its own", hasKey: true, order: BY_KEY },
])("a flood of 20,000 $name", ({ hasKey, order }) => {
  test("delays the event of another source by less than a second and a batch", async () => {
    await using receiver = await startReceiver(() => pause(BATCH_MS).then(() => ({})));
    const noisy = await makeBranch(world, { to: { url: receiver.url, concurrency: AT_ONCE, ...order } });
    const quiet = await makeBranch(world, { into: noisy.destinationId });
    await world.worker.config.upToDate();
    await noisy.send({ of: "flood" });
    await flood(world, noisy, FLOOD, { turnKey: hasKey ? noisy.id : null });
    await receiver.received(50);
    await quiet.send({ of: "quiet" });
    const before = receiver.receipts.length;
    const receipt = await receiptOf(receiver, "quiet");
    // In a second and a batch the receiver takes so many at most, on a machine that is idle.
    const most = (AT_ONCE * (1_000 + BATCH_MS)) / BATCH_MS;
    expect((receipt ? receiver.receipts.indexOf(receipt) : Number.POSITIVE_INFINITY) - before).toBeLessThan(most);
  });
});
