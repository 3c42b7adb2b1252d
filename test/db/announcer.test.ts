// How routing hears of a hand-off before it looks by itself.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { createSource } from "#server/resources/sources.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let ear: pg.Client;
let heard: string[];
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  ear = new pg.Client({ connectionString: world.env.databaseUrl });
  await ear.connect();
  await ear.query(`listen ${HAND_OFF_CHANNEL}`);
  ear.on("notification", ({ payload }) => heard.push(payload ?? ""));
});
afterAll(async () => {
  await ear.end();
  await world[Symbol.asyncDispose]();
});

/** Everything that was announced before now: a connection gets its notices in order. */
async function announced(): Promise<number> {
  const last = new Promise<void>((resolve) => {
    ear.on("notification", ({ payload }) => payload === "last" && resolve());
  });
  await world.pool.query("select pg_notify($1, 'last')", [HAND_OFF_CHANNEL]);
  await last;
  return heard.filter((payload) => payload === "").length;
}

test("a burst is announced at once and once more, not for each", async () => {
  heard = [];
  const announcer = makeAnnouncer(world.pool);
  for (let i = 0; i < 100; i++) announcer.announce();
  await announcer.idle();
  expect(await announced()).toBe(2);
});

test("the door announces what it hands over, and no request that it refused", async () => {
  const source = await createSource(world.ctx, { name: "announced", config: { allowed_http_methods: ["POST"] } });
  await world.config.upToDate();
  heard = [];
  expect((await fetch(world.ingestUrl(source), { method: "PUT", body: "{}" })).status).toBe(405);
  expect(await announced()).toBe(0);
  const first = new Promise((resolve) => ear.once("notification", resolve));
  expect((await fetch(world.ingestUrl(source), { method: "POST", body: "{}" })).status).toBe(200);
  await first;
  expect(heard.filter((payload) => payload === "")).toHaveLength(1);
});
