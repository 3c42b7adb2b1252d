// How deep the queue was: a sample a minute, which charts read by their highest.
import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryMetrics } from "#server/contracts/metrics.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { makeLog } from "#server/process/log.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { sampleQueues } from "#server/rollups/sample-queues.sql.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";

const NOW = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

test("a branch is noted once a minute while it has a queue, and charts show the highest of each bucket", async () => {
  const team = await world.team();
  const source = await team.source();
  const [busy, paused] = [
    await team.connection(source, await team.destination()),
    await team.connection(source, await team.destination()),
  ];
  const events: string[] = [];
  for (const agoMs of [1_000, 70_000, 400_000])
    events.push(
      await team.event(await team.request(source, { agoMs }), busy, {
        status: agoMs === 70_000 ? "RETRYING" : "QUEUED",
        next_attempt_at: new Date(NOW.getTime() - agoMs),
      }),
    );
  await team.event(await team.request(source, { agoMs: 500_000 }), paused, { status: "HOLD" });
  await correctBranchCounts(world.pool);
  await Promise.all([sampleQueues(world.pool, NOW), sampleQueues(world.pool, new Date(NOW.getTime() + 1_000))]);
  await world.pool.query("update event set status = 'DELIVERED' where id = any ($1)", [events.slice(1)]);
  await correctBranchCounts(world.pool);
  await sampleQueues(world.pool, new Date(NOW.getTime() + MINUTE));

  const ask = async (fields: Record<string, unknown>) => {
    const range = { start: "2026-05-29T12:29:00Z", end: "2026-05-29T12:33:00Z" };
    const { data } = await queryMetrics(team.ctx, "backlog", QueryMetrics.parse({ date_range: range, ...fields }));
    return data.map(({ metrics }) => [metrics.queue_depth, metrics.hold_count, metrics.oldest_age_ms]);
  };
  const [first, second, third, last] = await ask({ granularity: "1m" });
  expect([first, third, last]).toEqual([
    [0, 0, null],
    [1, 1, 61_000],
    [0, 0, null],
  ]);
  expect(second?.slice(0, 2)).toEqual([3, 1]);
  expect([400_000, 401_000]).toContain(second?.[2]);
  expect((await ask({ granularity: "5m" }))[1]?.slice(0, 2)).toEqual([3, 1]);
  expect((await ask({ granularity: "1m", connection_id: paused.id }))[1]).toEqual([0, 1, null]);
});

test("after two days a sample each quarter of an hour is kept, and none beyond what minutes are kept for", async () => {
  await world.pool.query(
    `insert into queue_sample select 'tm_old', at, 'src', 'web', 'des', 1, 0, null
     from unnest($1::timestamptz[]) as at`,
    [["2026-05-29T12:01Z", "2026-05-27T12:01Z", "2026-05-27T12:15Z", "2026-04-01T12:15Z"]],
  );
  await purgeExpired(world.pool, makeLog("test", "warn"), { now: NOW, retentionDays: 30 });
  const { rows } = await world.pool.query("select bucket from queue_sample where team_id = 'tm_old' order by bucket");
  expect(rows.map(({ bucket }) => bucket.toISOString())).toEqual([
    "2026-05-27T12:15:00.000Z",
    "2026-05-29T12:01:00.000Z",
  ]);
});
