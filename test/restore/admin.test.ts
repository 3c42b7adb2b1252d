// The commands as an operator types them: between a database of one's own and the embedded Postgres of a new DATA_DIR.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { makePool } from "#server/database/db.ts";
import { childEnv } from "#server/env.ts";
import { createSource } from "#server/resources/sources.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { noteMark, noteRestore } from "#server/start/restore-note.ts";
import { createEmptyDatabase, someoneWaits } from "#test/support/database.ts";
import { makeInstallation, startSwitchyard } from "#test/support/start.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const OTHER = "a secret of nobody's, of thirty-two characters and more too";

let directory: string;
let world: World;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-admin-"));
  world = await createWorld({ withWorker: false });
  await createSource(world.ctx, { name: "kept" });
  await writeFile(at("passphrase"), "correct horse battery\n", { mode: 0o600 });
}, 120_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

interface Said {
  code: number;
  out: string;
  err: string;
}

type Variables = Record<string, string | undefined>;

const surroundings = (env: Variables) => ({
  cwd: PROJECT_ROOT,
  env: childEnv({ DATABASE_URL: undefined, SWITCHYARD_SECRET: undefined, DATA_DIR: at("nowhere"), ...env }),
});
const admin = (words: string[], env: Variables): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["server/cli/admin.ts", ...words], surroundings(env), (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

/** Begins a restore and kills it once `isUnderWay` resolves. */
async function killRestore(file: string, env: Variables, isUnderWay: () => Promise<unknown>): Promise<void> {
  const restoring = spawn(process.execPath, ["server/cli/admin.ts", "restore", file], {
    ...surroundings(env),
    stdio: "ignore",
  });
  const ended = once(restoring, "exit");
  await Promise.race([
    isUnderWay(),
    ended.then(() => {
      throw new Error("The restore was over before it was killed.");
    }),
  ]);
  restoring.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
}

/** What `npm start` says before it refuses. */
async function refusedStart(env: Record<string, string>): Promise<string> {
  await using installation = await makeInstallation();
  await using start = startSwitchyard(installation, { SWITCHYARD_ROLES: "worker", ...env });
  expect(await start.ended).toBe(1);
  return start.output();
}
const own = () => ({ DATABASE_URL: world.env.databaseUrl, SWITCHYARD_SECRET: world.env.secret });
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The names of the sources in the embedded Postgres of a DATA_DIR. */
async function sourcesIn(dataDir: string): Promise<string[]> {
  const postgres = await startEmbeddedPostgres({ clusterDir: join(dataDir, "postgres"), isDurable: false });
  try {
    await using restored = await createWorld({ databaseUrl: postgres.url, withWorker: false });
    return (await restored.all<{ name: string }>("select name from source where name = 'kept'")).map(
      ({ name }) => name,
    );
  } finally {
    await postgres.stop();
  }
}

test("a backup with the key makes a DATA_DIR that starts by itself, for its owner alone", async () => {
  const withPassphrase = ["--passphrase-file", at("passphrase")];
  const made = await admin(["backup", at("with"), "--with-key", ...withPassphrase], own());
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining("WITH THE KEY") });
  expect((await stat(at("with"))).mode & 0o777).toBe(0o600);
  expect(await admin(["backup", "check", at("with")], {})).toMatchObject({ code: 0 });
  expect(await admin(["backup", "key", at("with"), ...withPassphrase], {})).toMatchObject({
    code: 0,
    out: `${world.env.secret}\n`,
  });
  const restored = await admin(["restore", at("with"), ...withPassphrase], { DATA_DIR: at("new") });
  expect(restored).toMatchObject({ code: 0, out: expect.not.stringContaining("WITHOUT THE KEY") });
  expect((await readFile(join(at("new"), "secret"), "utf8")).trim()).toBe(world.env.secret);
  expect((await stat(join(at("new"), "secret"))).mode & 0o777).toBe(0o600);
  expect(await sourcesIn(at("new"))).toEqual(["kept"]);
  // As a kill before the mark leaves it, where somebody else has migrated the database.
  await noteRestore(at("new"));
  expect(await refusedStart({ DATA_DIR: at("new") })).toMatch(
    /was broken off before it had begun, and its Postgres has tables [^\n]* or remove \S+restore-unfinished to start [^\n]*\n$/,
  );
  // As a kill leaves it between the last commit and the end of the note.
  await noteMark(at("new"));
  await using installation = await makeInstallation();
  await using start = startSwitchyard(installation, { SWITCHYARD_ROLES: "worker", DATA_DIR: at("new") });
  await start.ready();
  expect(await start.stop()).toBe(0);
  expect(await readdir(at("new"))).not.toContain("restore-unfinished");
  const again = await admin(["restore", at("with"), ...withPassphrase], { DATA_DIR: at("new") });
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("The database is not empty") });
  expect(await sourcesIn(at("new"))).toEqual(["kept"]);
});

