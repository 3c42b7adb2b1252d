import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Pool } from "#server/database/db.ts";
import { lowestId, newId } from "#server/ids.ts";
import {
  BIG_TABLE_NAMES,
  dayName,
  daysAhead,
  dropExpiredPartitions,
  ensurePartitions,
  listPartitions,
} from "#server/retention/partitions.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const daysAgo = (days: number) => NOW - days * DAY_MS;

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  await ensurePartitions(world.pool, NOW, 45);
});
afterAll(() => world[Symbol.asyncDispose]());

async function heldClient(pool: Pool) {
  const client = await pool.connect();
  return { client, [Symbol.asyncDispose]: async () => client.release() };
}

/** @param madeMs later than its id, as that of a dead letter */
async function addEvent(atMs: number, status: string, teamId = DEFAULT_TEAM, madeMs = atMs): Promise<string> {
  const id = newId("event", atMs);
  await world.all(
    `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, created_at)
     values ($1, $2, $3, 's', 'c', 'd', $4, 'INITIAL', '[]', $5)`,
    [teamId, id, newId("request", atMs), status, new Date(madeMs)],
  );
  return id;
}
const eventIds = async (ids: string[]) =>
  (await world.all<{ id: string }>("select id from event where id = any ($1)", [ids])).map(({ id }) => id);

describe("partitions", () => {
  test("are made ahead, once, and lie side by side without a gap", async () => {
    expect(await ensurePartitions(world.pool, NOW)).toEqual([]);
    const made = await ensurePartitions(world.pool, NOW + DAY_MS);
    expect(made).toHaveLength(4);
    expect(await ensurePartitions(world.pool, NOW + DAY_MS)).toEqual([]);
    expect(daysAhead(await listPartitions(world.pool), NOW)).toBe(4);
    expect(daysAhead(await listPartitions(world.pool), NOW + 5 * DAY_MS)).toBeLessThan(1);
    const days = (await listPartitions(world.pool))
      .filter(({ table }) => table === "request")
      .map(({ dayMs }) => dayMs);
    for (const [index, dayMs] of days.entries()) expect(dayMs).toBe((days[0] ?? 0) + index * DAY_MS);
  });

  test("two processes that make them at once do not disturb each other", async () => {
    const later = NOW + 10 * DAY_MS;
    await Promise.all([ensurePartitions(world.pool, later), ensurePartitions(world.pool, later)]);
    expect(await ensurePartitions(world.pool, later)).toEqual([]);
  });

  test("are made and dropped beside a long transaction, and nobody waits behind that", {
    timeout: 10_000,
  }, async () => {
    const later = NOW + 30 * DAY_MS;
    const dropping = await (async () => {
      await using reader = await heldClient(world.pool);
      await reader.client.query(`begin; ${BIG_TABLE_NAMES.map((table) => `select from ${table} limit 1`).join("; ")}`);
      expect(await ensurePartitions(world.pool, later)).toHaveLength(20);
      const result = dropExpiredPartitions(world.pool, daysAgo(14), 30);
      const begun = () => world.all("select from pg_inherits where inhdetachpending");
      await eventually(begun, ({ length }) => length === 1);
      await addEvent(NOW, "DELIVERED");
      expect(await ensurePartitions(world.pool, later + DAY_MS)).toHaveLength(4);
      await reader.client.query("rollback");
      return { result };
    })();
    expect(await dropping.result).toContain(`event_${dayName(daysAgo(45))}`);
  });

  test("that were detached and not dropped go with the next purge; a day that somebody took out to keep stays", async () => {
    const day = dayName(daysAgo(42));
    await world.all(`alter table attempt detach partition "attempt_${day}"`);
    await world.all(`create view in_the_way as select from "request_${day}"`);
    await expect(dropExpiredPartitions(world.pool, daysAgo(11), 30)).rejects.toThrow("depend on it");
    expect((await listPartitions(world.pool)).map(({ name }) => name)).not.toContain(`request_${day}`);
    await world.all("drop view in_the_way");
    expect(await dropExpiredPartitions(world.pool, daysAgo(11), 30)).toContain(`request_${day}`);
    const left = await world.all("select relname from pg_class where relname = any ($1)", [
      [`request_${day}`, `attempt_${day}`],
    ]);
    expect(left).toEqual([{ relname: `attempt_${day}` }]);
    await world.all(`drop table "attempt_${day}"`);
  });

  test("that a purge has marked and not detached are kept where the retention was raised and somebody took them out", async () => {
    const [name] = (await listPartitions(world.pool))
      .filter(({ table }) => table === "attempt")
      .map((one) => one.name)
      .sort();
    await world.all(`comment on table "${name}" is 'past its retention, being dropped'`);
    await world.all(`alter table attempt detach partition "${name}"`);
    expect(await dropExpiredPartitions(world.pool, daysAgo(11), 365)).toEqual([]);
    await world.all(`drop table "${name}"`);
  });

  test("are analyzed from a sample that is small, whatever their indexes are made of", async () => {
    const dayMs = Math.floor(NOW / DAY_MS) * DAY_MS;
    await world.all(
      `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, created_at)
       select 'tm_sample', $1 || n, 'r', 's', 'c', 'd', 'HOLD', 'INITIAL', '[]', now() from generate_series(10000, 14000) as n`,
      [lowestId("event", dayMs)],
    );
    const told: string[] = [];
    const client = await world.pool.connect();
    const listen = ({ message }: { message?: string }) => told.push(message ?? "");
    client.on("notice", listen);
    await client.query(`analyze verbose "event_${dayName(dayMs)}"; delete from event where team_id = 'tm_sample'`);
    client.off("notice", listen);
    client.release();
    expect(told.join()).toContain("; 3000 rows in sample");
  });

  test("a row on the border of two days finds its place", async () => {
    const midnight = Math.floor(NOW / DAY_MS) * DAY_MS;
    for (const id of [lowestId("event", midnight).padEnd(30, "0"), lowestId("event", midnight - 1).padEnd(30, "Z")]) {
      await world.all(
        `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, created_at)
         values ($1, $2, 'r', 's', 'c', 'd', 'DELIVERED', 'INITIAL', '[]', now())`,
        [DEFAULT_TEAM, id],
      );
    }
  });
});

