// The doctor beside a live system: each check is seen to be well, and seen to fail when what it looks at is made to.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePool } from "#server/database/db.ts";
import { examine, type Patient } from "#server/doctor/doctor.ts";
import type { Finding } from "#server/doctor/finding.ts";
import { createDestination } from "#server/resources/destinations.ts";
import { createDatabase } from "#test/support/database.ts";
import { takePort } from "#test/support/free-port.ts";
import { startMailServer } from "#test/support/mail-server.ts";
import { BUCKET, STORE_AUTH, startObjectStore } from "#test/support/object-store.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { startTransactionPooler } from "#test/support/transaction-pooler.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false, publicGatewayUrl: "own" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const HOUR_MS = 3_600_000;
const now = () => Date.now();

/** What is not well, as `check verdict`. */
async function complaints({
  url,
  nowMs = now,
  ...env
}: { url?: string; nowMs?: () => number } & Partial<Patient["env"]>) {
  const patient = { ...world.env, ...env };
  return examine({ env: patient, database: { url: url ?? world.env.databaseUrl }, secret: patient.secret, nowMs });
}
const named = (findings: Finding[]) => Object.fromEntries(findings.map((finding) => [finding.check, finding]));
const verdicts = (findings: Finding[]) =>
  Object.fromEntries(findings.map(({ check, verdict }): [string, string] => [check, verdict]));
const look = async (options: Parameters<typeof complaints>[0] = {}) => named(await complaints(options));

/** Runs `check` while sessions of this database begin with this setting. */
async function withSetting(setting: string, value: string, check: () => Promise<void>) {
  const database = new URL(world.env.databaseUrl).pathname.slice(1);
  await world.all(`alter database ${database} set ${setting} = ${value}`);
  try {
    await check();
  } finally {
    await world.all(`alter database ${database} reset ${setting}`);
  }
}

test("all that is well is said to be, and what this test's server and port are is not", async () => {
  await world.all(
    "insert into worker_heartbeat (id, beat_at, started_at) select 'w' || n, now(), now() from generate_series(1, 4) n",
  );
  const findings = await complaints({ roles: ["gateway"] });
  expect(verdicts(findings)).toEqual({
    ...{ pooler: "ok", version: "ok", writing: "ok", standbys: "ok", connections: "ok", autovacuum: "ok" },
    ...{
      "shared buffers": "ok",
      "time limits": "ok",
      encoding: "ok",
      primary: "ok",
      transactions: "ok",
      "dead rows": "ok",
    },
    ...{
      "WAL that is kept": "ok",
      age: "ok",
      clock: "ok",
      migrations: "ok",
      partitions: "ok",
      workers: "ok",
      backlog: "ok",
    },
    ...{ key: "ok", "disk of Postgres": expect.any(String), memory: "ok", mail: "ok" },
    // Its gateway lives in the process of the test.
    [`port ${world.env.gatewayPort}`]: "fail",
    "public URL": "warn",
    durability: "fail",
    WAL: "warn",
  });
  const { durability, "public URL": publicUrl, connections } = named(findings);
  expect(findings.filter(({ check }) => check === "durability").map(({ says }) => says.split(" ")[0])).toEqual([
    ...["fsync", "full_page_writes", "synchronous_commit"],
  ]);
  expect(durability?.remedy).toBeDefined();
  expect(publicUrl?.says).toMatch(/^Our gateway gtw_\w+ answers at .* only programs on this machine reach that\.$/);
  expect(connections?.says).toContain("1 × gateway (22), 1 × web (17), 1 × worker (21)");
  expect(findings.every(({ verdict, remedy }) => verdict === "ok" || remedy)).toBe(true);
});

test("a setting of the database is seen as a session of ours begins with it", async () => {
  const failing = async (check: string) => (await look())[check]?.verdict;
  await withSetting("statement_timeout", "500", async () => expect(await failing("time limits")).toBe("warn"));
  await withSetting("idle_session_timeout", "'1h'", async () => expect(await failing("time limits")).toBe("warn"));
  await withSetting("default_transaction_read_only", "on", async () => expect(await failing("writing")).toBe("fail"));
  expect(await failing("writing")).toBe("ok");
});

test("a pooler in transaction mode is found, since two sessions share a server", async () => {
  await using pooler = await startTransactionPooler(world.env.databaseUrl);
  expect((await look({ url: pooler.url })).pooler).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("in transaction mode"),
  });
});

