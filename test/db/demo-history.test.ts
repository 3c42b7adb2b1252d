// A made-up day stands in the tables as a real one would: what is counted of it is what its rows are.
import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryMetrics } from "#server/contracts/metrics.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { type DayBranch, makeDay } from "#test/demo/day.ts";
import { writeHistory } from "#test/demo/history.ts";
import { findMiscounted } from "#test/support/branch-counts.ts";
import type { System } from "#test/support/durable-system.ts";
import { expectCountersEqualRows } from "#test/support/invariants.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import type { Wiring } from "#test/support/system.ts";

const NOW = new Date(Math.floor(Date.now() / 60_000) * 60_000);
const KINDS: DayBranch["kind"][] = ["well", "filtered", "outage", "paused", "failing", "retrying"];

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

test("a day of 3,000 events has every fate, its counters equal its rows, and charts show it", async () => {
  const team = await world.team();
  const sources = [await team.source(), await team.source()];
  const branches: DayBranch[] = [];
  for (const [i, kind] of KINDS.entries()) {
    const branch = await team.connection(sources[i % 2] ?? "", await team.destination());
    branches.push({ sourceId: branch.source_id, connectionId: branch.id, destinationId: branch.destination_id, kind });
  }
  const day = makeDay(branches, 3_000, NOW.getTime(), 7);
  expect(new Set(day.events.map(({ status }) => status))).toEqual(new Set(["DELIVERED", "FAILED", "RETRYING", "HOLD"]));
  expect(new Set(day.ignored.map(({ cause }) => cause)).size).toBe(3);
  expect(day.requests.filter(({ duplicateOf }) => duplicateOf).length).toBeGreaterThan(5);
  expect(Math.abs(day.events.length + day.ignored.length - 3_000)).toBeLessThan(300);

  await writeHistory(world.pool, team.ctx.teamId, day, NOW.getTime());
  expect(await findMiscounted(world.pool)).toEqual([]);
  for (const sourceId of sources) await expectCountersEqualRows({ pool: world.pool } as System, { sourceId } as Wiring);

  const input = QueryMetrics.parse({ granularity: "15m" });
  const { data } = await queryMetrics(team.ctx, "events", input);
  const sum = (measure: string) => data.reduce((total, { metrics }) => total + (metrics[measure] ?? 0), 0);
  expect(sum("event_count")).toBe(day.events.length);
  expect(sum("delivered_count")).toBe(day.events.filter(({ status }) => status === "DELIVERED").length);
  const backlog = await queryMetrics(team.ctx, "backlog", input);
  expect(Math.max(...backlog.data.map(({ metrics }) => metrics.hold_count ?? 0))).toBeGreaterThan(10);
});

test("the same seed makes the same day", () => {
  const branch: DayBranch = { sourceId: "src_a", connectionId: "web_a", destinationId: "des_a", kind: "outage" };
  const shape = () =>
    makeDay([branch], 200, NOW.getTime(), 3).events.map(({ status, attempts }) => [status, attempts.length]);
  expect(shape()).toEqual(shape());
});
