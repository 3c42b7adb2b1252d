// The lanes of a worker, shared between teams.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { createConnection } from "#server/resources/connections.ts";
import { createSource } from "#server/resources/sources.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, type World } from "#test/support/world.ts";
import { slowLanes } from "#worker/app.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function makeTeam(teamId: string): Promise<Ctx> {
  await world.pool.query("insert into team (id, name) values ($1, $1)", [teamId]);
  return { ...world.ctx, teamId };
}

/** A source with many destinations of its own, all at one receiver. */
async function fanOut(ctx: Ctx, receiver: Receiver, count: number, config = {}) {
  const source = await createSource(ctx, { name: `to ${receiver.url}` });
  for (let i = 0; i < count; i++) {
    await createConnection(ctx, {
      name: `to ${receiver.url}/${i}`,
      source_id: source.id,
      destination: { name: `${receiver.url}/${i}`, config: { url: `${receiver.url}/${i}`, ...config } },
      rules: [],
    });
  }
  return { post: () => fetch(world.ingestUrl(source), { method: "POST", body: "{}" }) };
}

/** A second, and a turn of a lane. */
const TOLD_MS = 3_000;
const sentAfterMs = async (team: { post(): Promise<Response> }, receiver: Receiver) => {
  const count = receiver.receipts.length;
  const postedAtMs = Date.now();
  await team.post();
  const receipts = await receiver.received(count + 1, 20_000);
  return Number(receipts[count]?.atMs) - postedAtMs;
};

test("many destinations with little to do pass their lanes on as soon as they have done it", async () => {
  await using receiver = await startReceiver();
  const team = await fanOut(await makeTeam("tm_many"), receiver, 300);
  const postedAtMs = Date.now();
  await team.post();
  const receipts = await receiver.received(300, 20_000);
  // If each kept its lane for the second in which more may come, the last had to wait for five of them.
  expect(Number(receipts.at(-1)?.atMs) - postedAtMs).toBeLessThan(4_500);
}, 60_000);

test("a team with many busy destinations delays nobody, and each of these has its turn", async () => {
  const busy = await startReceiver(() => new Promise((resolve) => setTimeout(resolve, 250, {})));
  const calm = await startReceiver();
  try {
    const many = await fanOut(await makeTeam("tm_busy"), busy, 120, { concurrency: 1 });
    const other = await fanOut(await makeTeam("tm_idle"), calm, 1);
    for (let i = 0; i < 6; i++) await many.post();
    await busy.received(world.env.workerLanes);
    for (let i = 0; i < 3; i++) expect(await sentAfterMs(other, calm)).toBeLessThan(TOLD_MS);
    expect(busy.receipts.length).toBeLessThan(600);
    await busy.received(720, 40_000);
    expect(new Set(busy.receipts.map(({ url }) => url)).size).toBe(120);
  } finally {
    await busy[Symbol.asyncDispose]();
    await calm[Symbol.asyncDispose]();
  }
}, 60_000);

test("sixty destinations that do not answer, in fifty slots, keep no lane from the next of their own team", async () => {
  const hung = await startReceiver("hang");
  const calm = await startReceiver();
  try {
    const team = await makeTeam("tm_mixed");
    const many = await fanOut(team, hung, world.env.workerLanes + 10);
    const well = await fanOut(team, calm, 1);
    await many.post();
    // Each of them is tried: a lane that waits for an answer leaves its slot to one that has something to send.
    await hung.received(world.env.workerLanes + 10, TOLD_MS);
    for (let i = 0; i < 3; i++) expect(await sentAfterMs(well, calm)).toBeLessThan(TOLD_MS);
  } finally {
    await hung[Symbol.asyncDispose]();
    await calm[Symbol.asyncDispose]();
  }
}, 60_000);

test("a team with more hanging destinations than may wait keeps no lane from another team", async () => {
  const hung = await startReceiver("hang");
  const calm = await startReceiver();
  const all = world.env.workerLanes + slowLanes(world.env);
  try {
    const many = await fanOut(await makeTeam("tm_hung"), hung, all + 10);
    const other = await fanOut(await makeTeam("tm_calm"), calm, 1);
    await many.post();
    await hung.received(all);
    for (let i = 0; i < 3; i++) expect(await sentAfterMs(other, calm)).toBeLessThan(TOLD_MS);
    // Nothing that is free stays unused, and nobody has more than there is.
    expect(hung.receipts).toHaveLength(all);
  } finally {
    await hung[Symbol.asyncDispose]();
    await calm[Symbol.asyncDispose]();
  }
}, 60_000);
