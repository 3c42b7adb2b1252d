import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf, emptyHistogram } from "#server/batch/histogram.ts";
import { Metrics, type MetricsSubject, QueryMetrics } from "#server/contracts/metrics.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { lowestId } from "#server/ids.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const NOW = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
const query = async (team: Team, subject: MetricsSubject, fields: Record<string, unknown> = {}) =>
  Metrics.parse(await queryMetrics(team.ctx, subject, QueryMetrics.parse(fields)));

const delta = (team: Team, fields: Partial<RollupDelta> & { agoMs?: number } = {}): RollupDelta => {
  const { agoMs = 0, ...rest } = fields;
  return {
    team_id: team.ctx.teamId,
    bucket: minuteOf(new Date(NOW.getTime() - agoMs)),
    source_id: "src_a",
    connection_id: "",
    destination_id: "",
    ...rest,
  };
};
const BRANCH = { connection_id: "web_a", destination_id: "des_a" };

describe("rollups", () => {
  test("add up, from many writers at once and in any order, without a deadlock", async () => {
    const team = await world.team();
    const branches = ["a", "b", "c", "d"].map((name) => ({ connection_id: `web_${name}`, destination_id: "des_a" }));
    const histogram = emptyHistogram();
    histogram[3] = 1;
    const write = (order: typeof branches) =>
      addRollups(
        world.pool,
        order.map((branch) => delta(team, { ...branch, attempt_count: 1, latency_histogram: histogram })),
      );
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(i % 2 === 0 ? branches : branches.toReversed())));
    await addRollups(world.pool, []);
    const { rows } = await world.pool.query(
      "select attempt_count, latency_histogram[4] as fourth from rollup_minute where team_id = $1",
      [team.ctx.teamId],
    );
    expect(rows).toEqual(Array(4).fill({ attempt_count: 20, fourth: 20 }));
  });
});

