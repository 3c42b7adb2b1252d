import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { childEnv } from "#server/env.ts";
import type { PostgresHome } from "./postgres-home.ts";
import { isErrorCode, StartError } from "./start-error.ts";
import { SEGMENT_FLAG } from "./write-ahead-log.ts";

export const POSTGRES_USER = "switchyard";
/** Written into the cluster before it gets its final name: either both exist or neither. */
export const PASSWORD_FILE = "switchyard.password";

/** How a program of Postgres ended. */
export interface Ending {
  /** What it printed, its last lines at least. */
  output: string;
  /** What ended the program itself. */
  signal: NodeJS.Signals | null;
}

async function runToEnd(child: ChildProcess): Promise<Ending & { code: number | null }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, output, signal };
}

/** Of a system without memory, and of one that has promised more than it has. */
const SIGNALS_OF_MEMORY = ["SIGKILL", "SIGBUS"];

/** What ended a program of Postgres, or the process that does its work; undefined where no signal did. */
function findSignal({ output, signal }: Ending): string | undefined {
  if (signal !== null) return signal;
  const number = /(?:startup|child) process .*was terminated by signal (\d+)/.exec(output)?.[1];
  if (number === undefined) return undefined;
  return Object.entries(constants.signals).find(([, value]) => value === Number(number))?.[0] ?? `signal ${number}`;
}

/** The reason why a program of Postgres failed: the signal that ended it, or the line of its output that tells it. */
export function findReason(ending: Ending): string {
  const lines = ending.output
    .split("\n")
    .filter((line) => line.trim() !== "" && !/(STATEMENT|DETAIL|HINT|LOG):/.test(line));
  const telling = lines.findLast((line) => /FATAL|PANIC|could not|error:/.test(line));
  const signal = findSignal(ending);
  // Postgres ends itself by SIGABRT, and says before why.
  const isTold = signal === undefined || (signal === "SIGABRT" && telling !== undefined);
  if (isTold) return (telling ?? lines.at(-1) ?? "no reason given").replace(/^.*?(FATAL|PANIC|error):\s*/, "").trim();
  return `${signal} ended it${SIGNALS_OF_MEMORY.includes(signal) ? ", as systems do for lack of memory" : ""}`;
}

export const isOutOfSpace = ({ output }: Ending) => /No space left|Disk quota/.test(output);

/** Whether the system gave a server less memory than it asks for at its start. */
export const isRefusedMemory = ({ output }: Ending) => /could not map anonymous shared memory/.test(output);

export const isOutOfMemory = (ending: Ending) =>
  isRefusedMemory(ending) || SIGNALS_OF_MEMORY.includes(findSignal(ending) ?? "");

/** The name of a cluster that is not yet whole, or no more. */
const unfinishedOf = (clusterDir: string) => `${clusterDir}.new`;

/** Removes a cluster over which no server runs. One that is killed half-way leaves nothing under the cluster's own name. */
export async function removeCluster(clusterDir: string): Promise<void> {
  const unfinished = unfinishedOf(clusterDir);
  await rm(unfinished, { recursive: true, force: true });
  try {
    await rename(clusterDir, unfinished);
  } catch (cause) {
    if (!isErrorCode(cause, "ENOENT")) throw cause;
  }
  await rm(unfinished, { recursive: true, force: true });
}

function setupRemedyFor(ending: Ending, clusterDir: string): string {
  if (isOutOfSpace(ending)) return "free some disk space";
  if (isOutOfMemory(ending)) return "give the machine or its container more memory";
  return `check that ${dirname(clusterDir)} can be written, or set DATABASE_URL`;
}

async function makeCluster(home: PostgresHome, clusterDir: string): Promise<void> {
  const unfinished = unfinishedOf(clusterDir);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  const secretDir = await mkdtemp(join(tmpdir(), "switchyard-init-"));
  const passwordFile = join(secretDir, "password");
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (home.user)
      for (const path of [unfinished, secretDir, passwordFile]) await chown(path, home.user.uid, home.user.gid);
    const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const access = ["--auth=scram-sha-256", `--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`];
    const initdb = home.run(
      "initdb",
      unfinished,
      (dir) => ["-D", dir, ...access, ...locale, SEGMENT_FLAG, "--no-instructions"],
      {
        output: "pipe",
        env: childEnv({ LC_ALL: "C" }),
      },
    );
    const ending = await runToEnd(initdb);
    if (ending.code !== 0) {
      throw new StartError(
        `The embedded Postgres could not be set up (${findReason(ending)}); ${setupRemedyFor(ending, clusterDir)} and start again.`,
      );
    }
    await writeFile(join(unfinished, PASSWORD_FILE), password, { mode: 0o600 });
    await rename(unfinished, clusterDir);
  } finally {
    await rm(secretDir, { recursive: true, force: true });
  }
}

async function readClusterVersion(clusterDir: string): Promise<string | undefined> {
  return (await readFile(join(clusterDir, "PG_VERSION"), "utf8").catch(() => undefined))?.trim();
}

/**
 * Makes the cluster if there is none, and refuses one that another major version of Postgres made.
 * Resolves to the password of its only user.
 */
export async function ensureCluster(
  home: PostgresHome,
  clusterDir: string,
  say: (sentence: string) => void,
): Promise<string> {
  const existing = await readClusterVersion(clusterDir);
  const major = home.version.split(".")[0];
  if (existing === undefined) {
    say("making a Postgres database");
    await makeCluster(home, clusterDir);
  } else if (existing !== major) {
    throw new StartError(
      `${clusterDir} was made by Postgres ${existing}, and this version brings Postgres ${major}; start the version of Switchyard that made it, or move the directory away to begin anew.`,
    );
  }
  return readFile(join(clusterDir, PASSWORD_FILE), "utf8").catch(() => {
    throw new StartError(
      `${join(clusterDir, PASSWORD_FILE)} cannot be read; start as the user who made it, or restore it from a backup.`,
    );
  });
}
