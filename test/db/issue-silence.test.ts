// Silence of sources over real rows: to the second, and not by what anybody with the URL may send.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Issue } from "#server/contracts/issue.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { listIssues } from "#server/resources/issues.ts";
import { keepLog } from "#test/support/logged.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const START = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(START);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
/** A look at all teams, some minutes after the start. */
function lookAt(minutes: number): Promise<void> {
  const now = () => new Date(START.getTime() + minutes * MINUTE);
  const { log } = keepLog("error");
  return watchTeams({ pool: world.pool, log, now, dashboardUrl: "http://127.0.0.1:3000", changed: () => undefined });
}
const count = ({ ctx }: Team, atMs: number, row: Partial<RollupDelta> & { source_id: string }) => {
  const bucket = minuteOf(new Date(START.getTime() + atMs));
  return addRollups(world.pool, [{ team_id: ctx.teamId, bucket, connection_id: "", destination_id: "", ...row }]);
};
const issuesOf = async ({ ctx }: Team): Promise<Issue[]> =>
  (await listIssues(ctx, { limit: 100, order_by: "created_at", dir: "desc" })).data;
/** A team with a source that was heard every ten minutes until the start. */
async function makeRegular() {
  const team = await world.team();
  const source = await team.source();
  for (let minutes = -600; minutes <= 0; minutes += 10) {
    await count(team, minutes * MINUTE, { source_id: source, accepted_count: 1 });
  }
  return { team, source };
}

test("a source that was heard every ten minutes is silent after thirty to the second, and not before", async () => {
  const { team, source } = await makeRegular();
  // The rollup knows the minute alone; the request came at its forty-second.
  await team.request(source, { agoMs: -40_000 });
  await lookAt(1);
  await lookAt(30);
  expect(await issuesOf(team)).toEqual([]);
  await lookAt(30 + 39.999 / 60);
  expect(await issuesOf(team)).toEqual([]);
  await lookAt(30 + 40 / 60);
  expect(await issuesOf(team)).toMatchObject([
    {
      kind: "source_silent",
      needs_person: false,
      subject: { kind: "source", id: source },
      evidence: { heard_at: "2026-05-29T12:30:40.000Z", period_ms: 10 * MINUTE },
    },
  ]);
  await count(team, 41 * MINUTE, { source_id: source, accepted_count: 1 });
  await lookAt(42);
  expect(await issuesOf(team)).toMatchObject([{ state: "resolved", resolved_because: "It sends again." }]);
});

test("requests that are refused neither hide a silence nor teach a rhythm", async () => {
  const { team, source } = await makeRegular();
  const scanned = await team.source();
  for (let minutes = -600; minutes <= 0; minutes += 10) {
    await count(team, minutes * MINUTE, { source_id: scanned, rejected_count: 1 });
  }
  for (let minutes = 1; minutes <= 40; minutes++) {
    await count(team, minutes * MINUTE, { source_id: source, rejected_count: 1 });
  }
  await lookAt(0);
  await lookAt(40);
  expect(await issuesOf(team)).toMatchObject([{ kind: "source_silent", state: "open", subject: { id: source } }]);
  const learnt = await world.pool.query("select source_id from source_rhythm where team_id = $1", [team.ctx.teamId]);
  expect(learnt.rows).toEqual([{ source_id: source }]);
});

test("a source of which every signature fails is not said to be silent besides", async () => {
  const { team, source } = await makeRegular();
  for (let minutes = 1; minutes <= 40; minutes++) {
    await count(team, minutes * MINUTE, { source_id: source, rejected_count: 9, signature_failure_count: 9 });
  }
  await lookAt(0);
  await lookAt(5);
  await lookAt(40);
  expect((await issuesOf(team)).map(({ kind }) => kind)).toEqual(["signature_failures"]);
});
