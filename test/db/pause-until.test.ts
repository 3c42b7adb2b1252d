// A pause with an end: it resumes by itself, once, whichever worker lives at that moment.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endPauses } from "#server/events/end-pauses.sql.ts";
import { getConnection, pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, type World } from "#test/support/world.ts";
import { startLoops } from "#worker/loops.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const entriesOf = (id: string) =>
  world.all<{ action: string; actor_kind: string; before: string | null; after: string; created_at: Date }>(
    "select action, actor_kind, before, after, created_at from audit_entry where resource_id = $1 order by created_at, id",
    [id],
  );
const releasesOf = (id: string) =>
  world.all("select key from graphile_worker.jobs where key = $1", [`release-held:${id}`]);

describe("a pause until a time", () => {
  test("is over by itself within two seconds of it, for a worker that starts meanwhile too, and drains in order", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 1 } });
    const until = inMs(1_500);
    expect(await pauseConnection(world.ctx, { id: branch.id, until })).toMatchObject({ paused_until: until });
    const sent = [];
    for (let n = 0; n < 3; n++) sent.push(await branch.send({ n }));
    const stop = await startLoops(world.worker);
    const startedAtMs = Date.now();
    await receiver.received(3).finally(stop);
    expect(receiver.receipts[0]?.atMs).toBeGreaterThanOrEqual(Date.parse(until));
    expect(receiver.receipts.map(({ headers }) => headers["x-switchyard-request-id"])).toEqual(sent);
    expect(await getConnection(world.ctx, { id: branch.id })).toMatchObject({ paused_at: null, paused_until: null });
    const [paused, resumed, ...more] = (await entriesOf(branch.id)).slice(1);
    expect(paused).toMatchObject({ action: "pause", after: expect.stringContaining(until) });
    expect(resumed?.created_at.getTime()).toBeLessThan(Math.max(Date.parse(until), startedAtMs) + 2_000);
    expect(resumed).toMatchObject({
      action: "unpause",
      actor_kind: "system",
      before: JSON.stringify({ paused_until: until }),
      after: '{"paused_at":null,"paused_until":null}',
    });
    expect(more).toEqual([]);
  });

  test("is ended once by two workers that look at the same moment, and not before its time", async () => {
    const branch = await makeBranch(world, {});
    const until = inMs(60_000);
    await pauseConnection(world.ctx, { id: branch.id, until });
    await endPauses(world.pool, new Date(Date.parse(until) - 1));
    expect(await getConnection(world.ctx, { id: branch.id })).toMatchObject({ paused_until: until });
    const due = new Date(until);
    await Promise.all(Array.from({ length: 4 }, () => endPauses(world.pool, due)));
    expect(await getConnection(world.ctx, { id: branch.id })).toMatchObject({ paused_at: null });
    expect((await entriesOf(branch.id)).map(({ action }) => action)).toEqual(["create", "pause", "unpause"]);
    expect(await releasesOf(branch.id)).toHaveLength(1);
  });

  test("ends for many at once, each with an entry of its own", async () => {
    const branches = await Promise.all(Array.from({ length: 3 }, () => makeBranch(world, {})));
    const until = inMs(60_000);
    for (const { id } of branches) await pauseConnection(world.ctx, { id, until });
    await endPauses(world.pool, new Date(until));
    for (const { id } of branches)
      expect((await entriesOf(id)).map(({ action }) => action)).toEqual(["create", "pause", "unpause"]);
  });

  test("is as long as was said last, and is over when somebody resumes it", async () => {
    const { id } = await makeBranch(world, {});
    const [soon, later] = [inMs(60_000), inMs(120_000)];
    const begun = await pauseConnection(world.ctx, { id, until: soon });
    const longer = await pauseConnection(world.ctx, { id, until: later });
    expect(longer).toMatchObject({ paused_at: begun.paused_at, paused_until: later });
    expect(await pauseConnection(world.ctx, { id, until: later })).toEqual(longer);
    await endPauses(world.pool, new Date(soon));
    expect(await pauseConnection(world.ctx, { id })).toMatchObject({ paused_at: begun.paused_at, paused_until: null });
    await endPauses(world.pool, new Date(later));
    expect(await getConnection(world.ctx, { id })).toMatchObject({ paused_at: begun.paused_at });
    await pauseConnection(world.ctx, { id, until: later });
    expect(await unpauseConnection(world.ctx, { id })).toMatchObject({ paused_at: null, paused_until: null });
    await endPauses(world.pool, new Date(later));
    expect((await entriesOf(id)).map(({ action }) => action)).toEqual([
      "create",
      ...["pause", "pause", "pause", "pause", "unpause"],
    ]);
  });

  test("is refused in a sentence where it would be over already or is more than 30 days away, and nothing is paused", async () => {
    const { id } = await makeBranch(world, {});
    const over = inMs(-1_000);
    await expect(pauseConnection(world.ctx, { id, until: over })).rejects.toThrow(
      `until: ${over} has passed: give a time to come`,
    );
    await expect(pauseConnection(world.ctx, { id, until: inMs(31 * DAY_MS) })).rejects.toThrow(
      /^until: .* is too far away: give .* or earlier/,
    );
    expect(await getConnection(world.ctx, { id })).toMatchObject({ paused_at: null, paused_until: null });
  });

  test("is read with its zone, and is not changed by somebody who has not seen the pause", async () => {
    const { id, updated_at } = await getConnection(world.ctx, { id: (await makeBranch(world, {})).id });
    const at = inMs(3_600_000);
    const until = new Date(Date.parse(at) + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
    expect(await pauseConnection(world.ctx, { id, until })).toMatchObject({ paused_until: at });
    const unseen = pauseConnection(world.ctx, { id, until: inMs(90_000), if_updated_at: updated_at });
    await expect(unseen).rejects.toMatchObject({ code: "CONFLICT" });
  });
});
