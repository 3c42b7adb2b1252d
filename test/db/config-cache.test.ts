import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConfigSnapshot, makeConfigCache } from "#server/config/config-cache.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { deleteSource, disableSource, updateSource } from "#server/resources/sources.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A cache of its own; nothing but notices and its poll, which is far off, moves it. */
async function follow() {
  const { pool, ctx, env, worker } = world;
  const cache = await makeConfigCache({
    pool,
    databaseUrl: env.databaseUrl,
    keyring: ctx.app.keyring,
    log: worker.log,
  });
  return { ...cache, [Symbol.asyncDispose]: cache.close };
}
const sourceName = (snapshot: ConfigSnapshot, id: string) => snapshot.sources.get(id)?.name;

describe("the configuration in memory", () => {
  test("holds, when asked to be up to date, all that was committed before, without a wait for any notice", async () => {
    await using cache = await follow();
    for (let round = 0; round < 20; round++) {
      const branch = await makeBranch(world, {});
      const snapshot = await cache.upToDate();
      expect(snapshot.connections.get(branch.id)?.destinationId).toBe(branch.destinationId);
      expect(snapshot.connectionsBySource.get(branch.sourceId)).toHaveLength(1);
    }
  });

  test("answers many that ask at once, each with what was committed before it asked", async () => {
    await using cache = await follow();
    const { sourceId } = await makeProducer(world);
    const asked = Array.from({ length: 10 }, async (_, n) => {
      await updateSource(world.ctx, { id: sourceId, description: `change ${n}` });
      const { version } = await cache.upToDate();
      return version;
    });
    const [{ version } = { version: "" }] = await world.all<{ version: string }>("select version from config_version");
    await Promise.all(asked);
    expect((await cache.upToDate()).version).toBeGreaterThanOrEqual(BigInt(version));
  });

  test("follows by notice, in the order of the commits, and never shows an older state after a newer one", async () => {
    await using cache = await follow();
    const branch = await makeBranch(world, {});
    const seen: bigint[] = [];
    cache.onChange(({ version }) => seen.push(version));
    for (let round = 0; round < 5; round++) {
      await pauseConnection(world.ctx, { id: branch.id });
      await unpauseConnection(world.ctx, { id: branch.id });
    }
    await pauseConnection(world.ctx, { id: branch.id });
    await eventually(
      async () => cache.current().connections.get(branch.id)?.isPaused,
      (isPaused) => isPaused === true,
      2_000,
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.toSorted((a, b) => Number(a - b)));
  });

  test("never changes a snapshot that was handed out", async () => {
    await using cache = await follow();
    const { sourceId } = await makeProducer(world);
    const before = await cache.upToDate();
    await disableSource(world.ctx, { id: sourceId });
    const after = await cache.upToDate();
    expect([before.sources.get(sourceId)?.isDisabled, after.sources.get(sourceId)?.isDisabled]).toEqual([false, true]);
    await deleteSource(world.ctx, { id: sourceId });
    expect((await cache.upToDate()).sources.has(sourceId)).toBe(false);
    expect(before.sources.has(sourceId)).toBe(true);
  });

  test("comes back by itself when its listening connection is lost, with what it missed", async () => {
    await using cache = await follow();
    const { sourceId } = await makeProducer(world);
    await cache.upToDate();
    const cut = await world.all(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'switchyard listens'`,
    );
    expect(cut.length).toBeGreaterThan(0);
    await updateSource(world.ctx, { id: sourceId, name: "renamed-while-deaf" });
    await eventually(
      async () => sourceName(cache.current(), sourceId),
      (name) => name === "renamed-while-deaf",
      5_000,
    );
    await updateSource(world.ctx, { id: sourceId, name: "renamed-again" });
    await eventually(
      async () => sourceName(cache.current(), sourceId),
      (name) => name === "renamed-again",
      5_000,
    );
  });

  test("reads everything anew when the log of changes does not reach back far enough", async () => {
    await using cache = await follow();
    const { sourceId } = await makeProducer(world);
    await cache.upToDate();
    await world.all("begin; update source set name = 'behind-the-log' where name = 'renamed-again'; commit");
    await world.all("delete from config_change");
    await updateSource(world.ctx, { id: sourceId, name: "after-the-gap" });
    expect(sourceName(await cache.upToDate(), sourceId)).toBe("after-the-gap");
    expect([...(await cache.upToDate()).sources.values()].map(({ name }) => name)).toContain("behind-the-log");
  });

  test("sees a change that commits late although a later one was committed before it", async () => {
    await using cache = await follow();
    const slow = await makeProducer(world);
    const quick = await makeProducer(world);
    const client = await world.pool.connect();
    try {
      await client.query("begin");
      await client.query("update source set description = 'slow' where id = $1", [slow.sourceId]);
      await updateSource(world.ctx, { id: quick.sourceId, name: "quick-one" });
      expect(sourceName(await cache.upToDate(), quick.sourceId)).toBe("quick-one");
      await client.query("update source set name = 'slow-one' where id = $1", [slow.sourceId]);
      await client.query("commit");
    } finally {
      client.release();
    }
    expect(sourceName(await cache.upToDate(), slow.sourceId)).toBe("slow-one");
  });

  // The last: the version of this database goes back.
  test("follows a database that was set back, and does no more than look where nothing changed since", async () => {
    await using cache = await follow();
    const { sourceId } = await makeProducer(world);
    for (const name of ["set-back-1", "set-back-2", "set-back-3"])
      await updateSource(world.ctx, { id: sourceId, name });
    const { version } = await cache.upToDate();
    await cache.atLeast(version);
    await world.all("update config_version set version = version - 2");
    await world.all("delete from config_change where version > (select version from config_version)");
    expect((await cache.upToDate()).version).toBe(version - 2n);
    let changes = 0;
    cache.onChange(() => changes++);
    await cache.upToDate();
    await cache.upToDate();
    expect(changes).toBe(0);
    await world.all("update source set name = 'forward-again' where id = $1", [sourceId]);
    await eventually(
      async () => sourceName(cache.current(), sourceId),
      (name) => name === "forward-again",
    );
  });
});
