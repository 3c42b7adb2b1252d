// Quiet hours of a notification: what comes then is kept back with its reason, and told afterwards in one message.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { QuietHours } from "#server/contracts/quiet-hours.ts";
import type { Queryable } from "#server/database/db.ts";
import { tellQuiet } from "#server/issues/tell-quiet.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import {
  createNotification,
  getNotification,
  testNotification,
  updateNotification,
} from "#server/resources/notifications.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const MINUTE_MS = 60_000;
const patient = { timeout: 10_000 };
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
const now = Date.now();
const ago = (minutes: number) => minuteOf(new Date(now)).getTime() - minutes * MINUTE_MS;
/** From two hours ago; on the minute. */
const quiet = (passes: QuietHours["passes"], untilMs: number): QuietHours => ({
  from: clock(ago(120)),
  until: clock(untilMs),
  time_zone: "UTC",
  passes,
});

let world: World;
let receiver: Receiver;
beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const toldAt = (name: string) =>
  receiver.receipts.filter(({ url }) => url === `/${name}`).map(({ body }) => JSON.parse(body.toString()));
async function tell(name: string, quiet_hours: QuietHours | null) {
  const url = new URL(`/${name}`, receiver.url).href;
  const { id } = await createNotification(world.ctx, { name, channel: "webhook", url });
  return updateNotification(world.ctx, { id, quiet_hours });
}
/** What quiet hours kept back of a channel, when it is so much. Other happenings may be filtered meanwhile. */
const keptBack = (id: string, count: number) =>
  eventually(
    async () => (await world.ignored(id)).filter(({ cause }) => cause === "QUIET_HOURS"),
    ({ length }) => length === count,
  );
/** The statements of a look for what is to be told, by a team that was looked at before. */
async function lookAgain(atMs: number, beforeMs: number) {
  const asked: string[] = [];
  const query = (statement: { name: string; text: string }) => {
    asked.push(statement.name);
    return world.pool.query(statement);
  };
  const db = { query } as Queryable;
  const team = { id: world.ctx.teamId, watched_at: new Date(beforeMs), dashboardUrl: "https://switchyard.example.com" };
  await tellQuiet(db, team, new Date(atMs));
  return asked;
}
const watch = (atMs: number) => watchTeams({ ...world.worker.issues, now: () => new Date(atMs) });

/** A connection whose attempts fail, which is an issue at the next look. */
async function fail(name: string, atMs: number) {
  const made = await world.connect({
    name,
    source: { name: `${name}-source` },
    destination: { name: `${name}-destination`, config: { url: "https://receiver.example.com/hook" } },
  });
  const { source_id, id: connection_id, destination_id } = made;
  const row = { team_id: world.ctx.teamId, source_id, connection_id, destination_id };
  await addRollups(world.pool, [{ ...row, bucket: minuteOf(new Date(atMs - MINUTE_MS)), attempt_count: 12 }]);
}

test("what is kept back in quiet hours is told afterwards, once, in one message, to that channel alone", async () => {
  const [night, morning] = [ago(60), ago(10)];
  const asleep = await tell("asleep", quiet("nothing", morning));
  await tell("awake", null);
  await tell("errors", quiet("errors", morning));
  expect(await getNotification(world.ctx, { id: asleep.id })).toMatchObject({ quiet_hours: quiet("nothing", morning) });
  await fail("orders", night);
  await fail("invoices", night);
  await watch(night);
  await expect.poll(() => [toldAt("awake").length, toldAt("errors").length], patient).toEqual([2, 2]);
  const kept = await keptBack(asleep.id, 2);
  expect(kept[0]?.detail).toContain("in one message");
  // A test that somebody asks for is sent.
  await testNotification(world.ctx, { id: asleep.id });
  await expect.poll(() => toldAt("asleep").map(({ type }) => type), patient).toEqual(["notification.test"]);

  await watch(morning);
  expect(await world.events(asleep.id)).toHaveLength(1);
  await watch(morning + 3 * MINUTE_MS);
  await watch(morning + 4 * MINUTE_MS);
  await expect.poll(() => toldAt("asleep").length, patient).toBe(2);
  const message = toldAt("asleep")[1];
  expect(message).toMatchObject({ type: "issue.kept_back", data: { kept_back_count: 2 } });
  expect(message.text).toMatch(/^2 messages were kept back in quiet hours\. Still so: /);
  expect(message.text).toContain("Connection orders fails");
  expect(message.text).toContain("Connection invoices fails");
  expect(await world.all("select 1 from request where event_type = 'issue.kept_back'")).toHaveLength(1);
  expect([...toldAt("awake"), ...toldAt("errors")].some(({ type }) => type === "issue.kept_back")).toBe(false);

  // What is told is asked for no more; only the channel that let errors pass is. Long after the end nothing is.
  const [settled, later] = [morning + 3 * MINUTE_MS, morning + 60 * MINUTE_MS];
  expect(await lookAgain(settled, morning)).toEqual(["quiet-channels", "quiet-told", "quiet-moved", "quiet-kept-back"]);
  expect(await lookAgain(later, later - MINUTE_MS)).toEqual(["quiet-channels"]);

  // Hours that are changed afterwards tell nothing of it again.
  await updateNotification(world.ctx, { id: asleep.id, quiet_hours: quiet("nothing", ago(5)) });
  await watch(ago(1));
  expect(await world.all("select 1 from request where event_type = 'issue.kept_back'")).toHaveLength(1);
});

