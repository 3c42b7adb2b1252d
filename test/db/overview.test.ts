// The numbers of the first page: each window whole, beside as long a time before, of minutes and of hours alike.
import { afterAll, beforeAll, expect, test } from "vitest";
import { bucketOf, emptyHistogram } from "#server/batch/histogram.ts";
import { countWindow } from "#server/metrics/overview.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";

const NOW = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;
const DAY = 86_400_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

test("a window counts what is in it, beside what was in as long a time before, whether hours have been added up or not", async () => {
  const team = await world.team();
  const key = { team_id: team.ctx.teamId, source_id: "src_x", connection_id: "web_x", destination_id: "des_x" };
  const at = (agoMs: number, delivered_count: number, latencyMs: number) => {
    const latency_histogram = emptyHistogram();
    latency_histogram[bucketOf(latencyMs)] = delivered_count;
    return { ...key, bucket: minuteOf(new Date(NOW.getTime() - agoMs)), delivered_count, latency_histogram };
  };
  await addRollups(world.pool, [
    at(10 * MINUTE, 1, 10),
    at(1.5 * DAY, 20, 100),
    at(5 * DAY, 300, 1_000),
    at(9 * DAY, 4_000, 1_000),
  ]);
  const delivered = async () =>
    Promise.all(
      (["24h", "7d", "30d"] as const).map(async (window) => {
        const { totals, previous, spans } = await countWindow(team.ctx, window, NOW);
        const inSpans = spans.reduce((sum, span) => sum + span.delivered_count, 0);
        return [totals.delivered_count, inSpans, previous.delivered_count, spans.length];
      }),
    );
  const expected = [
    [1, 1, 20, 48],
    [321, 321, 4_000, 48],
    [4_321, 4_321, 0, 48],
  ];
  await world.pool.query("update rollup_progress set hours_until = '2020-01-01'");
  expect(await delivered()).toEqual(expected);

  await world.pool.query(
    `insert into rollup_hour (team_id, bucket, source_id, connection_id, destination_id, delivered_count, latency_histogram)
     select team_id, date_trunc('hour', bucket, 'UTC'), source_id, connection_id, destination_id, delivered_count, latency_histogram
     from rollup_minute where team_id = $1 and bucket < '2026-05-29T11:00:00Z'`,
    [team.ctx.teamId],
  );
  await world.pool.query("update rollup_progress set hours_until = '2026-05-29T11:00:00Z'");
  await world.pool.query(
    "delete from rollup_minute where team_id = $1 and bucket < '2026-05-28T00:00:00Z' and delivered_count > 20",
    [team.ctx.teamId],
  );
  expect(await delivered()).toEqual(expected);
  expect((await countWindow(team.ctx, "7d", NOW)).totals.latency_p95).toBeGreaterThan(500);
});
