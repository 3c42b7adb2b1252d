// What a team is told to look at: each kind when it is so, and not when it is nearly so.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Attention } from "#server/contracts/attention.ts";
import { getAttention } from "#server/metrics/attention.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const NOW = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
const itemsOf = async (team: Team) => Attention.parse(await getAttention(team.ctx)).items;
const rollup = (team: Team, agoMs: number, row: Partial<RollupDelta>): RollupDelta => ({
  team_id: team.ctx.teamId,
  bucket: minuteOf(new Date(NOW.getTime() - agoMs)),
  source_id: "src_x",
  connection_id: "",
  destination_id: "",
  ...row,
});

test("a destination where most recent attempts fail, and neither one that mostly works nor one that failed an hour ago", async () => {
  const team = await world.team();
  const [failing, working, past] = [await team.destination(), await team.destination(), await team.destination()];
  const attempts = (id: string, agoMs: number, delivered: number) =>
    rollup(team, agoMs, { connection_id: "web_x", destination_id: id, attempt_count: 10, delivered_count: delivered });
  await addRollups(world.pool, [
    attempts(failing, 2 * MINUTE, 4),
    attempts(working, 2 * MINUTE, 6),
    attempts(past, HOUR, 0),
  ]);
  expect(await itemsOf(team)).toEqual([
    { kind: "destination_failing", id: failing, name: failing, attempt_count: 10, delivered_count: 4 },
  ]);
});

test("the events of a connection that have failed in a day, and whether their destination has taken one since", async () => {
  const team = await world.team();
  const destination = await team.destination();
  const branch = await team.connection(await team.source(), destination);
  for (const agoMs of [30 * HOUR, 2 * HOUR, HOUR]) {
    const request = await team.request(branch.source_id, { agoMs });
    await team.event(request, branch, { status: "FAILED", last_attempt_at: new Date(NOW.getTime() - agoMs) });
  }
  const item = {
    kind: "events_failed",
    id: branch.id,
    name: branch.id,
    destination_id: destination,
    destination_name: destination,
    failed_count: 2,
    first_at: new Date(NOW.getTime() - 2 * HOUR).toISOString(),
    last_at: new Date(NOW.getTime() - HOUR).toISOString(),
  };
  const delivered = (agoMs: number) =>
    addRollups(world.pool, [
      rollup(team, agoMs, { connection_id: branch.id, destination_id: destination, delivered_count: 1 }),
    ]);
  await delivered(2 * HOUR);
  expect(await itemsOf(team)).toEqual([{ ...item, is_answering: false }]);
  await delivered(30 * MINUTE);
  expect(await itemsOf(team)).toEqual([{ ...item, is_answering: true }]);
});

test("a connection that holds events, why and since when, and only to its own team", async () => {
  const [team, other] = [await world.team(), await world.team()];
  const branch = await team.connection(await team.source(), await team.destination(), { paused_at: NOW });
  for (const agoMs of [HOUR, MINUTE]) {
    const request = await team.request(branch.source_id, { agoMs });
    await team.event(request, branch, { status: "HOLD", hold_reason: "connection_paused", next_attempt_at: NOW });
  }
  expect(await itemsOf(team)).toEqual([
    {
      kind: "connection_held",
      id: branch.id,
      name: branch.id,
      reason: "connection_paused",
      hold_count: 2,
      oldest_at: new Date(NOW.getTime() - HOUR).toISOString(),
    },
  ]);
  expect(await itemsOf(other)).toEqual([]);
});

test("a source that has gone silent against its habit, and not one that always was", async () => {
  const team = await world.team();
  const [silent, rare, busy] = [await team.source(), await team.source(), await team.source()];
  const accepted = (id: string, agoMs: number) => rollup(team, agoMs, { source_id: id, accepted_count: 5 });
  await addRollups(world.pool, [
    ...Array.from({ length: 10 }, (_, n) => accepted(silent, 2 * HOUR + n * 10 * MINUTE)),
    rollup(team, 20 * HOUR, { source_id: rare, accepted_count: 5 }),
    ...Array.from({ length: 20 }, (_, n) => accepted(busy, n * 10 * MINUTE)),
  ]);
  const items = await itemsOf(team);
  expect(items).toMatchObject([
    { kind: "source_silent", id: silent, last_at: new Date(NOW.getTime() - 2 * HOUR).toISOString() },
  ]);
});

test("a source that refuses far more than usual, and not one that always refuses as much", async () => {
  const team = await world.team();
  const [spike, usual] = [await team.source(), await team.source()];
  const rejected = (id: string, agoMs: number, count: number) =>
    rollup(team, agoMs, { source_id: id, rejected_count: count });
  await addRollups(world.pool, [
    rejected(spike, MINUTE, 12),
    ...Array.from({ length: 90 }, (_, n) => rejected(usual, n * 15 * MINUTE + MINUTE, 12)),
  ]);
  expect(await itemsOf(team)).toEqual([
    { kind: "rejections_spike", id: spike, name: spike, rejected_count: 12, usual_count: 0 },
  ]);
});
