// Notifications: issues go out as deliveries, to webhooks, chats and pagers alike, with nothing of a payload.
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { deleteConnection } from "#server/resources/connections.ts";
import { getDestination, updateDestination } from "#server/resources/destinations.ts";
import { resolveIssue } from "#server/resources/issues.ts";
import { listNotificationResults } from "#server/resources/notification-results.ts";
import { createNotification, listNotifications, testNotification } from "#server/resources/notifications.ts";
import { createSource } from "#server/resources/sources.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const ROUTING_KEY = "canary-routing-key-4R8T2W6Y";

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

const at = (path: string) => receiver.receipts.filter(({ url }) => url === path);
const bodiesAt = (path: string) => at(path).map(({ body }) => JSON.parse(body.toString()));

test("a source that has the name of the system source already keeps nobody from being told", async () => {
  await createSource(world.ctx, { name: "switchyard" });
  const input = { name: "first", channel: "webhook" as const, url: receiver.url };
  const made = await createNotification(world.ctx, input);
  await deleteConnection(world.ctx, { id: made.id });
});

test("each channel gets a test that says so, alone, and the whole way of a delivery is kept of it", async () => {
  const url = (path: string) => new URL(path, receiver.url).href;
  await createNotification(world.ctx, { name: "hook", channel: "webhook", url: url("/hook"), kinds: ["backlog"] });
  await createNotification(world.ctx, { name: "chat", channel: "chat", url: url("/chat") });
  await createNotification(world.ctx, {
    name: "pager",
    channel: "pager",
    url: url("/pager"),
    routing_key: ROUTING_KEY,
  });
  const { data } = await listNotifications(world.ctx);
  expect(data.map(({ name, kinds }) => [name, kinds])).toEqual([
    ["pager", null],
    ["chat", null],
    ["hook", ["backlog"]],
  ]);
  const pager = data[0];
  if (!pager) throw new Error("There is no pager.");
  // The end of an issue must not overtake its beginning, which may have to be tried again.
  expect(await getDestination(world.ctx, { id: pager.destination_id })).toMatchObject({
    config: { ordering: "by_key", ordering_key: "body.dedup_key", on_order_failure: "skip" },
  });
  await testNotification(world.ctx, { id: pager.id });
  await expect.poll(() => at("/pager").length, { timeout: 10_000 }).toBe(1);
  expect(JSON.stringify(at("/pager")[0]?.headers)).not.toContain(ROUTING_KEY);
  expect(bodiesAt("/pager")[0]).toMatchObject({
    routing_key: ROUTING_KEY,
    type: "notification.test",
    text: expect.stringMatching(/^A test of pager: nothing is wrong\./),
    event_action: "trigger",
    payload: { severity: "info", source: "switchyard", summary: expect.any(String) },
  });
  expect([at("/hook").length, at("/chat").length]).toEqual([0, 0]);
  const [event] = await world.events(pager.id);
  expect(event?.event_type).toBe("notification.test");
  expect(JSON.stringify(await world.attempts(event?.id ?? ""))).not.toContain(ROUTING_KEY);
  const stored = await world.all("select convert_from(body, 'UTF8') as body from request");
  expect(JSON.stringify(stored)).not.toContain(ROUTING_KEY);
});

test("the address of a chat is a credential: it is used whole, and read nowhere", async () => {
  const path = "/services/T0/canary-chat-path-7Q?token=canary-chat-query-7Q";
  const url = new URL(path, receiver.url).href;
  const made = await createNotification(world.ctx, { name: "secret chat", channel: "chat", url, kinds: ["backlog"] });
  await testNotification(world.ctx, { id: made.id });
  await expect.poll(() => at(path).length, { timeout: 10_000 }).toBe(1);
  const [event] = await world.events(made.id);
  await expect.poll(() => world.attempts(event?.id ?? ""), { timeout: 10_000 }).toHaveLength(1);
  const shown = await getDestination(world.ctx, { id: made.destination_id });
  expect(shown).toMatchObject({ config: { url: `${new URL(url).origin}/`, auth_type: "SECRET_PATH" } });
  const read = [
    shown,
    await world.all("select requested_url, request_headers from attempt"),
    await world.all("select config from destination"),
    await world.all("select * from audit_entry"),
  ];
  expect(JSON.stringify(read)).not.toContain("canary-chat");
  // A path that nobody would send, and everybody could read.
  await expect(updateDestination(world.ctx, { id: made.destination_id, config: { url } })).rejects.toMatchObject({
    code: "UNPROCESSABLE",
    issues: [{ path: "config.url", message: expect.stringContaining("config.auth.url_path") }],
  });
});