test("a wrong clock, and days without partitions, are told by the clock that is given", async () => {
  const ahead = await look({ nowMs: () => now() + 100 * HOUR_MS });
  expect(ahead.clock?.says).toMatch(/^Our clock is 3\d{8} ms ahead of the database's\.$/);
  expect(ahead).toMatchObject({ clock: { verdict: "fail" }, partitions: { verdict: "fail" } });
  expect(await look({ nowMs: () => now() + 49 * HOUR_MS })).toMatchObject({ partitions: { verdict: "warn" } });
});

test("pending, unknown and changed migrations are told, and another secret is", async () => {
  await using database = await createDatabase();
  const pool = makePool(database.url, "test", 1);
  const other = { all: async <T>(text: string) => (await pool.query(text)).rows as T[] };
  try {
    await other.all("insert into master_key (id, fingerprint, set_at) values (1, 'abcdef01', now())");
    const [last] = await other.all<{ migration_name: string }>(
      "delete from _prisma_migrations where migration_name = (select max(migration_name) from _prisma_migrations) returning migration_name",
    );
    const pending = await look({ url: database.url });
    expect(pending.migrations).toMatchObject({ verdict: "warn", says: `To be applied: ${last?.migration_name}.` });
    expect(pending.key).toMatchObject({
      verdict: "fail",
      says: expect.stringContaining("another SWITCHYARD_SECRET (abcdef01"),
    });
    await other.all(
      "update _prisma_migrations set migration_name = '20990101000000_to_come' where migration_name like '%init'",
    );
    expect((await look({ url: database.url })).migrations).toMatchObject({
      verdict: "fail",
      says: expect.stringContaining("newer than this code"),
    });
    await other.all(
      "insert into gateway_process (id, address, beat_at, started_at) select 'g' || n, 'http://x', now(), now() from generate_series(1, 20) n",
    );
    expect((await look({ url: database.url })).connections).toMatchObject({ verdict: "warn" });
  } finally {
    await pool.end();
  }
});

test("a database in another encoding, and one that is away, are refused with the remedy", async () => {
  const name = `ascii_${Date.now()}`;
  await world.all(`create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`);
  try {
    const url = new URL(world.env.databaseUrl);
    url.pathname = `/${name}`;
    const found = await look({ url: url.href });
    expect(found.encoding).toMatchObject({ verdict: "fail" });
    expect(found.migrations?.says).toMatch(/^To be applied: .* and \d+ more\.$/);
  } finally {
    await world.all(`drop database ${name}`);
  }
  const away = await look({ url: `postgresql://u:hidden@127.0.0.1:${await takePort()}/x` });
  expect(away.database).toMatchObject({ verdict: "fail", says: expect.stringContaining("No Postgres answers") });
  expect(JSON.stringify(away)).not.toContain("hidden");
});

test("whoever else answers at the public URL is no gateway of ours", async () => {
  await using receiver = await startReceiver({ body: `{"ok":true}` });
  const at = async (publicGatewayUrl: string, more: object = {}) =>
    (await look({ publicGatewayUrl, ...more }))["public URL"];
  expect(await at(new URL(receiver.url).origin)).toMatchObject({
    verdict: "warn",
    says: expect.stringContaining("does not prove"),
  });
  expect(await at(`http://127.0.0.1:${await takePort()}`)).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("CONNECTION_REFUSED"),
  });
  expect(await at("https://gateway.invalid")).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("DNS_LOOKUP_FAILED"),
  });
  expect(await at(`${world.env.publicGatewayUrl}/elsewhere`)).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("answered with"),
  });
  const stranger = { secret: "another secret of at least thirty-two characters" };
  expect(await at(world.env.publicGatewayUrl, stranger)).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("another installation"),
  });
});

test("a mail server is logged in to, and gets no mail", async () => {
  await using server = await startMailServer({ login: { user: "us", password: "right" } });
  const { port } = new URL(server.url);
  const at = async (password: string, toPort = Number(port)) =>
    (
      await look({
        mail: {
          host: "127.0.0.1",
          port: toPort,
          isSecure: false,
          login: { user: "us", password },
          from: "a@b.example",
        },
      })
    ).mail;
  expect(await at("right")).toMatchObject({ verdict: "ok" });
  expect(await at("wrong")).toMatchObject({ verdict: "fail", says: expect.stringContaining("refused the log-in") });
  expect(await at("right", await takePort())).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining("CONNECTION_REFUSED"),
  });
  expect(server.mails).toEqual([]);
});

test("buckets are asked for with the keys of their destinations, and only by ways that deliveries may take", async () => {
  await using store = await startObjectStore();
  const make = (name: string, config: object) =>
    createDestination(world.ctx, { name, type: "S3", config: { ...store.config, ...config } } as never);
  const made = {
    right: await make("right", {}),
    none: await make("none", { bucket: "nowhere" }),
    wrong: await make("wrong", { auth: { ...STORE_AUTH, secret_access_key: "wrong" } }),
  };
  const found = await look();
  expect(found[`bucket of ${made.right.id}`]).toMatchObject({
    verdict: "ok",
    says: `${BUCKET} is there and takes our key.`,
  });
  expect(found[`bucket of ${made.none.id}`]).toMatchObject({ verdict: "warn", says: "There is no bucket nowhere." });
  expect(found[`bucket of ${made.wrong.id}`]).toMatchObject({
    verdict: "warn",
    says: expect.stringContaining("SignatureDoesNotMatch"),
  });
  expect(store.requests.every((request) => request.startsWith("GET "))).toBe(true);
  const barred = await look({ egressAllow: [] });
  expect(barred[`bucket of ${made.right.id}`]).toMatchObject({
    verdict: "warn",
    says: expect.stringContaining("BLOCKED_ADDRESS"),
  });
});

test("a team with many buckets does not keep those of others from being looked at", async () => {
  await using store = await startObjectStore();
  const { id } = await createDestination(world.ctx, { name: "one of many", type: "S3", config: store.config } as never);
  await world.all("insert into team (id, name) values ('tm_last', 'last')");
  const copy = (ids: string) =>
    world.all(
      `insert into destination select (jsonb_populate_record(d, jsonb_build_object('id', new.id, 'name', new.id, 'team_id', new.team_id))).*
       from destination d, lateral (${ids}) as new where d.id = $1`,
      [id],
    );
  await copy("select d.id || n as id, d.team_id from generate_series(1, 25) n");
  await copy("select 'zz_last' as id, 'tm_last' as team_id");
  const found = await look();
  expect(Object.keys(found)).toContain("bucket of zz_last");
  expect(found.buckets).toMatchObject({ verdict: "unknown" });
});
