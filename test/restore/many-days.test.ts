// More days than Postgres has room for locks: a restore takes them one by one, and what cannot says what has to be set.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backUp, restoreFrom } from "#server/cli/backup-commands.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import { migrate } from "#server/database/migrate.ts";
import { childEnv, parseEnv } from "#server/env.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { withPool } from "#test/support/database-contents.ts";

/** `DAYS=700` is the long form. */
const DAYS = Number(childEnv({}).DAYS ?? 300);
/** The fewest that Postgres takes. */
const FEW_LOCKS = 10;
const GREEDY_TABLES = 15_000;
const forGreedy = (from: number, to: number, statement: string) =>
  `do $$ begin for n in ${from}..${to} loop execute format('${statement}', n); end loop; end $$`;
const SECRET = "a secret of at least thirty-two characters";
const SURROUNDINGS = { passphrase: async () => "", say: () => {} };

let directory: string;
let postgres: EmbeddedPostgres;
let pool: Pool;
/** The server that runs and the pool to it. To stop it twice changes nothing. */
let running: AsyncDisposableStack | undefined;
const at = (name: string) => join(directory, name);
const urlOf = (database: string) => {
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  return url.href;
};

async function start(locks: number): Promise<void> {
  const started = await startEmbeddedPostgres({ clusterDir: at("postgres"), locks, isDurable: false });
  running = new AsyncDisposableStack();
  running.defer(() => started.stop());
  postgres = started;
  pool = running.adopt(makePool(started.url, "test", 1), (made) => made.end());
}

const stop = async () => running?.disposeAsync();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-days-"));
  await start(FEW_LOCKS);
  await migrate(postgres.url);
  await ensurePartitions(pool, Date.now(), DAYS);
});
afterAll(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

test("a restore of more days than there is room for locks goes through", async () => {
  await pool.query("insert into team (id, name) values ('tm_kept', 'kept')");
  await backUp(postgres.url, { to: at("days"), withKey: false, secret: SECRET }, SURROUNDINGS);
  await pool.query("create database restored");
  const env = parseEnv({ DATABASE_URL: urlOf("restored"), SWITCHYARD_SECRET: SECRET });
  const startedAtMs = performance.now();
  await restoreFrom(at("days"), env, SURROUNDINGS);
  console.log(`${DAYS} days restored in ${Math.round(performance.now() - startedAtMs)} ms`);
  const counts =
    "select (select count(*) from pg_inherits)::int as days, (select count(*) from team where id = 'tm_kept')::int as teams";
  const restored = await withPool(urlOf("restored"), (db) => db.query(counts));
  expect(restored.rows).toEqual((await pool.query(counts)).rows);
});

test("a migration that takes more locks than there is room for says how many to make room for, and goes through with so many", async () => {
  const directoryOf = at("migrations");
  await cp(join(PROJECT_ROOT, "prisma", "migrations"), directoryOf, { recursive: true });
  await mkdir(join(directoryOf, "20990101000000_greedy"));
  for (let made = 0; made < GREEDY_TABLES; made += 500)
    await pool.query(forGreedy(made + 1, made + 500, "create table greedy_%s ()"));
  const greedy = forGreedy(1, GREEDY_TABLES, "lock table greedy_%s in access share mode");
  await writeFile(join(directoryOf, "20990101000000_greedy", "migration.sql"), greedy);
  const refused = await migrate(postgres.url, { directory: directoryOf }).catch((error: Error) => error.message);
  expect(refused).toMatch(
    /^The migration 20990101000000_greedy was rolled back. Postgres has no room for so many locks: set EMBEDDED_POSTGRES_LOCKS to \d+ or more \(it is 10\), /,
  );
  await stop();
  await start(Number(/to (\d+) or more/.exec(String(refused))?.[1]));
  expect(await migrate(postgres.url, { directory: directoryOf })).toEqual(["20990101000000_greedy"]);
});

test("a start with room for more locks than there is memory for names the variable and the remedy, with which it starts", async () => {
  await stop();
  // More than any process can address, so that it is refused whatever the machine promises.
  const locks = 2 ** 31 - 1;
  await expect(start(locks)).rejects.toThrow(
    `The room for EMBEDDED_POSTGRES_LOCKS=${locks} is more than the memory: set it lower, or unset it for 256, and start again.`,
  );
  await start(256);
});
