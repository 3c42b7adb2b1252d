// What a team watches for: thresholds of its own, kinds that it does not want, and what is muted for one thing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { getIssueRules, updateIssueRules } from "#server/resources/issue-rules.ts";
import { listIssues } from "#server/resources/issues.ts";
import { keepLog } from "#test/support/logged.ts";
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
function look(minutes = 0): Promise<void> {
  const now = () => new Date(NOW.getTime() + minutes * MINUTE);
  return watchTeams({ pool: world.pool, log: keepLog("error").log, now, dashboardUrl: "", changed: () => undefined });
}
const count = ({ ctx }: Team, source_id: string, counts: Partial<RollupDelta>) =>
  addRollups(world.pool, [
    { team_id: ctx.teamId, bucket: minuteOf(NOW), source_id, connection_id: "", destination_id: "", ...counts },
  ]);
const issuesOf = async ({ ctx }: Team) =>
  (await listIssues(ctx, { limit: 100, order_by: "created_at", dir: "desc" })).data;
const statesOf = async (team: Team) => (await issuesOf(team)).map(({ subject, state }) => [subject.id, state]);

test("a team's threshold opens what the usual would not, and keeps closed what the usual would open", async () => {
  const [strict, usual, loose] = [await world.team(), await world.team(), await world.team()];
  await updateIssueRules(strict.ctx, { rules: { signature_failures: { share: 0.02 } } });
  await updateIssueRules(loose.ctx, { rules: { signature_failures: { failures: 100, share: 0.5 } } });
  const opened = async (team: Team, failures: number) => {
    await count(team, await team.source(), { accepted_count: 200, signature_failure_count: failures });
    await look();
    return (await issuesOf(team)).length;
  };
  expect([await opened(strict, 6), await opened(usual, 6)]).toEqual([1, 0]);
  expect([await opened(usual, 30), await opened(loose, 30)]).toEqual([1, 0]);
});

test("a line is late from the team's own age on, and the issue says which", async () => {
  const team = await world.team();
  const [source, destination] = [await team.source(), await team.destination()];
  const branch = await team.connection(source, destination);
  const request = await team.request(source, { agoMs: 4 * MINUTE });
  await team.event(request, branch, { status: "QUEUED", next_attempt_at: request.created_at });
  await world.pool.query("insert into branch_count_delta values ($1, $2, $3, $4, 0, 0, 1, 0, 0)", [
    team.ctx.teamId,
    source,
    branch.id,
    destination,
  ]);
  await count(team, source, { accepted_count: 1 });
  await look();
  expect(await issuesOf(team)).toEqual([]);
  await updateIssueRules(team.ctx, { rules: { backlog: { late_ms: 3 * MINUTE } } });
  await look();
  expect(await issuesOf(team)).toMatchObject([{ kind: "backlog", evidence: { threshold_ms: 3 * MINUTE } }]);
});

test("what is muted for one source, or not watched at all, ends with the reason and opens for nobody", async () => {
  const team = await world.team();
  const [one, other] = [await team.source(), await team.source()];
  for (const id of [one, other]) await count(team, id, { signature_failure_count: 30 });
  await look();
  expect(await statesOf(team)).toEqual(
    expect.arrayContaining([
      [one, "open"],
      [other, "open"],
    ]),
  );
  await updateIssueRules(team.ctx, { rules: { signature_failures: { muted_ids: [one] } } });
  await look(1);
  expect(await statesOf(team)).toEqual(
    expect.arrayContaining([
      [one, "resolved"],
      [other, "open"],
    ]),
  );
  const ended = (await issuesOf(team)).find(({ subject }) => subject.id === one);
  expect(ended?.resolved_because).toBe("The rule was muted for it.");
  await updateIssueRules(team.ctx, { rules: { signature_failures: { is_watched: false } } });
  await look(2);
  expect((await statesOf(team)).map(([, state]) => state)).toEqual(["resolved", "resolved"]);
  await updateIssueRules(team.ctx, { rules: { signature_failures: { is_watched: true, muted_ids: [] } } });
  await look(3);
  expect((await statesOf(team)).map(([, state]) => state)).toEqual(["open", "open"]);
});

test("a change keeps the rest, is recorded, and is refused where somebody else was first", async () => {
  const { ctx } = await world.team();
  expect(await getIssueRules(ctx)).toMatchObject({ updated_at: null, rules: { source_silent: { factor: 3 } } });
  const first = await updateIssueRules(ctx, { rules: { source_silent: { factor: 5 } } });
  const second = await updateIssueRules(ctx, { rules: { backlog: { late_ms: 120_000 } } });
  expect(second.rules).toMatchObject({ source_silent: { factor: 5 }, backlog: { late_ms: 120_000, is_watched: true } });
  const late = { rules: { backlog: { late_ms: 60_000 } }, if_updated_at: first.updated_at ?? "" };
  await expect(updateIssueRules(ctx, late)).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await getIssueRules(ctx)).rules.backlog.late_ms).toBe(120_000);
  const { rows } = await world.pool.query("select after from audit_entry where team_id = $1 order by seq", [
    ctx.teamId,
  ]);
  expect(rows.map(({ after }) => JSON.stringify(after))).toEqual([
    expect.stringContaining("factor"),
    expect.stringContaining("late_ms"),
  ]);
});

test("a mute of what the team does not have is refused, and one of what is deleted goes with the next change", async () => {
  const [team, other] = [await world.team(), await world.team()];
  const [mine, theirs] = [await team.source(), await other.source()];
  const mute = (...muted_ids: string[]) => updateIssueRules(team.ctx, { rules: { source_silent: { muted_ids } } });
  await expect(mute(theirs)).rejects.toMatchObject({ issues: [{ path: "rules.source_silent.muted_ids" }] });
  expect((await mute(mine)).rules.source_silent.muted_ids).toEqual([mine]);
  await world.pool.query("delete from source where id = $1", [mine]);
  expect((await mute(mine)).rules.source_silent.muted_ids).toEqual([]);
});
