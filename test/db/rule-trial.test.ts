// A rule of issues tried on the week that is over, by the counts that are kept of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TryIssueRule } from "#server/contracts/rule-trial.ts";
import { updateIssueRules } from "#server/resources/issue-rules.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { tryIssueRule } from "#server/resources/try-issue-rule.ts";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";
import { createWorld, type World } from "#test/support/world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const now = new Date(Date.now() - (Date.now() % HOUR_MS) + 30 * MINUTE_MS);

let world: World;
let branch: Pick<RollupDelta, "team_id" | "source_id" | "connection_id" | "destination_id">;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  world.ctx.app.now = () => now;
  const { id } = await createTransformation(world.ctx, { name: "throws", code: "throw new Error('no')" });
  const made = await world.connect({
    name: "orders",
    source: { name: "shop" },
    destination: { name: "crm", config: { url: "https://receiver.example.com/hook" } },
    rules: [{ type: "transform", transformation_id: id }],
  });
  const { source_id, id: connection_id, destination_id } = made;
  branch = { team_id: world.ctx.teamId, source_id, connection_id, destination_id };
  const rows = [...(await week()), ...(await week("tm_other"))];
  await addRollups(world.pool, rows);
  // The older hours are read from their sums, the newest from their minutes.
  await foldRollups(world.pool, now, new Date(now.getTime() - 30 * 24 * HOUR_MS));
  await world.pool.query(
    `insert into queue_sample (team_id, bucket, source_id, connection_id, destination_id, queue_depth, hold_count, oldest_age_ms)
     select $1, $2::timestamptz - n * interval '15 minutes', $3, $4, $5, 10, 0, 1200000 from unnest(array[100, 200, 201]) as n`,
    [world.ctx.teamId, minuteOf(now), source_id, connection_id, destination_id],
  );
});
afterAll(() => world[Symbol.asyncDispose]());

/** Twice trouble: 30 hours ago, and ten minutes ago. Requests came every ten minutes but for five hours. */
async function week(team_id = branch.team_id): Promise<RollupDelta[]> {
  const at = (agoMs: number) => ({ bucket: minuteOf(new Date(now.getTime() - agoMs)) });
  const door = { ...branch, team_id, connection_id: "", destination_id: "" };
  const trouble = { attempt_count: 12, ignored_transform_count: 6, event_count: 12 };
  const heard = Array.from({ length: 6 * 72 }, (_, n) => n * 10)
    .filter((minutes) => minutes < 20 * 60 || minutes > 25 * 60)
    .map((minutes) => ({ ...door, ...at(minutes * MINUTE_MS), accepted_count: 1 }));
  return [
    { ...branch, team_id, ...at(30 * HOUR_MS), ...trouble },
    { ...branch, team_id, ...at(29 * HOUR_MS), attempt_count: 5, delivered_count: 5, event_count: 5 },
    { ...branch, team_id, ...at(10 * MINUTE_MS), ...trouble },
    { ...door, ...at(30 * HOUR_MS + MINUTE_MS), signature_failure_count: 30, accepted_count: 1 },
    ...heard,
  ];
}

const trial = async (input: TryIssueRule) => (await tryIssueRule(world.ctx, input)).opened;

test.each<[TryIssueRule, number]>([
  [{ kind: "connection_failing" }, 2],
  // The older trouble went on for a quarter of an hour.
  [{ kind: "connection_failing", failed_in_a_row: 13 }, 1],
  [{ kind: "transform_errors" }, 2],
  [{ kind: "transform_errors", errors: 7, share: 1 }, 0],
  [{ kind: "signature_failures" }, 1],
  [{ kind: "signature_failures", failures: 31, share: 1 }, 0],
  [{ kind: "source_silent" }, 1],
  [{ kind: "source_silent", factor: 40 }, 0],
  [{ kind: "backlog" }, 2],
  [{ kind: "backlog", late_ms: 21 * MINUTE_MS }, 0],
])("%o would have opened %i times", async (input, opened) => {
  expect(await trial(input)).toBe(opened);
});

test("neither another team's week nor what is muted is counted, and a threshold that is saved is the one that is tried", async () => {
  const stranger = { ...world.ctx, teamId: "tm_third" };
  expect((await tryIssueRule(stranger, { kind: "connection_failing" })).opened).toBe(0);
  const rules = { connection_failing: { muted_ids: [branch.connection_id] }, backlog: { late_ms: 25 * MINUTE_MS } };
  await updateIssueRules(world.ctx, { rules });
  expect(await trial({ kind: "connection_failing" })).toBe(0);
  expect(await trial({ kind: "backlog" })).toBe(0);
});

test("a number that is out of bounds, or of another kind, is refused at its place", async () => {
  const wrong = (input: TryIssueRule) => expect(tryIssueRule(world.ctx, input)).rejects;
  await wrong({ kind: "source_silent", factor: 1 }).toMatchObject({ issues: [{ path: "source_silent.factor" }] });
  await wrong({ kind: "backlog", share: 0.5 }).toMatchObject({ code: "UNPROCESSABLE" });
});
