// Whatever sums a chart reads, it says what the minutes say: before they are made, after that, and when a minute comes late.
import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryMetrics } from "#server/contracts/metrics.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const NOW = new Date("2026-04-02T09:41:00.000Z");
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

let world: Awaited<ReturnType<typeof createObservedWorld>>;
let team: Awaited<ReturnType<Awaited<ReturnType<typeof createObservedWorld>>["team"]>>;
const minutes: RollupDelta[] = [];

/** Minutes all over 40 days, across the day on which Berlin's clocks change; every third is at the edge of an hour. */
async function add(from: number, count: number): Promise<void> {
  const added = Array.from({ length: count }, (_, i): RollupDelta => {
    const n = from + i;
    const agoMs = (n * 7_919 * 13 * MINUTE) % (40 * DAY);
    const time = new Date(NOW.getTime() - agoMs);
    if (n % 3 === 0) time.setUTCMinutes(n % 2 === 0 ? 59 : 0);
    const latency_histogram = Array.from({ length: 32 }, (_slot, slot) => (slot === n % 32 ? n : 0));
    const ends = { source_id: `src_${n % 2}`, connection_id: `web_${n % 3}`, destination_id: "des_a" };
    return {
      team_id: team.ctx.teamId,
      bucket: minuteOf(time),
      ...ends,
      delivered_count: n,
      attempt_count: n,
      latency_histogram,
    };
  });
  minutes.push(...added);
  await addRollups(world.pool, added);
}

const RANGES = [
  { granularity: "total", start: "2026-03-11T10:20:00Z", end: "2026-04-02T09:41:00Z" },
  { granularity: "15m", start: "2026-04-01T22:07:00Z", end: "2026-04-02T09:41:00Z" },
  { granularity: "1h", start: "2026-03-20T10:20:00Z", end: "2026-04-02T09:41:00Z" },
  { granularity: "6h", start: "2026-03-10T00:00:00Z", end: "2026-04-02T09:41:00Z" },
  { granularity: "1d", start: "2026-02-25T00:00:00Z", end: "2026-04-02T09:41:00Z" },
  { granularity: "1d", start: "2026-03-03T17:12:00Z", end: "2026-04-02T09:41:00Z", time_zone: "Europe/Berlin" },
  { granularity: "1d", start: "2026-03-03T17:12:00Z", end: "2026-04-02T09:41:00Z", time_zone: "Asia/Kolkata" },
  { granularity: "1d", start: "2026-03-20T00:00:00Z", end: "2026-04-02T09:41:00Z", time_zone: "America/St_Johns" },
];

const inRange = (ends: number[], { bucket }: RollupDelta) =>
  bucket.getTime() >= (ends[0] ?? 0) && bucket.getTime() < (ends[1] ?? 0);

/** Each range as the chart has it, and what the minutes of its buckets come to. */
async function compare(): Promise<void> {
  for (const { start, end, ...fields } of RANGES) {
    const input = QueryMetrics.parse({
      ...fields,
      date_range: { start, end },
      source_id: "src_1",
      compare: "previous",
    });
    const { data, comparison, date_range } = await queryMetrics(team.ctx, "attempts", input);
    for (const [points, range] of [
      [data, date_range],
      [comparison?.data ?? [], comparison?.date_range ?? date_range],
    ] as const) {
      const bounds = [...points.map(({ time_bucket }) => Date.parse(time_bucket)), Date.parse(range.end)];
      const expected = bounds.slice(0, -1).map((bound, i) => {
        const own = minutes.filter((one) => one.source_id === "src_1" && inRange([bound, bounds[i + 1] ?? 0], one));
        return own.reduce((sum, one) => sum + (one.attempt_count ?? 0), 0);
      });
      expect(expected.some((count) => count > 0)).toBe(true);
      expect({ ...fields, counts: points.map(({ metrics }) => metrics.attempt_count) }).toEqual({
        ...fields,
        counts: expected,
      });
      expect(points.map(({ metrics }) => metrics.latency_p95 !== null)).toEqual(expected.map((count) => count > 0));
    }
    expect(comparison?.data).toHaveLength(data.length);
  }
}

beforeAll(async () => {
  world = await createObservedWorld(NOW);
  team = await world.team();
  await world.pool.query("update rollup_progress set hours_until = $1", [new Date(NOW.getTime() - 50 * DAY)]);
  await add(1, 600);
});
afterAll(() => world[Symbol.asyncDispose]());

test("charts equal the minutes before any sum is made, after that, with late minutes, and with those taken in", async () => {
  await compare();
  await foldRollups(world.pool, new Date(NOW.getTime() - 10 * DAY), new Date(0));
  await compare();
  await foldRollups(world.pool, NOW, new Date(0));
  await compare();
  await add(601, 60);
  await compare();
  await foldRollups(world.pool, NOW, new Date(0));
  await compare();
});

test("charts read the sums, not their minutes, of what is over", async () => {
  const made = Math.floor(NOW.getTime() / HOUR) * HOUR - 3 * HOUR;
  await world.pool.query("delete from rollup_minute where bucket < $1", [new Date(made)]);
  const input = QueryMetrics.parse({ granularity: "1d", date_range: { start: "2026-02-25T00:00:00Z", end: "now" } });
  const { data } = await queryMetrics(team.ctx, "attempts", input);
  const from = Date.parse("2026-02-25T00:00:00Z");
  const expected = minutes
    .filter((one) => one.bucket.getTime() >= from)
    .reduce((sum, one) => sum + (one.attempt_count ?? 0), 0);
  expect(data.reduce((sum, { metrics }) => sum + (metrics.attempt_count ?? 0), 0)).toBe(expected);
});

test("days begin at midnight of the zone, on the day of the change of clocks too, and an unknown zone is refused", async () => {
  const fields = { granularity: "1d", date_range: { start: "2026-03-28T12:00:00Z", end: "2026-03-31T12:00:00Z" } };
  const { data } = await queryMetrics(
    team.ctx,
    "events",
    QueryMetrics.parse({ ...fields, time_zone: "Europe/Berlin" }),
  );
  expect(data.map(({ time_bucket }) => time_bucket)).toEqual([
    "2026-03-27T23:00:00.000Z",
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
    "2026-03-30T22:00:00.000Z",
  ]);
  expect(QueryMetrics.safeParse({ ...fields, time_zone: "Mars/Base" }).error?.issues).toMatchObject([
    { path: ["time_zone"] },
  ]);
});