test("an issue tells those who want its kind when it opens and when it ends", async () => {
  const made = await world.connect({
    name: "orders",
    source: { name: "shop" },
    destination: { name: "crm", config: { url: "https://receiver.example.com/hook" } },
  });
  const row = {
    team_id: "tm_default",
    source_id: made.source_id,
    connection_id: made.id,
    destination_id: made.destination_id,
  };
  await addRollups(world.pool, [{ ...row, bucket: minuteOf(new Date(Date.now() - 60_000)), attempt_count: 12 }]);
  await watchTeams(world.worker.issues);
  await expect.poll(() => at("/chat").length, { timeout: 10_000 }).toBe(1);
  expect(bodiesAt("/chat")[0].text).toMatch(/^Connection orders fails: 12 attempts .*\/issues\?open=iss_/);
  await expect.poll(() => at("/pager").length, { timeout: 10_000 }).toBe(2);
  const [, opened] = bodiesAt("/pager");
  expect(opened).toMatchObject({ event_action: "trigger", payload: { severity: "error" } });
  await addRollups(world.pool, [{ ...row, bucket: minuteOf(new Date()), attempt_count: 3, delivered_count: 3 }]);
  await watchTeams(world.worker.issues);
  await expect.poll(() => at("/pager").length, { timeout: 10_000 }).toBe(3);
  expect(bodiesAt("/pager")[2]).toMatchObject({ event_action: "resolve", dedup_key: opened.dedup_key });
  // It wants another kind.
  expect(at("/hook")).toEqual([]);
});

test("an issue that somebody ends by hand is over for the pager too, and that is told once", async () => {
  const made = await world.connect({
    name: "refunds",
    source: { name: "tills" },
    destination: { name: "books", config: { url: "https://receiver.example.com/books" } },
  });
  const { source_id, id: connection_id, destination_id } = made;
  const bucket = minuteOf(new Date(Date.now() - 60_000));
  await addRollups(world.pool, [
    { team_id: "tm_default", source_id, connection_id, destination_id, bucket, attempt_count: 12 },
  ]);
  await watchTeams(world.worker.issues);
  const [issue] = await world.all<{ id: string }>("select id from issue where subject_id = $1", [connection_id]);
  const actionsOf = () =>
    bodiesAt("/pager").flatMap(({ dedup_key, event_action }) => (dedup_key === issue?.id ? [event_action] : []));
  await expect.poll(actionsOf, { timeout: 10_000 }).toEqual(["trigger"]);
  await resolveIssue(world.ctx, { id: issue?.id ?? "" });
  await watchTeams(world.worker.issues);
  await watchTeams(world.worker.issues);
  await expect.poll(actionsOf, { timeout: 10_000 }).toEqual(["trigger", "resolve"]);
  const told = await world.all("select id from request where event_type = 'issue.resolved.connection_failing'");
  expect(told).toHaveLength(2);
});

test("a test of a notification is no change of configuration", async () => {
  const [one] = (await listNotifications(world.ctx)).data;
  await testNotification(world.ctx, { id: one?.id ?? "" });
  await watchTeams(world.worker.issues);
  const changes = await world.all<{ body: string }>(
    "select convert_from(body, 'UTF8') as body from request where event_type like 'configuration.changed.%'",
  );
  const actions = changes.map(({ body }) => JSON.parse(body).data.action);
  expect(new Set(actions)).toEqual(new Set(["create"]));
});

test("what cannot be told to is said at its field, and nothing is saved", async () => {
  const before = (await listNotifications(world.ctx)).data.length;
  const make = (input: object) => createNotification(world.ctx, { name: "wrong", channel: "webhook", ...input });
  await expect(make({})).rejects.toMatchObject({ code: "UNPROCESSABLE", issues: [{ path: "url" }] });
  await expect(make({ channel: "pager" })).rejects.toMatchObject({ issues: [{ path: "routing_key" }] });
  await expect(make({ url: receiver.url, routing_key: "x" })).rejects.toMatchObject({
    issues: [{ path: "routing_key" }],
  });
  await expect(make({ url: "http://169.254.169.254/" })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  const { url: back } = await createSource(world.ctx, { name: "back" });
  await expect(make({ channel: "chat", url: back })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  await expect(make({ channel: "chat", url: "no URL" })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  expect((await listNotifications(world.ctx)).data).toHaveLength(before);
  const [other] = await world.all<{ id: string }>("select id from connection where name = 'orders'");
  await expect(testNotification(world.ctx, { id: other?.id ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what came of telling each last is listed with its attempt, for one's own team alone", async () => {
  const { data: before } = await listNotificationResults(world.ctx);
  const made = await createNotification(world.ctx, {
    name: "moody",
    channel: "webhook",
    url: new URL("/moody", receiver.url).href,
  });
  expect((await listNotificationResults(world.ctx)).data.map(({ id }) => id)).not.toContain(made.id);
  await testNotification(world.ctx, { id: made.id });
  const lastOf = async () => (await listNotificationResults(world.ctx)).data.find(({ id }) => id === made.id);
  const first = await eventually(lastOf, (result) => result !== undefined);
  const [event] = await world.events(made.id);
  const [attempt] = await world.attempts(event?.id ?? "");
  expect(first).toMatchObject({
    attempt_id: attempt?.id,
    event_id: event?.id,
    is_delivered: true,
    response_status: 200,
  });
  await using failing = await startReceiver({ status: 503 });
  await updateDestination(world.ctx, { id: made.destination_id, config: { url: failing.url } });
  await testNotification(world.ctx, { id: made.id });
  const second = await eventually(lastOf, (result) => result?.attempt_id !== first?.attempt_id);
  expect(second).toMatchObject({ is_delivered: false, response_status: 503 });
  expect((await listNotificationResults(world.ctx)).data).toHaveLength(before.length + 1);
  expect(await listNotificationResults({ ...world.ctx, teamId: "tm_other" })).toEqual({ data: [] });
});
