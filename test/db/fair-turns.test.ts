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

const receiptOf = (receiver: Receiver, of: string) =>
  eventually(
    async () => receiver.receipts.find(({ body }) => JSON.parse(body.toString()).of === of),
    (receipt) => receipt !== undefined,
  );

describe.each([
  { name: "of one connection", hasKey: true },
  { name: "that was in line before the second connection came", hasKey: false },
])("a flood of 20,000 $name", ({ hasKey }) => {
  test("delays the event of another source by less than a second and a batch", async () => {
    const BATCH_MS = 100;
    await using receiver = await startReceiver(() => pause(BATCH_MS).then(() => ({})));
    const noisy = await makeBranch(world, { to: { url: receiver.url, concurrency: 10 } });
    const quiet = await makeBranch(world, { into: noisy.destinationId });
    await world.worker.config.upToDate();
    await noisy.send({ of: "flood" });
    await flood(world, noisy, FLOOD, hasKey ? noisy.id : null);
    await receiver.received(50);
    const sentAtMs = Date.now();
    await quiet.send({ of: "quiet" });
    const receipt = await receiptOf(receiver, "quiet");
    expect((receipt?.atMs ?? Number.POSITIVE_INFINITY) - sentAtMs).toBeLessThan(1_000 + BATCH_MS);
    expect(receiver.receipts.length).toBeLessThan(1_000);
  });
});
