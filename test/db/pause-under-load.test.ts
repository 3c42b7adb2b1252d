import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld } from "#test/support/world.ts";

const PER_SECOND = 500;
const TICK_MS = 20;
const TICKS = 200;

test("a pause at 500 events a second lets nothing out after a second and loses nothing", async () => {
  await using world = await createWorld();
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  const sent: Promise<string>[] = [];
  const startedAtMs = Date.now();
  let pausedAtMs = 0;
  for (let tick = 0; tick < TICKS; tick++) {
    await sleep(Math.max(0, startedAtMs + tick * TICK_MS - Date.now()));
    for (let i = 0; i < (PER_SECOND * TICK_MS) / 1_000; i++) sent.push(branch.send({ n: sent.length }));
    if (tick !== TICKS / 4) continue;
    await pauseConnection(world.ctx, { id: branch.id });
    pausedAtMs = Date.now();
  }
  await Promise.all(sent);
  const unpausedAtMs = Date.now();
  expect(unpausedAtMs - pausedAtMs).toBeGreaterThan(1_500);
  await unpauseConnection(world.ctx, { id: branch.id });
  await receiver.received(sent.length, 40_000);

  const early = receiver.receipts.filter(({ atMs }) => atMs <= pausedAtMs).length;
  expect(early).toBeGreaterThan(0);
  expect(receiver.receipts.filter(({ atMs }) => atMs > pausedAtMs + 1_000 && atMs < unpausedAtMs)).toEqual([]);
  const bodies = receiver.receipts.map(({ body }) => JSON.parse(String(body)).n as number);
  expect(bodies.toSorted((a, b) => a - b)).toEqual(sent.map((_, n) => n));
}, 60_000);