test("a backup without the key says loudly which one a start needs, and another one is refused before anything is made", async () => {
  const made = await admin(["backup", at("without")], own());
  const needed = `SWITCHYARD_SECRET ${fingerprintOf(world.env.secret)}`;
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining("WITHOUT THE KEY") });
  expect(made.out).toContain(needed);
  const refused = await admin(["restore", at("without")], { DATA_DIR: at("other"), SWITCHYARD_SECRET: OTHER });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("encrypted under another SWITCHYARD_SECRET") });
  expect(await readdir(at("other"))).toEqual([]);
  const restored = await admin(["restore", at("without")], { DATA_DIR: at("keyless") });
  expect(restored).toMatchObject({
    code: 0,
    out: expect.stringContaining(`WITHOUT THE KEY: start with the ${needed}`),
  });
  expect(await exists(join(at("keyless"), "secret"))).toBe(false);
  expect(await sourcesIn(at("keyless"))).toEqual(["kept"]);
});

test("a file that is damaged, a place that cannot be written and a database that is away are sentences, and leave nothing", async () => {
  await admin(["backup", at("damaged")], own());
  const bytes = await readFile(at("damaged"));
  await writeFile(at("damaged"), bytes.subarray(0, -100));
  const cut = await admin(["restore", at("damaged")], { DATA_DIR: at("empty") });
  expect(cut).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^The backup is damaged[^\n]*\n$/),
  });
  expect(await exists(at("empty"))).toBe(false);
  const there = await admin(["backup", at("damaged")], own());
  expect(there).toMatchObject({ code: 1, err: expect.stringMatching(/is there already[^\n]*\n$/) });
  const away = await admin(["backup", at("away")], { ...own(), DATABASE_URL: "postgresql://u:p@127.0.0.1:1/x" });
  expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/^No Postgres answers at [^\n]*\n$/) });
  expect(await exists(at("away"))).toBe(false);
  expect(await admin(["backup"], own())).toMatchObject({ code: 1, err: expect.stringMatching(/^Say to which file/) });
});

test("a restore that is killed leaves nothing that a start comes up over, and the next one begins anew", async () => {
  await admin(["backup", at("for a kill")], own());
  await using database = await createEmptyDatabase();
  const env = { DATABASE_URL: database.url, SWITCHYARD_SECRET: world.env.secret };
  const pool = makePool(database.url, "test", 1);
  await pool.query(`select pg_advisory_lock(${ADVISORY_LOCKS.partitions})`);
  // With some tables restored, it waits for the first day of a big one.
  await killRestore(at("for a kill"), env, () => someoneWaits(pool));
  await pool.end();
  expect(await refusedStart(env)).toMatch(
    /^(?:switchyard: (?!A restore).*\n)*switchyard: A restore into this database still runs, or was broken off: [^\n]*\n$/,
  );
  const again = await admin(["restore", at("for a kill")], env);
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining("that was broken off is cleared away") });
  await using restored = await createWorld({ databaseUrl: database.url, withWorker: false });
  expect(await restored.all("select name from source where name = 'kept'")).toEqual([{ name: "kept" }]);
});

test("nor does one that is killed while it makes the Postgres of a DATA_DIR", async () => {
  await admin(["backup", at("for a directory")], own());
  const env = { DATA_DIR: at("half"), SWITCHYARD_SECRET: world.env.secret };
  const isMade = () => eventually(() => exists(join(at("half"), "postgres")), Boolean);
  await killRestore(at("for a directory"), env, isMade);
  expect(await refusedStart(env)).toMatch(
    /^(?:switchyard: (?!A restore).*\n)*switchyard: A restore into DATA_DIR [^\n]* was broken off: [^\n]*\n$/,
  );
  expect(await admin(["restore", at("for a directory")], env)).toMatchObject({ code: 0 });
  expect(await readdir(at("half"))).not.toContain("restore-unfinished");
  expect(await sourcesIn(at("half"))).toEqual(["kept"]);
});
