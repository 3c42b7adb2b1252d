// The system source: what happens in a team is told like a webhook, once, within bounds, and never about itself.
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "#server/auth/audit.ts";
import { newId } from "#server/ids.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { makeSystemSource } from "#server/resources/system-source.ts";
import { insertFailedEvents } from "#test/support/failed-events.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";
import { createWorld, type World } from "#test/support/world.ts";

const MINUTE = 60_000;
let world: World;
let receiver: Receiver;
let sourceId: string;
beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
  const source = await makeSystemSource(world.ctx);
  sourceId = source.id;
  await world.connect({
    name: "tell",
    source_id: sourceId,
    destination: { name: "told", config: { url: receiver.url, http_method: "POST" } },
  });
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** A look at the team, later than what happened until now by so much. */
const look = (laterMs = 0) => watchTeams({ ...world.worker.issues, now: () => new Date(Date.now() + laterMs) });
const told = () => receiver.receipts.map(({ body }) => JSON.parse(body.toString()) as Told);
interface Told {
  type: string;
  text: string;
  data: Record<string, never>;
}
const stored = async () =>
  (await world.all<{ event_type: string }>("select event_type from request where source_id = $1", [sourceId])).map(
    ({ event_type }) => event_type,
  );

test("there is one of a team, whoever asks again, and no door takes requests for it", async () => {
  const again = await Promise.all([makeSystemSource(world.ctx), makeSystemSource(world.ctx)]);
  expect(again.map(({ id, is_system }) => [id, is_system])).toEqual([
    [sourceId, true],
    [sourceId, true],
  ]);
  const answer = await fetch(world.ingestUrl(again[0]), { method: "POST", body: '{"type":"issue.opened.backlog"}' });
  expect(answer.status).toBe(404);
  expect(await stored()).toEqual([]);
});

test("a change of configuration is told once, with who and what and without its values", async () => {
  await look();
  const made = await world.connect({
    name: "orders",
    source: { name: "shop" },
    destination: { name: "crm", config: { url: receiver.url } },
  });
  const headers = { "x-token": "canary-header-value-5T" };
  await updateDestination(world.ctx, { id: made.destination_id, config: { headers } });
  await look();
  await look();
  await expect.poll(() => told().length).toBe(4);
  expect(
    told()
      .map(({ type }) => type)
      .sort(),
  ).toEqual([
    "configuration.changed.connection",
    "configuration.changed.destination",
    "configuration.changed.destination",
    "configuration.changed.source",
  ]);
  expect(told().find(({ data }) => data.action === "update")).toMatchObject({
    data: { resource: { kind: "destination", id: made.destination_id }, actor: { kind: "system", id: "test" } },
  });
  expect(JSON.stringify(told())).not.toContain("canary");
});

test("what an agent has asked is no change of configuration", async () => {
  const before = (await stored()).length;
  const { db } = world.ctx.app;
  await db.$transaction((tx) =>
    recordAudit(tx, world.ctx, "call", "api_key", "key_of_an_agent", { after: { calls: {} } }),
  );
  await updateDestination(world.ctx, { id: await destinationId(), config: { timeout_ms: 8_000 } });
  await look();
  expect((await stored()).slice(before)).toEqual(["configuration.changed.destination"]);
});

test("a change is told also where the team's issues cannot be looked at", async () => {
  const before = (await stored()).length;
  await world.all("alter table queue_sample rename to queue_sample_away");
  await updateDestination(world.ctx, { id: await destinationId(), config: { timeout_ms: 9_000 } });
  await look();
  await world.all("alter table queue_sample_away rename to queue_sample");
  expect((await stored()).slice(before)).toEqual(["configuration.changed.destination"]);
});

