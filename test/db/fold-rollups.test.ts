// Hours and days are the sums of their minutes, whenever the minutes came and however often they are made.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addHistograms, emptyHistogram } from "#server/batch/histogram.ts";
import { ROLLUP_COUNTS } from "#server/batch/rollup.sql.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { findUnequalSums } from "#test/support/rollup-sums.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";
import { createWorld, type World } from "#test/support/world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: World;
let branch: Branch;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  // As when the installation was made some days ago.
  await setFoldedUntil(new Date(noon.getTime() - DAY_MS));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Minutes of another branch in each test, so that none sees what another left. */
beforeEach(async () => {
  branch = await makeBranch(world, {});
});

const noon = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - 12 * HOUR_MS);
const setFoldedUntil = (until: Date) => world.all("update rollup_progress set hours_until = $1", [until]);
const LONG_AGO = new Date(0);
const fold = (now: Date, keptFrom = LONG_AGO) => foldRollups(world.pool, now, keptFrom);

function minute(at: Date, count: number): RollupDelta {
  const latency_histogram = emptyHistogram();
  latency_histogram[count % 30] = count;
  const counts = Object.fromEntries(ROLLUP_COUNTS.map((name, n) => [name, count + n]));
  const ends = { source_id: branch.sourceId, connection_id: branch.id, destination_id: branch.destinationId };
  return { team_id: world.ctx.teamId, bucket: minuteOf(at), ...ends, ...counts, latency_histogram };
}
const at = (ms: number) => new Date(noon.getTime() + ms);
const sumsOf = (table: "rollup_hour" | "rollup_day") =>
  world.all<{ bucket: Date; event_count: number; latency_histogram: number[] }>(
    `select bucket, event_count, latency_histogram from ${table} where connection_id = $1 order by bucket`,
    [branch.id],
  );

describe("hours and days", () => {
  test("are all counts and latencies of their minutes, once they are over for two hours", async () => {
    await addRollups(world.pool, [
      minute(at(0), 1),
      minute(at(59 * 60_000), 2),
      minute(at(HOUR_MS), 4),
      minute(at(DAY_MS), 8),
    ]);
    await fold(at(3 * HOUR_MS - 1));
    expect(await sumsOf("rollup_hour")).toEqual([]);
    await fold(at(3 * HOUR_MS));
    expect((await sumsOf("rollup_hour")).map(({ bucket }) => bucket)).toEqual([noon]);
    await fold(at(DAY_MS + 3 * HOUR_MS));
    const offset = ROLLUP_COUNTS.indexOf("event_count");
    expect((await sumsOf("rollup_hour")).map(({ bucket, event_count }) => [bucket, event_count])).toEqual([
      [noon, 1 + 2 + 2 * offset],
      [at(HOUR_MS), 4 + offset],
      [at(DAY_MS), 8 + offset],
    ]);
    const days = await sumsOf("rollup_day");
    expect(days.map(({ event_count }) => event_count)).toEqual([7 + 3 * offset, 8 + offset]);
    expect(days[0]?.latency_histogram.slice(0, 5)).toEqual([0, 1, 2, 0, 4]);
    expect(await findUnequalSums(world.pool)).toEqual([]);
  });

  test("take in a minute that comes late, once, and are made anew without counting twice", async () => {
    await addRollups(world.pool, [minute(at(0), 1)]);
    const later = at(5 * HOUR_MS);
    await fold(later);
    await addRollups(world.pool, [minute(at(0), 10), minute(at(60_000), 100)]);
    expect(await findUnequalSums(world.pool)).not.toEqual([]);
    await fold(later);
    await fold(later);
    expect(await findUnequalSums(world.pool)).toEqual([]);
    expect(await world.all("select from rollup_late where hour < $1", [later])).toEqual([]);
  });

  test("a fold that was broken off leaves everything to the next, and two at once make the same", async () => {
    await addRollups(world.pool, [minute(at(0), 1)]);
    const client = await world.pool.connect();
    await client.query("begin; lock table rollup_day in exclusive mode");
    const pid = await world.pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    expect(pid.rows).toHaveLength(1);
    const folding = expect(fold(at(30 * HOUR_MS))).rejects.toThrow(/terminat/);
    await expect
      .poll(
        async () =>
          (
            await world.all(
              "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like '%rollup_day%' and datname = current_database()",
            )
          ).length,
      )
      .toBeGreaterThan(0);
    await folding;
    await client.query("rollback");
    client.release();
    expect(await sumsOf("rollup_hour")).toEqual([]);
    await Promise.all([fold(at(30 * HOUR_MS)), fold(at(30 * HOUR_MS))]);
    expect(await sumsOf("rollup_hour")).toHaveLength(1);
    expect(await findUnequalSums(world.pool)).toEqual([]);
  });

  test("keep what their minutes were when those are gone, and take no late one in after that", async () => {
    const old = new Date(noon.getTime() - 60 * DAY_MS);
    await addRollups(world.pool, [minute(old, 5)]);
    await fold(new Date());
    const [before] = await sumsOf("rollup_day");
    await purgeExpired(world.pool, world.worker.log, { now: new Date(), retentionDays: 30 });
    expect(await world.all("select from rollup_minute where connection_id = $1", [branch.id])).toEqual([]);
    await addRollups(world.pool, [minute(old, 1)]);
    await fold(new Date(), new Date(noon.getTime() - 37 * DAY_MS));
    expect(await sumsOf("rollup_day")).toEqual([before]);
    for (const table of ["rollup_minute", "rollup_hour", "rollup_day"])
      await world.all(`delete from ${table} where connection_id = $1`, [branch.id]);
  });

  test("no minute goes before its hour is made", async () => {
    await setFoldedUntil(new Date(noon.getTime() - 90 * DAY_MS));
    await addRollups(world.pool, [minute(new Date(noon.getTime() - 60 * DAY_MS), 5)]);
    await purgeExpired(world.pool, world.worker.log, { now: new Date(), retentionDays: 30 });
    expect(await world.all("select from rollup_minute where connection_id = $1", [branch.id])).toHaveLength(1);
    await fold(new Date());
    expect(await findUnequalSums(world.pool)).toEqual([]);
  });
});

describe("histograms in the database", () => {
  const full = emptyHistogram().map((_, bucket) => bucket * 3);
  const other = emptyHistogram().map((_, bucket) => (bucket % 5) * 7);

  test.each([
    ["of all buckets", full, other],
    ["of which one is empty", [], other],
    ["of which the other is empty", full, []],
    ["of which one is shorter", full, [4, 0, 1]],
  ])("%s add up as they do here", async (_name, a, b) => {
    const [row] = await world.all<{ sum: number[] }>("select histogram_add($1::integer[], $2::integer[]) as sum", [
      a,
      b,
    ]);
    expect(row?.sum).toEqual(addHistograms(a, b));
  });

  test("become part of the statement that adds them", async () => {
    const rows = await world.all<{ "QUERY PLAN": string }>(
      "explain (verbose) select histogram_add(latency_histogram, latency_histogram) from rollup_minute",
    );
    const output = rows.map((row) => row["QUERY PLAN"]).find((line) => line.includes("Output:"));
    expect(output).toContain("(latency_histogram[32] + latency_histogram[32])");
    expect(output).not.toContain("histogram_add(");
  });
});