describe("retention", () => {
  test("a day past it is dropped whole, unless an event of it is still owed", async () => {
    const old = await addEvent(daysAgo(40), "DELIVERED");
    const owed = await addEvent(daysAgo(38), "HOLD");
    const besideOwed = await addEvent(daysAgo(38), "DELIVERED");
    const young = await addEvent(daysAgo(20), "FAILED");
    const dropped = await dropExpiredPartitions(world.pool, NOW, 30);
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll("-", "");
    expect(dropped).toContain(`event_${day(daysAgo(40))}`);
    expect(dropped).toContain(`request_${day(daysAgo(40))}`);
    expect(dropped.filter((name) => name.endsWith(day(daysAgo(38))))).toEqual([]);
    expect((await eventIds([old, owed, besideOwed, young])).sort()).toEqual([owed, besideOwed, young].sort());

    await world.all("update event set status = 'CANCELLED' where id = $1", [owed]);
    expect(await dropExpiredPartitions(world.pool, NOW, 30)).toContain(`event_${day(daysAgo(38))}`);
    expect(await dropExpiredPartitions(world.pool, NOW, 30)).toEqual([]);
    expect(await eventIds([young])).toEqual([young]);
  });

  async function breakOffDetaching(day: string | undefined) {
    await using reader = await heldClient(world.pool);
    await reader.client.query(`begin; select count(*) from "${day}"`);
    const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%"${day}"%'`;
    const dropping = world.all(`alter table event detach partition "${day}" concurrently`);
    const [{ pid } = { pid: 0 }] = await eventually(
      () => world.all<{ pid: number }>(waiting),
      (found) => found.length === 1,
    );
    await Promise.all([
      expect(dropping).rejects.toThrow("terminating connection"),
      world.all("select pg_terminate_backend($1)", [pid]),
    ]);
    await reader.client.query("commit");
  }

  test("a day whose detaching was broken off while somebody read it is dropped by the next run, if it is past it", async () => {
    const makeDay = async (ms: number) =>
      (await ensurePartitions(world.pool, ms)).filter((name) => name.startsWith("event_"))[0];
    const [old, young] = [await makeDay(daysAgo(43)), await makeDay(NOW + 60 * DAY_MS)];
    for (const day of [old, young]) {
      await breakOffDetaching(day);
      expect((await dropExpiredPartitions(world.pool, NOW, 30)).includes(`${day}`)).toBe(day === old);
      expect((await listPartitions(world.pool)).map(({ name }) => name)).not.toContain(day);
    }
    await world.all(`drop table "${young}"`);
  });

  test("a team that keeps less is trimmed row by row, up to what it is still owed", async () => {
    await world.all(
      "insert into team (id, name, retention_days) values ('tm_short', 'short', 5), ('tm_owed', 'owed', 5), ('tm_letter', 'letter', 5)",
    );
    const gone = await addEvent(daysAgo(7), "DELIVERED", "tm_short");
    const kept = await addEvent(daysAgo(3), "DELIVERED", "tm_short");
    const waiting = await addEvent(daysAgo(8), "RETRYING", "tm_owed");
    const after = await addEvent(daysAgo(7), "DELIVERED", "tm_owed");
    const before = await addEvent(daysAgo(9), "DELIVERED", "tm_owed");
    const others = await addEvent(daysAgo(7), "DELIVERED");
    const letter = await addEvent(daysAgo(8), "HOLD", "tm_letter", daysAgo(2));
    await purgeExpired(world.pool, world.worker.log, { now: new Date(NOW), retentionDays: 30 });
    const left = await eventIds([gone, kept, waiting, after, before, others, letter]);
    expect(left.sort()).toEqual([kept, waiting, after, others, letter].sort());
  });

  test("a finished bulk operation goes after the retention of its team, one that runs stays", async () => {
    await world.all("insert into team (id, name, retention_days) values ('tm_brief', 'brief', 5)");
    const operation = (id: string, team: string, finishedDaysAgo: number | null) =>
      world.all(
        `insert into bulk_operation (team_id, id, kind, state, filter, actor_kind, actor_id, created_at, next_page_at, finished_at)
         values ($1, $2, 'events_retry', $3, '{}', 'system', 'test', $4, $4, $5)`,
        [
          team,
          id,
          finishedDaysAgo === null ? "RUNNING" : "COMPLETED",
          new Date(daysAgo(50)),
          finishedDaysAgo === null ? null : new Date(daysAgo(finishedDaysAgo)),
        ],
      );
    await operation("blk_brief_old", "tm_brief", 6);
    await operation("blk_brief_new", "tm_brief", 4);
    await operation("blk_brief_runs", "tm_brief", null);
    await operation("blk_old", DEFAULT_TEAM, 31);
    await operation("blk_new", DEFAULT_TEAM, 29);
    await purgeExpired(world.pool, world.worker.log, { now: new Date(NOW), retentionDays: 30 });
    expect(await world.all("select id from bulk_operation order by id")).toEqual([
      { id: "blk_brief_new" },
      { id: "blk_brief_runs" },
      { id: "blk_new" },
    ]);
  });

  test("remembered ids, keys and changes go when nothing asks for them any more", async () => {
    await world.all(
      `insert into provider_event (team_id, source_id, provider_event_id, request_id, created_at)
       values ('t', 's', 'old', 'r', now() - interval '49 hours'), ('t', 's', 'new', 'r', now() - interval '47 hours')`,
    );
    await world.all(
      `insert into dedupe_key (team_id, connection_id, key_hash, request_id, first_at, expires_at)
       values ('t', 'c', 'old', 'r', now(), now() - interval '1 s'), ('t', 'c', 'new', 'r', now(), now() + interval '1 h')`,
    );
    await world.all(
      "insert into config_change (version, kind, resource_id, created_at) values (-1, 'source', 'x', now() - interval '2 days')",
    );
    await purgeExpired(world.pool, world.worker.log, { now: new Date(), retentionDays: 30 });
    expect(await world.all("select provider_event_id from provider_event where team_id = 't'")).toEqual([
      { provider_event_id: "new" },
    ]);
    expect(await world.all("select key_hash from dedupe_key where team_id = 't'")).toEqual([{ key_hash: "new" }]);
    expect(await world.all("select * from config_change where version = -1")).toEqual([]);
  });
});

