// How routing hears of a hand-off before it looks by itself.
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { hearLocally, tellLocally } from "#server/process/local-line.ts";
import { createSource } from "#server/resources/sources.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

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

test("a worker of this machine hears at once, others a little later, and once it is gone they hear at once", async () => {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-line-"));
  const options = { databaseUrl: world.env.databaseUrl, directory };
  let toldCount = 0;
  const hang = await hearLocally(() => toldCount++, options);
  const line = tellLocally(options);
  await eventually(async () => line.tell(), Boolean);
  await eventually(async () => toldCount, Boolean);
  const announcer = makeAnnouncer(world.pool, line);
  heard = [];
  toldCount = 0;
  for (let i = 0; i < 100; i++) announcer.announce();
  await eventually(async () => toldCount, Boolean);
  expect(await announced()).toBe(0);
  await eventually(
    async () => heard,
    ({ length }) => length === 2,
  );
  expect(await announced()).toBe(1);

  await hang();
  await eventually(
    async () => line.tell(),
    (isHeard) => !isHeard,
  );
  announcer.announce();
  await announcer.idle();
  expect(await announced()).toBe(2);
  line.stop();
  await rm(directory, { recursive: true });
});

test("no line goes through a directory that others may enter", async () => {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-line-"));
  await chmod(directory, 0o755);
  const options = { databaseUrl: world.env.databaseUrl, directory };
  const hang = await hearLocally(() => {}, options);
  expect(await readdir(directory)).toEqual([]);
  await hang();
  await rm(directory, { recursive: true });
});