describe("charts", () => {
  test("every bucket is there, with zeros where there was nothing, on whole hours of UTC", async () => {
    const team = await world.team();
    await addRollups(world.pool, [
      delta(team, { accepted_count: 2, rejected_count: 1, duplicate_count: 1, signature_failure_count: 1 }),
      delta(team, { agoMs: 2 * MINUTE, accepted_count: 3 }),
      delta(team, { agoMs: 120 * MINUTE, accepted_count: 5 }),
      delta(team, { agoMs: 600 * MINUTE, accepted_count: 100 }),
      delta(team, { ...BRANCH, event_count: 4, ignored_count: 1 }),
    ]);
    const { data, date_range } = await query(team, "requests", { date_range: { start: "now-2h", end: "now-0s" } });
    expect(date_range).toEqual({ start: "2026-05-29T10:00:00.000Z", end: NOW.toISOString() });
    expect(data.map(({ time_bucket, metrics }) => [time_bucket, metrics.accepted_count])).toEqual([
      ["2026-05-29T10:00:00.000Z", 5],
      ["2026-05-29T11:00:00.000Z", 0],
      ["2026-05-29T12:00:00.000Z", 3],
    ]);
    const { data: full } = await query(team, "requests", {
      date_range: { start: "now-1m", end: "2026-05-29T12:31:00Z" },
    });
    expect(full).toHaveLength(1);
    expect(full[0]).toEqual({
      time_bucket: "2026-05-29T12:00:00.000Z",
      dimensions: {},
      metrics: {
        accepted_count: 5,
        rejected_count: 1,
        duplicate_count: 1,
        signature_failure_count: 1,
        events_count: 4,
        ignored_count: 1,
        rejected_disabled_count: 0,
        rejected_method_count: 0,
        rejected_size_count: 0,
        rejected_encoding_count: 0,
        rejected_timestamp_count: 0,
        rejected_rate_count: 0,
      },
    });
  });

  test("each series is filled over all buckets, and id filters choose", async () => {
    const team = await world.team();
    await addRollups(world.pool, [
      delta(team, { agoMs: MINUTE, accepted_count: 9 }),
      delta(team, { agoMs: MINUTE, ...BRANCH, event_count: 2, delivered_count: 3, failed_count: 1 }),
      delta(team, {
        agoMs: 4 * MINUTE,
        connection_id: "web_b",
        destination_id: "des_b",
        event_count: 7,
        hold_count: 7,
      }),
    ]);
    const range = { granularity: "1m", date_range: { start: "now-3m" }, dimensions: "connection_id" };
    const { data } = await query(team, "events", range);
    expect(
      data.map(({ time_bucket, dimensions, metrics }) => [time_bucket.slice(14, 16), dimensions, metrics.event_count]),
    ).toEqual([
      ["27", { connection_id: "web_a" }, 0],
      ["28", { connection_id: "web_a" }, 0],
      ["29", { connection_id: "web_a" }, 2],
    ]);
    expect(data[2]?.metrics).toMatchObject({ delivered_count: 3, failed_count: 1, success_rate: 0.75 });
    expect(data[0]?.metrics.success_rate).toBeNull();
    const wider = { ...range, granularity: "1d", date_range: { start: "now-1h" } };
    expect((await query(team, "events", wider)).data.map((point) => point.dimensions.connection_id)).toEqual([
      "web_a",
      "web_b",
    ]);
    expect((await query(team, "events", { ...wider, destination_id: "des_b" })).data).toMatchObject([
      { time_bucket: "2026-05-29T00:00:00.000Z", metrics: { event_count: 7, hold_count: 7 } },
    ]);
    expect((await query(team, "requests", wider)).data.map((point) => point.dimensions.connection_id)).toContain(null);
  });

  test("latencies of several minutes and branches give one percentile", async () => {
    const team = await world.team();
    const latencies = (count: number, latencyMs: number) => {
      const histogram = emptyHistogram();
      histogram[bucketOf(latencyMs)] = count;
      return { attempt_count: count, latency_histogram: histogram };
    };
    await addRollups(world.pool, [
      delta(team, { ...BRANCH, agoMs: MINUTE, ...latencies(60, 20), delivered_count: 60 }),
      delta(team, { ...BRANCH, agoMs: 2 * MINUTE, ...latencies(30, 20), delivered_count: 20 }),
      delta(team, { connection_id: "web_b", destination_id: "des_b", agoMs: MINUTE, ...latencies(10, 5_000) }),
    ]);
    const { data } = await query(team, "attempts", { date_range: { start: "now-5m" } });
    expect(data[0]?.metrics).toMatchObject({
      attempt_count: 100,
      delivered_count: 80,
      failed_count: 20,
      success_rate: 0.8,
    });
    expect(bucketOf(data[0]?.metrics.latency_p50 ?? 0)).toBe(bucketOf(20));
    expect(bucketOf(data[0]?.metrics.latency_p99 ?? 0)).toBe(bucketOf(5_000));
    const { data: slow } = await query(team, "attempts", {
      date_range: { start: "now-5m" },
      connection_id: "web_b",
      dimensions: "destination_id",
    });
    expect(slow).toMatchObject([{ dimensions: { destination_id: "des_b" } }]);
    expect(bucketOf(slow[0]?.metrics.latency_p50 ?? 0)).toBe(bucketOf(5_000));
  });

  test("nothing of another team is counted", async () => {
    const [owner, other] = [await world.team(), await world.team()];
    await addRollups(world.pool, [delta(owner, { agoMs: MINUTE, accepted_count: 1 })]);
    const { data } = await query(other, "requests", { date_range: { start: "now-1h" } });
    expect(data.map(({ metrics }) => metrics.accepted_count)).toEqual([0, 0]);
  });

  test("over 5,000 points, of buckets or of series, and a range that ends before it starts, are refused by name", async () => {
    const team = await world.team();
    const tooMany = { code: "UNPROCESSABLE", issues: [{ path: "granularity" }] };
    await expect(query(team, "events", { granularity: "1m", date_range: { start: "now-4d" } })).rejects.toMatchObject(
      tooMany,
    );
    await addRollups(
      world.pool,
      Array.from({ length: 10 }, (_, i) =>
        delta(team, { agoMs: MINUTE, ...BRANCH, connection_id: `web_${i}`, event_count: 1 }),
      ),
    );
    const wide = { granularity: "1m", date_range: { start: "now-10h" } };
    await expect(query(team, "events", { ...wide, dimensions: "connection_id" })).rejects.toMatchObject(tooMany);
    expect((await query(team, "events", wide)).data).toHaveLength(600);
    await expect(query(team, "events", { date_range: { start: "now", end: "now-1d" } })).rejects.toMatchObject({
      issues: [{ path: "date_range.end" }],
    });
  });
});

