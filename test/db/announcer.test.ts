// How routing hears of a hand-off before it looks by itself.
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { makePool } from "#server/database/db.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { hearLocally, type Telling, tellLocally } from "#server/process/local-line.ts";
import { createSource } from "#server/resources/sources.ts";
import { startFaultProxy } from "#test/chaos/fault-proxy.ts";
import { targetOf, throughPort } from "#test/chaos/postgres-target.ts";
import { createDatabase } from "#test/support/database.ts";
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

test("a database says the same of itself at every address and to everybody, and no other database or schema says it", async () => {
  await using relay = await startFaultProxy(() => targetOf(world.env.databaseUrl));
  await using other = await createDatabase();
  const askAt = async (url: string) => {
    const pool = makePool(url, "test", 1);
    return askIdentity(pool).finally(() => pool.end());
  };
  const identity = await askIdentity(world.pool);
  expect(await askAt(throughPort(world.env.databaseUrl, relay.port))).toBe(identity);
  expect(await askAt(other.url)).not.toBe(identity);
  const client = await world.pool.connect();
  try {
    await client.query("begin; set local role pg_signal_backend; set local timezone = 'Asia/Kathmandu'");
    expect(await askIdentity(client)).toBe(identity);
    await client.query("rollback; begin; create schema aside create table hand_off ()");
    await client.query("set local search_path = aside");
    expect(await askIdentity(client)).not.toBe(identity);
  } finally {
    await client.query("rollback");
    client.release();
  }
});

