// A cluster has its name while it is whole, and at no other time.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeCluster } from "#server/start/postgres-cluster.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-cluster-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** To remove so many takes many turns of the event loop. */
const FILES = 2_000;

/** How many files are there; 0 also where there is no directory. */
function countFiles(path: string): number {
  try {
    return readdirSync(path).length;
  } catch {
    return 0;
  }
}

function makeFiles(name: string, count: number): void {
  mkdirSync(join(directory, name));
  for (let n = 0; n < count; n++) writeFileSync(join(directory, name, `file-${n}`), "");
}

test("one that is removed is never there in part", async () => {
  // What an earlier removal that was killed has left.
  makeFiles("postgres.new", 1);
  makeFiles("postgres", FILES);
  const clusterDir = join(directory, "postgres");
  let isOver = false;
  const removing = removeCluster(clusterDir).finally(() => {
    isOver = true;
  });
  const seen = new Set<number>();
  while (!isOver) {
    seen.add(countFiles(clusterDir));
    await nextTurn();
  }
  await removing;
  expect([...seen]).toEqual([FILES, 0]);
  expect(await readdir(directory)).toEqual([]);
});
