// When a destination broke, over attempts that lie minutes and days apart.
import { afterAll, beforeAll, expect, test } from "vitest";
import { getFailureDiff } from "#server/resources/failure-diff.ts";
import { createObservedWorld, type TestBranch } from "#test/support/observed-rows.ts";
import { minuteOf } from "#test/support/rollups.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;

async function makeTeam() {
  const team = await world.team();
  return { team, branch: await team.connection(await team.source(), await team.destination()) };
}

/** An event with one attempt, counted in its minute as settling counts it. */
async function tried(team: Team, branch: TestBranch, agoMs: number, isGood: boolean) {
  const request = await team.request(branch.source_id, { agoMs });
  const eventId = await team.event(request, branch, { status: isGood ? "DELIVERED" : "FAILED" });
  const outcome = isGood ? { response_status: 200 } : { response_status: 503, error_code: "BAD_RESPONSE" as const };
  const attemptId = await team.attempt(eventId, branch, { agoMs, ...outcome });
  await world.pool.query(
    `insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, attempt_count, delivered_count)
     values ($1, $2, $3, $4, $5, 1, $6)
     on conflict (team_id, bucket, source_id, connection_id, destination_id) do update
     set attempt_count = m.attempt_count + 1, delivered_count = m.delivered_count + $6`,
    [
      team.ctx.teamId,
      minuteOf(new Date(NOW.getTime() - agoMs)),
      branch.source_id,
      branch.id,
      branch.destination_id,
      isGood ? 1 : 0,
    ],
  );
  return { eventId, attemptId };
}

test("finds both sides across minutes without traffic, past a failure that lies before the last good one", async () => {
  const { team, branch } = await makeTeam();
  // The minute of the last good attempt has a failure before it, which did not break anything.
  await tried(team, branch, 600 * MINUTE - 10_000, false);
  const good = await tried(team, branch, 600 * MINUTE - 30_000, true);
  const firstBad = await tried(team, branch, 300 * MINUTE, false);
  await tried(team, branch, 200 * MINUTE, false);
  const last = await tried(team, branch, MINUTE, false);
  const diff = await getFailureDiff(team.ctx, { id: last.eventId });
  expect([diff.good?.id, diff.bad?.id]).toEqual([good.attemptId, firstBad.attemptId]);
});

test("is of the event's own destination and team, whatever else was delivered meanwhile", async () => {
  const { team, branch } = await makeTeam();
  const elsewhere = await team.connection(branch.source_id, await team.destination());
  const other = await makeTeam();
  const bad = await tried(team, branch, 5 * MINUTE, false);
  await tried(team, elsewhere, 6 * MINUTE, true);
  await tried(other.team, { ...other.branch, destination_id: branch.destination_id }, 6 * MINUTE, true);
  expect(await getFailureDiff(team.ctx, { id: bad.eventId })).toMatchObject({ good: null, bad: { id: bad.attemptId } });
});

test("does not look back further than seven days", async () => {
  const { team, branch } = await makeTeam();
  await world.pool.query(
    `insert into rollup_minute (team_id, bucket, source_id, connection_id, destination_id, attempt_count, delivered_count)
     values ($1, $2, $3, $4, $5, 1, 1)`,
    [
      team.ctx.teamId,
      minuteOf(new Date(NOW.getTime() - 8 * 1440 * MINUTE)),
      branch.source_id,
      branch.id,
      branch.destination_id,
    ],
  );
  const bad = await tried(team, branch, MINUTE, false);
  expect((await getFailureDiff(team.ctx, { id: bad.eventId })).good).toBeNull();
});
