// A cluster has its name while it is whole, and at no other time. What could not make or start one is told with its remedy.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureCluster, findReason, removeCluster } from "#server/start/postgres-cluster.ts";

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

describe("a program of Postgres that a signal has ended", () => {
  test.each([
    ["itself", "kill -9 $$"],
    [
      "with a process of its own",
      "echo child process was terminated by signal 9: Killed; echo removing contents; exit 1",
    ],
  ])("%s, while a cluster is made, is told with the signal and the remedy", async (_, command) => {
    const run = () => spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
    const making = ensureCluster({ version: "18.4.0", user: undefined, run }, join(directory, "postgres"), () => {});
    await expect(making).rejects.toThrow(
      "The embedded Postgres could not be set up (SIGKILL ended it, as systems do for lack of memory); give the machine or its container more memory and start again.",
    );
  });

  test.each([
    ["", "SIGSEGV", "SIGSEGV ended it"],
    [
      "LOG:  startup process (PID 7) was terminated by signal 7: Bus error",
      null,
      "SIGBUS ended it, as systems do for lack of memory",
    ],
    ["LOG:  startup process (PID 7) was terminated by signal 63: Unknown", null, "signal 63 ended it"],
    ["LOG:  startup process (PID 7) was terminated by signal 6: Aborted", null, "SIGABRT ended it"],
    [
      "PANIC:  could not write\nLOG:  startup process (PID 7) was terminated by signal 6: Aborted",
      null,
      "could not write",
    ],
    ["FATAL:  no such role\nLOG:  checkpointer (PID 7) was terminated by signal 9: Killed", null, "no such role"],
  ] as const)("%s %s: %s", (output, signal, reason) => {
    expect(findReason({ output, signal })).toBe(reason);
  });
});
