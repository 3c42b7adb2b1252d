// The watch over real rows: what it opens, what it ends, and that one team's trouble is no other's.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Issue } from "#server/contracts/issue.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { countIssues, getIssue, listIssues, resolveIssue, snoozeIssue, wakeIssue } from "#server/resources/issues.ts";
import { keepLog } from "#test/support/logged.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";

const START = new Date("2026-05-29T12:30:00.000Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
let now = START;
beforeAll(async () => {
  world = await createObservedWorld(START);
  world.app.now = () => now;
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
const changed: string[] = [];
const tools = () => ({
  pool: world.pool,
  log: keepLog("error").log,
  now: () => now,
  dashboardUrl: "http://127.0.0.1:3000",
  changed: (teamId: string) => void changed.push(teamId),
});
/** A look at all teams, some minutes after the first. */
async function lookAt(minutes: number): Promise<void> {
  now = new Date(START.getTime() + minutes * MINUTE);
  await watchTeams(tools());
}
const count = (team: Team, atMs: number, row: Partial<RollupDelta>) =>
  addRollups(world.pool, [
    {
      team_id: team.ctx.teamId,
      bucket: minuteOf(new Date(START.getTime() + atMs)),
      source_id: "src_x",
      connection_id: "",
      destination_id: "",
      ...row,
    },
  ]);
const issuesOf = async (team: Team): Promise<Issue[]> =>
  (await listIssues(team.ctx, { limit: 100, order_by: "created_at", dir: "desc" })).data;
/** A team with a branch. */
async function makeBranch(rules: object[] = []) {
  const team = await world.team();
  const [source, destination] = [await team.source(), await team.destination()];
  const branch = await team.connection(source, destination, { rules: JSON.stringify(rules) });
  const attempts = (atMs: number, attempt_count: number, delivered_count: number) =>
    count(team, atMs, {
      source_id: source,
      connection_id: branch.id,
      destination_id: destination,
      attempt_count,
      delivered_count,
    });
  return { team, source, destination, branch, attempts };
}

test("a connection that fails is one issue that counts on, and ends when events are delivered again", async () => {
  const { team, branch, destination, attempts } = await makeBranch();
  await attempts(-2 * MINUTE, 12, 0);
  await lookAt(0);
  const [opened] = await issuesOf(team);
  expect(opened).toMatchObject({
    kind: "connection_failing",
    state: "open",
    subject: { kind: "connection", id: branch.id, name: branch.id },
    needs_person: true,
    count: 12,
    first_at: "2026-05-29T12:28:00.000Z",
    evidence: { failed_attempts: 12, destination_id: destination, last_delivered_at: null },
  });
  await attempts(MINUTE, 5, 0);
  await lookAt(1);
  await lookAt(2);
  expect(await issuesOf(team)).toMatchObject([{ id: opened?.id, count: 17, state: "open" }]);
  await attempts(2 * MINUTE, 4, 4);
  await lookAt(3);
  expect(await issuesOf(team)).toMatchObject([
    { id: opened?.id, count: 17, state: "resolved", resolved_because: "Events are delivered again." },
  ]);
  expect((await issuesOf(team))[0]?.history.map(({ what }) => what)).toEqual(["opened", "resolved"]);
  expect(changed).toContain(team.ctx.teamId);
});

test("a transformation that throws is named with its version, over all its connections", async () => {
  const team = await world.team();
  const id = "trs_throws";
  await world.pool.query(
    "insert into transformation (id, team_id, name, code, version, updated_at) values ($1, $2, 'order-shape', '', 12, $3)",
    [id, team.ctx.teamId, START],
  );
  const rules = JSON.stringify([{ type: "transform", transformation_id: id }]);
  for (const errors of [2, 3]) {
    const branch = await team.connection(await team.source(), await team.destination(), { rules });
    const counts = { ignored_count: errors, ignored_transform_count: errors, event_count: 9 };
    await count(team, -MINUTE, { connection_id: branch.id, destination_id: branch.destination_id, ...counts });
  }
  await lookAt(0);
  expect(await issuesOf(team)).toMatchObject([
    {
      kind: "transform_errors",
      subject: { kind: "transformation", id, name: "order-shape" },
      evidence: { errors: 5, requests: 23, version: 12 },
    },
  ]);
});

test("signatures that fail from one minute on say that the secret was probably rotated, and end when they verify", async () => {
  const team = await world.team();
  const source = await team.source();
  const door = (atMs: number, accepted_count: number, signature_failure_count: number) =>
    count(team, atMs, { source_id: source, accepted_count, signature_failure_count });
  await door(-20 * MINUTE, 50, 0);
  await door(-2 * MINUTE, 0, 30);
  await lookAt(0);
  expect(await issuesOf(team)).toMatchObject([
    {
      kind: "signature_failures",
      subject: { kind: "source", id: source },
      count: 30,
      evidence: { failed_count: 30, is_probably_rotated: true, last_accepted_at: "2026-05-29T12:10:00.000Z" },
    },
  ]);
  await door(4 * MINUTE, 3, 0);
  await lookAt(5);
  expect(await issuesOf(team)).toMatchObject([{ state: "resolved" }]);
});

test("a line whose first event is a quarter of an hour late is a backlog; waiting retries are none", async () => {
  const { team, source, destination, branch } = await makeBranch();
  const request = await team.request(source, { agoMs: 40 * MINUTE });
  const at = (minutes: number) => new Date(START.getTime() + minutes * MINUTE);
  const event = await team.event(request, branch, { status: "RETRYING", next_attempt_at: at(1) });
  await world.pool.query("insert into branch_count_delta values ($1, $2, $3, $4, 0, 0, 1, 0, 0)", [
    team.ctx.teamId,
    source,
    branch.id,
    destination,
  ]);
  await count(team, 0, { accepted_count: 1 });
  await lookAt(15);
  expect(await issuesOf(team)).toEqual([]);
  await lookAt(16);
  expect(await issuesOf(team)).toMatchObject([
    {
      kind: "backlog",
      subject: { kind: "destination", id: destination },
      evidence: { late_ms: 15 * MINUTE, waiting_count: 1 },
    },
  ]);
  await world.pool.query("update event set status = 'DELIVERED' where id = $1", [event]);
  await world.pool.query("insert into branch_count_delta values ($1, $2, $3, $4, 0, 0, -1, 0, 0)", [
    team.ctx.teamId,
    source,
    branch.id,
    destination,
  ]);
  await lookAt(17);
  expect(await issuesOf(team)).toMatchObject([{ state: "resolved", resolved_because: "Nothing waits any more." }]);
});

describe("a person", () => {
  test("puts an issue off for a time, brings it back, and ends it; the log says who", async () => {
    const { team, attempts } = await makeBranch();
    await attempts(-MINUTE, 20, 0);
    await lookAt(0);
    const id = (await issuesOf(team))[0]?.id ?? "";
    expect(await countIssues(team.ctx)).toEqual({ open_count: 1, needs_person_count: 1, snoozed_count: 0 });
    const snoozed = await snoozeIssue(team.ctx, { id, for_ms: 5 * MINUTE });
    expect(snoozed).toMatchObject({ state: "snoozed", snoozed_until: "2026-05-29T12:35:00.000Z" });
    await lookAt(4);
    expect(await getIssue(team.ctx, { id })).toMatchObject({ state: "snoozed" });
    expect(await countIssues(team.ctx)).toEqual({ open_count: 0, needs_person_count: 0, snoozed_count: 1 });
    await lookAt(5);
    expect(await getIssue(team.ctx, { id })).toMatchObject({ state: "open", snoozed_until: null });
    await snoozeIssue(team.ctx, { id, for_ms: HOUR });
    expect(await wakeIssue(team.ctx, { id })).toMatchObject({ state: "open" });
    expect(await resolveIssue(team.ctx, { id })).toMatchObject({
      state: "resolved",
      resolved_because: "Resolved by hand.",
    });
    await expect(resolveIssue(team.ctx, { id })).rejects.toMatchObject({ code: "CONFLICT" });
    const audit = await world.app.db.auditEntry.findMany({
      where: { team_id: team.ctx.teamId, resource_kind: "issue" },
      orderBy: { seq: "asc" },
    });
    expect(audit.map(({ action }) => action)).toEqual(["snooze", "snooze", "wake", "resolve"]);
  });

  test("who has resolved what goes on is told again after an hour, of the same issue", async () => {
    const { team, attempts } = await makeBranch();
    await attempts(-MINUTE, 20, 0);
    await lookAt(0);
    const id = (await issuesOf(team))[0]?.id ?? "";
    await resolveIssue(team.ctx, { id });
    await attempts(58 * MINUTE, 20, 0);
    await lookAt(59);
    expect(await getIssue(team.ctx, { id })).toMatchObject({ state: "resolved" });
    await lookAt(60);
    expect(await issuesOf(team)).toMatchObject([{ id, state: "open", opened_count: 2 }]);
  });
});

test("an issue ends with its subject, by the name that it had", async () => {
  const { team, branch, attempts } = await makeBranch();
  await attempts(-MINUTE, 20, 0);
  await lookAt(0);
  await world.pool.query("delete from connection where id = $1", [branch.id]);
  await lookAt(1);
  expect(await issuesOf(team)).toMatchObject([
    { state: "resolved", resolved_because: "The connection was deleted.", subject: { name: branch.id } },
  ]);
});

test("two looks at once open one issue", async () => {
  const { team, attempts } = await makeBranch();
  await attempts(-MINUTE, 20, 0);
  now = START;
  await Promise.all([watchTeams(tools()), watchTeams(tools())]);
  expect(await issuesOf(team)).toMatchObject([{ state: "open", count: 20 }]);
});

test("a team that cannot be looked at keeps no other team waiting", async () => {
  const [stuck, other] = [await makeBranch(), await makeBranch()];
  await stuck.attempts(-MINUTE, 20, 0);
  await other.attempts(-MINUTE, 20, 0);
  now = START;
  // Somebody's long transaction holds the row that the look must write.
  const holder = new pg.Client({ connectionString: world.url });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("begin");
  await holder.query("insert into issue_watch values ($1, now(), now())", [stuck.team.ctx.teamId]);
  const looked = watchTeams(tools());
  await expect.poll(() => issuesOf(other.team), { timeout: 1_500 }).toMatchObject([{ state: "open" }]);
  await holder.query("rollback");
  await looked;
});

test("payloads that lack what a filter reads are named with the path, by looks of every tenth minute", async () => {
  const { team, source, branch } = await makeBranch([{ type: "filter", body: { order: { total: { $gt: 5 } } } }]);
  const send = (agoMs: number, body: object) =>
    team.request(source, { agoMs, body: JSON.stringify(body), event_type: "orders/updated" });
  for (let n = 0; n < 12; n++) await send(2 * HOUR + n, { order: { total: 9 }, canary: "payload-canary-8Y" });
  for (let n = 0; n < 12; n++) await send(MINUTE + n, { order: {}, canary: "payload-canary-8Y" });
  await count(team, 0, { source_id: source, accepted_count: 1 });
  await lookAt(1);
  expect(await issuesOf(team)).toEqual([]);
  await lookAt(10);
  const issues = await issuesOf(team);
  expect(issues).toMatchObject([
    {
      kind: "payload_drift",
      subject: { kind: "connection", id: branch.id },
      evidence: { event_type: "orders/updated", paths: [{ path: "body.order.total", before: 1, now: 0 }] },
    },
  ]);
  expect(JSON.stringify(issues)).not.toContain("canary");
});