test("what let people in goes when it is good for nothing any more", async () => {
  const [kept, gone] = [new Date(NOW + DAY_MS), new Date(daysAgo(1))];
  await world.all(`insert into "user" (id, email, name) values ('usr_kept', 'kept@example.com', 'kept')`);
  for (const [name, expires] of [
    ["kept", kept],
    ["gone", gone],
  ] as const) {
    await world.all("insert into session (id, user_id, token, expires_at) values ($1, 'usr_kept', $1, $2)", [
      name,
      expires,
    ]);
    await world.all("insert into verification (id, identifier, value, expires_at) values ($1, $1, 'x', $2)", [
      name,
      expires,
    ]);
    await world.all("insert into sign_in_try (key, tried_at) values ($1, array[$2::timestamptz])", [name, expires]);
    await world.all(
      `insert into invitation (team_id, id, email, role, token_hash, invited_by, expires_at)
       values ($1, $2, 'x@example.com', 'viewer', $2, 'usr_kept', $3)`,
      [DEFAULT_TEAM, name, name === "kept" ? gone : new Date(daysAgo(91))],
    );
  }
  await purgeExpired(world.pool, world.worker.log, { now: new Date(NOW), retentionDays: 30 });
  const left = await world.all(
    "select id from session union all select id from verification union all select key from sign_in_try union all select id from invitation",
  );
  expect(left).toEqual([{ id: "kept" }, { id: "kept" }, { id: "kept" }, { id: "kept" }]);
});