describe("between processes of one machine", () => {
  let temporary: string;
  let directory: string;
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "sw-"));
    directory = join(temporary, "line");
  });
  afterAll(() => rm(temporary, { recursive: true }));

  /** An end that hears, and one that tells it, in the directory. */
  async function startLine({ identity = () => "here", ...at }: { directory: string; identity?: () => string }) {
    let told = 0;
    let onNext = () => {};
    const onTold = () => {
      told++;
      onNext();
    };
    const options = { ...at, identify: async () => identity(), lookMs: 20 };
    const hearing = hearLocally({ onTold }, options);
    await hearing.follow();
    const line = tellLocally(options);
    return {
      ...line,
      follow: hearing.follow,
      told: () => told,
      next: () => new Promise<void>((resolve) => (onNext = resolve)),
      async [Symbol.asyncDispose]() {
        line.stop();
        await hearing.stop();
      },
    };
  }

  function countPlaces(line: Telling): number {
    const place = line.reserve();
    const count = place ? 1 + countPlaces(line) : 0;
    place?.giveUp();
    return count;
  }

  const connected = (line: { tell(): boolean }) => eventually(async () => line.tell(), Boolean);

  test("a worker here is told at once by a socket, and those elsewhere once for all of a while", async () => {
    await using line = await startLine({ directory });
    await connected(line);
    heard = [];
    const announcer = makeAnnouncer(world.pool, line);
    const next = line.next();
    for (let i = 0; i < 100; i++) announcer.announce();
    await next;
    expect(await announced()).toBe(0);
    const first = new Promise((resolve) => ear.once("notification", resolve));
    await first;
    await announcer.idle();
    expect(await announced()).toBe(1);
  });

  test("what is owed to those elsewhere goes out before a gateway ends", async () => {
    await using line = await startLine({ directory });
    await connected(line);
    heard = [];
    const announcer = makeAnnouncer(world.pool, line);
    announcer.announce();
    await announcer.idle();
    expect(await announced()).toBe(1);
  });

  test("all are told by Postgres at once when the one who heard is gone", async () => {
    const line = await startLine({ directory });
    await connected(line);
    await line[Symbol.asyncDispose]();
    expect(line.tell()).toBe(false);
    expect(await readdir(directory)).toEqual([]);
    heard = [];
    const announcer = makeAnnouncer(world.pool, line);
    announcer.announce();
    await announcer.idle();
    expect(await announced()).toBe(1);
  });

  test("all give to the same worker while it is hardly busy, and then to the one with the least in hand", async () => {
    const at = { directory, identify: async () => "two" };
    const inHand: [number, number] = [0, 0];
    const hear = (worker: 0 | 1) =>
      hearLocally({ onTold: () => {}, onGiven: () => new Promise<never>(() => void inHand[worker]++) }, at);
    const workers = [hear(0), hear(1)];
    for (const { follow } of workers) await follow();
    const lines = [tellLocally(at), tellLocally(at)];
    const givesOf = async (line: Telling, count: number) => {
      for (let n = 0; n < count; n++) expect(line.reserve()?.give(Buffer.from("{}"))).toBe(true);
      given += count;
      await eventually(
        async () => inHand[0] + inHand[1],
        (all) => all === given,
      );
      return inHand.toSorted((a, b) => b - a);
    };
    let given = 0;
    try {
      for (const line of lines)
        await eventually(
          async () => countPlaces(line),
          (count) => count === 16,
        );
      const [first, second] = lines as [Telling, Telling];
      expect(await givesOf(first, 4)).toEqual([4, 0]);
      expect(await givesOf(second, 4)).toEqual([8, 0]);
      expect(await givesOf(first, 4)).toEqual([8, 4]);
      expect(await givesOf(first, 2)).toEqual([9, 5]);
    } finally {
      for (const line of lines) line.stop();
      for (const { stop } of workers) await stop();
    }
  });

  test("only those of the same database hear", async () => {
    await using other = await startLine({ directory, identity: () => "there" });
    await using same = await startLine({ directory });
    await connected(same);
    const next = same.next();
    expect(same.tell()).toBe(true);
    await next;
    expect(other.told()).toBe(0);
  });

  test("there is a line once the database has answered both ends", async () => {
    let isAway = true;
    const identity = () => {
      if (isAway) throw new Error("away");
      return "here";
    };
    await using line = await startLine({ directory, identity });
    await using there = await startLine({ directory, identity: () => "there" });
    await connected(there);
    expect(await readdir(directory)).toHaveLength(1);
    expect(line.tell()).toBe(false);
    isAway = false;
    await connected(line);
  });

  test("a line goes over to what its database is from now on", async () => {
    let now = "before";
    await using line = await startLine({ directory, identity: () => now });
    await connected(line);
    const [before] = await readdir(directory);
    await line.follow();
    expect(await readdir(directory)).toEqual([before]);
    now = "after";
    await line.follow();
    const [after, ...more] = await readdir(directory);
    expect(more).toEqual([]);
    expect(after).not.toBe(before);
    const told = line.told();
    await eventually(
      async () => {
        line.tell();
        return line.told();
      },
      (now) => now > told,
    );
  });

  test("there is no line in a directory that others may enter, in one that stands elsewhere, and at too long a path", async () => {
    const open = join(temporary, "open");
    await mkdir(open);
    await chmod(open, 0o750);
    const [aside, link] = [join(temporary, "aside"), join(temporary, "link")];
    await mkdir(aside, { mode: 0o700 });
    await symlink(aside, link);
    const long = join(temporary, "l".repeat(70));
    await mkdir(long, { mode: 0o700 });
    for (const place of [open, link, long]) {
      await using line = await startLine({ directory: place });
      expect(await readdir(place)).toEqual([]);
      expect(line.tell()).toBe(false);
    }
    expect((await readdir(temporary)).sort()).toEqual(["aside", "l".repeat(70), "line", "link", "open"].sort());
  });

  test("whoever begins to hear removes what killed processes left, and no socket that still hears", async () => {
    const { pid } = spawnSync("true");
    const [left, heardOn] = ["0123456789abcdef", "fedcba9876543210"].map((hash) =>
      join(directory, `${hash}-${pid}-00000000`),
    ) as [string, string];
    // As in another container that shares the directory: its processes have numbers of their own.
    const other = createServer().listen(heardOn);
    await new Promise((resolve) => other.once("listening", resolve));
    spawnSync(process.execPath, [
      "-e",
      "net.createServer().listen(process.argv[1], () => process.kill(process.pid, 9))",
      left,
    ]);
    expect(await readdir(directory)).toHaveLength(2);
    await using line = await startLine({ directory });
    const names = await readdir(directory);
    expect(names).toHaveLength(2);
    expect(names).toContain(`fedcba9876543210-${pid}-00000000`);
    await connected(line);
    await new Promise((resolve) => other.close(resolve));
  });
});
