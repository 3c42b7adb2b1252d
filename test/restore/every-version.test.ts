// A backup of a database at each migration there ever was comes up to this version, and no byte of a file may change.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backUp, checkFile, restoreFrom } from "#server/cli/backup-commands.ts";
import { makePool } from "#server/database/db.ts";
import { migrate } from "#server/database/migrate.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { createEmptyDatabase } from "#test/support/database.ts";
import { createWorld, type World } from "#test/support/world.ts";

const ALL = join(PROJECT_ROOT, "prisma", "migrations");
const names = (await readdir(ALL)).filter((name) => /^\d+_/.test(name)).sort();
/** Of bytes; a prime, so that all places in a frame are met. */
const STRIDE = 41;

const SURROUNDINGS = { passphrase: async () => "", say: () => {} };

let directory: string;
let world: World;
const at = (name: string) => join(directory, name);
const backup = (url: string, to: string) => backUp(url, { to, withKey: false, secret: world.env.secret }, SURROUNDINGS);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-versions-"));
  world = await createWorld({ withWorker: false });
}, 120_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

test("a backup of every version there was is migrated to this one", async () => {
  expect(names.length).toBeGreaterThan(50);
  await using before = await createEmptyDatabase();
  const pool = makePool(before.url, "test", 1);
  await mkdir(at("migrations"));
  for (const [index, name] of names.entries()) {
    await cp(join(ALL, name), join(at("migrations"), name), { recursive: true });
    await migrate(before.url, { directory: at("migrations") });
    await pool.query("insert into team (id, name) values ($1, $1)", [`tm_${index}`]);
    await backup(before.url, at(name));
    await using database = await createEmptyDatabase();
    const said = await restoreFrom(at(name), { ...world.env, databaseUrl: database.url }, SURROUNDINGS);
    const later = names.slice(index + 1);
    if (later.length > 0) expect(said).toContain(`Migrated to this version: ${later.join(", ")}.`);
    expect(await migrate(database.url)).toEqual([]);
    const restored = makePool(database.url, "test", 1);
    const teams = "select count(*)::int as n from team where id like 'tm\\_%' and id <> 'tm_default'";
    expect((await restored.query(teams)).rows).toEqual([{ n: index + 1 }]);
    await restored.end();
  }
  await pool.end();
});

test("a byte that changed anywhere in a file is found, and so is any cut", async () => {
  await backup(world.env.databaseUrl, at("whole"));
  const bytes = await readFile(at("whole"));
  let tried = 0;
  for (let place = 0; place < bytes.length; place += STRIDE) {
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ (1 << (tried % 8));
    for (const bad of [changed, bytes.subarray(0, place)]) {
      await writeFile(at("bad"), bad);
      await expect(checkFile(at("bad"))).rejects.toThrow(/is damaged or was cut off|is no backup of Switchyard/);
    }
    tried++;
  }
  expect(tried).toBeGreaterThan(500);
});