describe("the queue", () => {
  test("shows what waits now, per branch, with the age of the oldest", async () => {
    const team = await world.team();
    const source = await team.source();
    const [busy, paused] = [
      await team.connection(source, await team.destination()),
      await team.connection(source, await team.destination()),
    ];
    const event = async (
      branch: typeof busy,
      status: "QUEUED" | "RETRYING" | "SCHEDULED" | "HOLD" | "DELIVERED",
      agoMs: number,
    ) => team.event(await team.request(source, { agoMs }), branch, { status });
    await event(busy, "QUEUED", 5_000);
    await event(busy, "RETRYING", 90_000);
    await event(busy, "SCHEDULED", 200_000);
    await event(busy, "DELIVERED", 300_000);
    await event(paused, "HOLD", 400_000);
    await correctBranchCounts(world.pool);
    const { data: total } = await query(team, "queue");
    expect(total).toEqual([
      {
        time_bucket: NOW.toISOString(),
        dimensions: {},
        metrics: {
          queue_depth: 3,
          queued_count: 1,
          scheduled_count: 1,
          retrying_count: 1,
          hold_count: 1,
          failed_count: 0,
          oldest_age_ms: 90_000,
        },
      },
    ]);
    const { data } = await query(team, "queue", { dimensions: "connection_id,destination_id" });
    const of = (id: string) => data.find(({ dimensions }) => dimensions.connection_id === id);
    expect(of(busy.id)).toMatchObject({
      dimensions: { destination_id: busy.destination_id },
      metrics: { queue_depth: 3, hold_count: 0 },
    });
    expect(of(paused.id)?.metrics).toMatchObject({ queue_depth: 0, hold_count: 1, oldest_age_ms: null });
    expect((await query(team, "queue", { destination_id: paused.destination_id })).data[0]?.metrics.queue_depth).toBe(
      0,
    );
    expect((await query(await world.team(), "queue")).data[0]?.metrics).toMatchObject({
      queue_depth: 0,
      oldest_age_ms: null,
    });
  });
});

test("with compare the range before comes along, bucket for bucket, and without it nothing does", async () => {
  const team = await world.team();
  await addRollups(world.pool, [
    delta(team, { accepted_count: 7, agoMs: 10 * MINUTE }),
    delta(team, { accepted_count: 3, agoMs: 130 * MINUTE }),
  ]);
  const fields = { date_range: { start: "2026-05-29T11:00:00Z", end: "now" }, granularity: "1h" };
  const compared = await query(team, "requests", { ...fields, compare: "previous" });
  const accepted = (points: Metrics["data"] = []) => points.map(({ metrics }) => metrics.accepted_count);
  expect(accepted(compared.data)).toEqual([0, 7]);
  expect(accepted(compared.comparison?.data)).toEqual([0, 3]);
  expect(compared.comparison?.date_range).toEqual({
    start: "2026-05-29T09:00:00.000Z",
    end: "2026-05-29T10:30:00.000Z",
  });
  expect(await query(team, "requests", fields)).not.toHaveProperty("comparison");
});

test("a queue of any length is counted exactly", async () => {
  const team = await world.team();
  const [long, short] = [
    await team.connection(await team.source(), await team.destination()),
    await team.connection(await team.source(), await team.destination()),
  ];
  const queue = (branch: typeof long, count: number, letter: string) =>
    world.pool.query(
      `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, next_attempt_at, why, created_at)
       select $1, $2 || lpad(n::text, 16, '0'), 'req', $3, $4, $5, 'QUEUED', 'INITIAL', $6, '[]', $6 from generate_series(1, $7::int) as n`,
      [
        team.ctx.teamId,
        `${lowestId("event", NOW.getTime()).slice(0, -1)}${letter}`,
        branch.source_id,
        branch.id,
        branch.destination_id,
        NOW,
        count,
      ],
    );
  await queue(short, 3, "A");
  await queue(long, 10_050, "B");
  await correctBranchCounts(world.pool);
  const { data } = await query(team, "queue", { dimensions: "destination_id" });
  const depths = data.map(({ dimensions, metrics }) => [dimensions.destination_id, metrics.queue_depth]);
  expect(Object.fromEntries(depths)).toEqual({ [long.destination_id]: 10_050, [short.destination_id]: 3 });
});