test("hours that are taken away while they last tell what they kept back until then", async () => {
  const { id } = await tell("restless", quiet("nothing", ago(-120)));
  await fail("refunds", now);
  await watch(now);
  await keptBack(id, 1);
  await updateNotification(world.ctx, { id, quiet_hours: null });
  await watch(Date.now() + 3 * MINUTE_MS);
  await expect.poll(() => toldAt("restless").map(({ type }) => type), patient).toEqual(["issue.kept_back"]);
  expect(toldAt("restless")[0].text).toContain("One message was kept back");
});

test("a pager has none, and another team's channel is not found", async () => {
  const pager = { name: "pager", channel: "pager" as const, routing_key: "canary-key-0123456789" };
  const { id } = await createNotification(world.ctx, pager);
  await expect(updateNotification(world.ctx, { id, quiet_hours: quiet("errors", now) })).rejects.toMatchObject({
    issues: [{ path: "quiet_hours", message: expect.stringContaining("own schedules") }],
  });
  const stranger = { ...world.ctx, teamId: "tm_other" };
  await expect(updateNotification(stranger, { id, quiet_hours: null })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("so many channels of a team have quiet hours that a look at all of them stays short", async () => {
  const { id: teamId } = await world.ctx.app.db.team.create({ data: { id: "tm_many", name: "Many" } });
  const ctx = { ...world.ctx, teamId };
  const made = (name: string) =>
    createNotification(ctx, { name, channel: "webhook", url: new URL("/many", receiver.url).href });
  const hours = quiet("nothing", ago(-60));
  const first = await made("first");
  await updateNotification(ctx, { id: first.id, quiet_hours: hours });
  const copies = (count: number, prefix: string, quiet_hours: object) =>
    world.pool.query(
      `insert into connection (team_id, id, name, source_id, destination_id, quiet_hours, created_at, updated_at)
       select team_id, $2 || n, $2 || n, source_id, destination_id, $3::jsonb, created_at, updated_at
       from connection, generate_series(1, $4) as n where id = $1`,
      [first.id, prefix, quiet_hours, count],
    );
  await copies(98, "lasting", { hours, cut: null });
  // Hours that ended long ago tell nothing any more, and take no room.
  await copies(50, "long-over", { hours: null, cut: { fromMs: 0, untilMs: Date.now() - 13 * 60 * MINUTE_MS } });
  const last = await made("last");
  expect((await updateNotification(ctx, { id: last.id, quiet_hours: hours })).quiet_hours).toEqual(hours);
  const over = await made("over");
  await expect(updateNotification(ctx, { id: over.id, quiet_hours: hours })).rejects.toMatchObject({
    issues: [{ path: "quiet_hours", message: expect.stringContaining("at most 100") }],
  });
  expect((await getNotification(ctx, { id: over.id })).quiet_hours).toBeNull();
  // One that has them is changed as ever; one that had them just now still counts, since it still tells.
  await updateNotification(ctx, { id: last.id, quiet_hours: { ...hours, passes: "errors" } });
  await updateNotification(ctx, { id: last.id, quiet_hours: null });
  await expect(updateNotification(ctx, { id: over.id, quiet_hours: hours })).rejects.toThrow("at most 100");
});
