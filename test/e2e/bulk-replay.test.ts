// A bulk replay outlives its workers.
import { expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { startSystem } from "#test/support/durable-system.ts";
import { eventually } from "#test/support/world.ts";

const EVENTS = 50_000;
const KILLS = 3;

test("of 50,000 events each is queued exactly once, though the worker is killed three times on the way", async () => {
  await using system = await startSystem();
  const { pool } = system;
  const first = await system.startWorker();
  const [team, source, destination, connection] = [
    "tm_default",
    newId("source"),
    newId("destination"),
    newId("connection"),
  ];
  await pool.query("insert into team (id, name) values ($1, $1) on conflict do nothing", [team]);
  await pool.query(
    "insert into source (id, team_id, name, type, key, config) values ($1, $2, 'replayed', 'WEBHOOK', $1, '{}')",
    [source, team],
  );
  await pool.query(
    "insert into destination (id, team_id, name, type, config) values ($1, $2, 'replayed', 'HTTP', $3)",
    [destination, team, JSON.stringify({ url: "http://127.0.0.1:1024/" })],
  );
  // Paused: what is queued is held, and stays to be counted.
  await pool.query(
    "insert into connection (id, team_id, name, source_id, destination_id, paused_at) values ($1, $2, 'replayed', $3, $4, now())",
    [connection, team, source, destination],
  );
  const nowMs = Date.now();
  const requests = Array.from({ length: EVENTS }, (_, n) => newId("request", nowMs - EVENTS + n));
  await pool.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     select $1, id, $2, 'accepted', true, 'POST', '/', '', '[]', '\\x7b7d', 2, '127.0.0.1', now() from unnest($3::text[]) as id`,
    [team, source, requests],
  );
  await pool.query(
    `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, ended_because, attempts, why, created_at)
     select $1, 'evt' || substr(id, 4), id, $2, $4, $5, 'FAILED', 'AUTOMATIC', 'exhausted', 5, '[]', now() from unnest($3::text[]) as id`,
    [team, source, requests, connection, destination],
  );
  const id = newId("bulk_operation");
  const filter = {
    from: new Date(nowMs - EVENTS - 1).toISOString(),
    to: new Date(nowMs).toISOString(),
    status: ["FAILED"],
  };
  await pool.query(
    `insert into bulk_operation (team_id, id, kind, state, filter, actor_kind, actor_id, created_at, next_page_at)
     values ($1, $2, 'events_retry', 'RUNNING', $3, 'system', 'test', now(), now())`,
    [team, id, JSON.stringify(filter)],
  );
  const progress = async () =>
    (await pool.query("select state, held_count from bulk_operation where id = $1", [id])).rows[0] as {
      state: string;
      held_count: number;
    };
  let worker = first;
  for (let kill = 1; kill <= KILLS; kill++) {
    await eventually(progress, ({ held_count }) => held_count >= (kill * EVENTS) / (KILLS + 2), 30_000);
    await worker.kill();
    expect((await progress()).state).toBe("RUNNING");
    worker = await system.startWorker();
  }
  const end = await eventually(progress, ({ state }) => state === "COMPLETED", 40_000);
  expect(end.held_count).toBe(EVENTS);
  const { rows } = await pool.query(
    `select status, trigger, hold_reason, bulk_id, cardinality(moves) as moves, attempts, count(*)::int as count
     from event where connection_id = $1 group by 1, 2, 3, 4, 5, 6`,
    [connection],
  );
  expect(rows).toEqual([
    {
      status: "HOLD",
      trigger: "BULK",
      hold_reason: "connection_paused",
      bulk_id: id,
      moves: 1,
      attempts: 5,
      count: EVENTS,
    },
  ]);
  const held = await pool.query("select sum(hold_count)::int as held from rollup_minute where connection_id = $1", [
    connection,
  ]);
  expect(held.rows).toEqual([{ held: EVENTS }]);
}, 120_000);