test("an issue that opens is told in a sentence with the way to it, and its end too", async () => {
  const [connection] = await world.all<{ id: string; source_id: string; destination_id: string }>(
    "select id, source_id, destination_id from connection where name = 'orders'",
  );
  if (!connection) throw new Error("There is no connection.");
  const row = {
    team_id: "tm_default",
    source_id: connection.source_id,
    connection_id: connection.id,
    destination_id: connection.destination_id,
  };
  const before = minuteOf(new Date(Date.now() - MINUTE));
  await addRollups(world.pool, [{ ...row, bucket: before, attempt_count: 12 }]);
  await look();
  await expect.poll(() => told().map(({ type }) => type)).toContain("issue.opened.connection_failing");
  const opened = told().find(({ type }) => type === "issue.opened.connection_failing");
  expect(opened?.text).toMatch(
    /^Connection orders fails: 12 attempts since its last delivery\. http:\/\/.*\/issues\?open=iss_/,
  );
  await addRollups(world.pool, [{ ...row, bucket: minuteOf(new Date()), attempt_count: 3, delivered_count: 3 }]);
  await look();
  await expect.poll(() => told().map(({ type }) => type)).toContain("issue.resolved.connection_failing");
});

test("ends of events are told, failed ones first, and beyond a bound as a number", async () => {
  const [connection] = await world.all<{ id: string; source_id: string; destination_id: string; team_id: string }>(
    "select * from connection where name = 'orders'",
  );
  if (!connection) throw new Error("There is no connection.");
  const ids = await insertFailedEvents(world.pool, connection, 250);
  const at = new Date();
  for (const [n, id] of ids.entries()) {
    await world.pool.query(
      `insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
         request_headers, latency_ms, created_at)
       select team_id, $2, id, source_id, connection_id, destination_id, attempts, 'INITIAL', 'x', 'POST', '[]', 1, $3 from event where id = $1`,
      [id, newId("attempt", at.getTime() + (n % 7)), at],
    );
  }
  await look(2 * MINUTE);
  const types = await stored();
  expect(types.filter((type) => type === "event.failed")).toHaveLength(200);
  const skipped = await world.all<{ body: Buffer }>("select body from request where event_type = 'event.ends_skipped'");
  expect(skipped.map(({ body }) => JSON.parse(body.toString()).data)).toEqual([{ count: 50 }]);
});

test("what comes of telling is told to nobody: neither its deliveries, nor that they fail", async () => {
  const [connection] = await world.all<{ id: string; destination_id: string }>(
    "select id, destination_id from connection where name = 'tell'",
  );
  if (!connection) throw new Error("There is no connection.");
  await look(4 * MINUTE);
  const before = (await stored()).length;
  await addRollups(world.pool, [
    {
      team_id: "tm_default",
      // After whatever this connection has delivered.
      bucket: minuteOf(new Date(Date.now() + 5 * MINUTE)),
      source_id: sourceId,
      connection_id: connection.id,
      destination_id: connection.destination_id,
      attempt_count: 5_000,
    },
  ]);
  await look(6 * MINUTE);
  await look(8 * MINUTE);
  const open = await world.all("select kind from issue where subject_id = $1 and state = 'open'", [connection.id]);
  expect(open).toEqual([{ kind: "connection_failing" }]);
  expect(await stored()).toHaveLength(before);
});

test("nothing is stored while nobody listens, and nothing of that time is told later", async () => {
  await world.all("update connection set disabled_at = now() where name = 'tell'");
  const before = (await stored()).length;
  await updateDestination(world.ctx, { id: await destinationId(), config: { timeout_ms: 5_000 } });
  await look(10 * MINUTE);
  await world.all("update connection set disabled_at = null where name = 'tell'");
  await look(12 * MINUTE);
  expect(await stored()).toHaveLength(before);
});

test("after a long standstill ends are read in steps, and what is older than a day is left out", async () => {
  const untilAfter = async (hoursAgo: number) => {
    const from = new Date(Date.now() - hoursAgo * 60 * MINUTE);
    await world.pool.query("update system_feed set attempts_until = $1", [from]);
    await look();
    const [row] = await world.all<{ attempts_until: Date }>("select attempts_until from system_feed");
    return Math.round((Date.now() - (row?.attempts_until.getTime() ?? 0)) / MINUTE);
  };
  expect(await untilAfter(3)).toBe(3 * 60 - 5);
  expect(await untilAfter(72)).toBe(24 * 60 - 5);
});

async function destinationId(): Promise<string> {
  const [row] = await world.all<{ id: string }>("select id from destination where name = 'crm'");
  return row?.id ?? "";
}
