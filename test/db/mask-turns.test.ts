// The turns of teams at masking: each has its own, so one that has much to be masked delays no other.
import type { JobHelpers } from "graphile-worker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import { maskTeam } from "#server/masking/mask-at-rest.ts";
import { unmaskedTeams } from "#server/masking/masks.sql.ts";
import { createWorld, type World } from "#test/support/world.ts";
import { maskAtRestTask } from "#worker/tasks/mask-at-rest.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  const { db } = world.ctx.app;
  for (const id of ["tm_many", "tm_zzz"]) await db.team.create({ data: { id, name: id } });
  await store("tm_many", 1_000, "HOLD");
  await store("tm_zzz", 1, "DELIVERED");
});
afterAll(() => world[Symbol.asyncDispose]());

/** Requests of an hour ago, with an event each. */
async function store(teamId: string, count: number, status: string): Promise<void> {
  const atMs = Date.now() - 3_600_000;
  const idsOf = (kind: "request" | "event") => Array.from({ length: count }, (_, n) => newId(kind, atMs + n));
  await world.pool.query(
    `with ids as (select * from unnest($2::text[], $3::text[]) as t(request_id, event_id)), asked as (
       insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, masks, content_type, created_at)
       select $1, request_id, 'src_a', 'accepted', false, 'POST', '/', '', '[]', '{"a":"secret"}', 14, '', '["body.a"]', 'application/json', $5 from ids
     )
     insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, created_at)
     select $1, event_id, request_id, 'src_a', 'web_a', 'des_a', $4, 'INITIAL', '[]', $5 from ids`,
    [teamId, idsOf("request"), idsOf("event"), status, new Date(atMs)],
  );
}

const tools = (clock = { monotonicMs: () => 0 }) => ({ ...world.worker, clock });
const waiting = () =>
  world.all<{ payload: object }>(
    "select payload from graphile_worker._private_jobs where key like 'mask-team:%' order by priority, run_at, id",
  );
const everyMinute = () => maskAtRestTask(world.worker)({}, {} as JobHelpers);

test("a turn that is over goes on behind its last request", async () => {
  let ms = 0;
  const last = await maskTeam(tools({ monotonicMs: () => (ms += 600) }), "tm_many");
  const [, second] = await world.all<{ id: string }>(
    "select id from request where team_id = 'tm_many' order by id limit 2",
  );
  expect(last).toBe(second?.id);
  expect(await maskTeam(tools(), "tm_many", last ?? "")).toBe(null);
});

test("whoever has more to do comes again behind the others, and is begun anew only where no turn is to come", async () => {
  expect(await unmaskedTeams(world.pool)).toEqual(["tm_many", "tm_zzz"]);
  await everyMinute();
  expect(await waiting()).toEqual([{ payload: { teamId: "tm_many" } }, { payload: { teamId: "tm_zzz" } }]);
  const more = { teamId: "tm_many", after: "req_zzz" };
  await world.pool.query(addJobStatement("mask-team", more));
  await everyMinute();
  expect(await waiting()).toEqual([{ payload: { teamId: "tm_zzz" } }, { payload: more }]);
  // A job that has failed for good is no turn that is to come.
  await world.pool.query(
    "update graphile_worker._private_jobs set attempts = max_attempts where key = 'mask-team:tm_many'",
  );
  await everyMinute();
  expect(await waiting()).toContainEqual({ payload: { teamId: "tm_many" } });
});

test("one team's request is masked without a look at another's", async () => {
  expect(await maskTeam(tools(), "tm_zzz")).toBe(null);
  const bodies = "select distinct team_id, body::bytea::text as body from request order by team_id";
  expect(await world.all(bodies)).toEqual([
    { team_id: "tm_many", body: expect.stringContaining(Buffer.from("secret").toString("hex")) },
    { team_id: "tm_zzz", body: expect.not.stringContaining(Buffer.from("secret").toString("hex")) },
  ]);
  expect(await unmaskedTeams(world.pool)).toEqual(["tm_many"]);
});
