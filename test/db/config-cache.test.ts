import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConfigCache, makeConfigCache } from "#server/config-cache.ts";
import { makePool, type Pool } from "#server/db.ts";
import { newId, newSourceKey } from "#server/ids.ts";
import { makeLog } from "#server/log.ts";
import { makeKeyring } from "#server/secrets.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";

/** Nobody listens there: what the cache knows, it has asked for. */
const NO_NOTICES = "postgresql://127.0.0.1:1/nowhere";

describe("the configuration in memory", () => {
  let database: TestDatabase;
  let pool: Pool;
  const teamId = newId("team");

  beforeAll(async () => {
    database = await createDatabase();
    pool = makePool(database.url, "queue-reads", 2);
    await pool.query("insert into team (id, name) values ($1, 'Team')", [teamId]);
  });

  afterAll(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  async function addSource(name: string): Promise<string> {
    const id = newId("source");
    await pool.query(
      "insert into source (id, team_id, name, type, key, config) values ($1, $2, $3, 'WEBHOOK', $4, '{}')",
      [id, teamId, name, newSourceKey()],
    );
    return id;
  }

  const rename = (id: string, name: string) => pool.query("update source set name = $2 where id = $1", [id, name]);
  const start = (through: Pool): Promise<ConfigCache> =>
    makeConfigCache({
      pool: through,
      databaseUrl: NO_NOTICES,
      keyring: makeKeyring("a secret of at least thirty-two characters"),
      log: makeLog("test", "silent"),
    });

  test("holds everything that was committed before it was asked to catch up, and nothing that was deleted", async () => {
    const [kept, gone] = [await addSource("kept"), await addSource("gone")];
    const cache = await start(pool);
    await rename(kept, "renamed");
    await pool.query("delete from source where id = $1", [gone]);
    const added = await addSource("added");
    const { sources } = await cache.upToDate();
    expect([kept, gone, added].map((id) => sources.get(id)?.name)).toEqual(["renamed", undefined, "added"]);
    await cache.close();
  });

  test("misses no change that commits while it reads another", async () => {
    const [first, second] = [await addSource("first"), await addSource("second")];
    let afterNextQuery: (() => Promise<unknown>) | null = null;
    const interrupted = {
      query: async (text: string, values?: unknown[]) => {
        const answer = await pool.query(text, values);
        const interrupt = afterNextQuery;
        afterNextQuery = null;
        await interrupt?.();
        return answer;
      },
    } as unknown as Pool;
    const cache = await start(interrupted);
    await rename(first, "first renamed");
    afterNextQuery = () => rename(second, "second renamed");
    await cache.upToDate();
    const { sources } = await cache.upToDate();
    expect([first, second].map((id) => sources.get(id)?.name)).toEqual(["first renamed", "second renamed"]);
    await cache.close();
  });

  test("loads everything anew when the log of changes does not reach back to what it knows", async () => {
    const id = await addSource("before");
    const cache = await start(pool);
    await rename(id, "after");
    await pool.query("delete from config_change");
    expect((await cache.upToDate()).sources.get(id)?.name).toBe("after");
    await cache.close();
  });
});
