import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, realpath } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { childEnv } from "#server/env.ts";
import { findFreePort } from "./free-port.ts";
import { clearLeftoverPostmaster } from "./leftover-postmaster.ts";
import {
  type Ending,
  ensureCluster,
  findReason,
  isOutOfMemory,
  isOutOfSpace,
  isRefusedMemory,
  POSTGRES_USER,
} from "./postgres-cluster.ts";
import { openPostgresHome, type PostgresHome } from "./postgres-home.ts";
import { StartError } from "./start-error.ts";
import { reserveSegments, WAL_SETTINGS } from "./write-ahead-log.ts";

export const DATABASE = "switchyard";
/** sockaddr_un holds 104 (macOS) to 108 bytes; the file's own name takes 14. */
const MAX_SOCKET_DIR_CHARS = 85;
/** Redo of 2 GB of WAL takes some ten seconds; a slow disk may need many times that. */
const READY_PATIENCE_MS = 600_000;
const SAY_RECOVERING_AFTER_MS = 3_000;
/** Backends of a killed server let go of the shared memory within seconds. */
const ORPHAN_PATIENCE_MS = 20_000;
/** Room for a migration that writes a big table of a thousand days anew (decision 123). The default of Postgres, 64, has 10 MB less. */
const LOCKS = 256;

const SETTINGS = {
  max_connections: "100",
  // New pages of a table are zeros in the kernel's memory until Postgres writes them out. The kernel writes out at one go
  // what it has held for 30 s, while commits wait. Small buffers are written out before (decision 013).
  shared_buffers: "64MB",
  // A statement reads a few pages, which the kernel mostly has: three processes that only read would wait for work.
  io_method: "sync",
  max_logical_replication_workers: "0",
  jit: "off",
  backend_flush_after: "256kB",
  ...WAL_SETTINGS,
  log_checkpoints: "off",
  // Neither statements nor the values of rows belong in a log.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  password_encryption: "scram-sha-256",
  // For whoever has to say where a setting of this server is set.
  "switchyard.is_embedded": "on",
};
const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
/** Dozens of worlds share the server of the tests, some with worker processes of their own. Its log may lie in memory. */
const VOLATILE = {
  ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
  ...{ min_wal_size: "32MB", max_wal_size: "256MB" },
  max_connections: "300",
};

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** Resolves when the server has gone, for whatever reason, with its exit code or signal in words. */
  exited: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, everything committed is flushed. */
  stop(): Promise<void>;
  /** Starts the same cluster again under the same URL after it has exited. */
  restart(): Promise<EmbeddedPostgres>;
}

export interface EmbeddedPostgresOptions {
  /** The directory of the cluster, which may not exist yet; its parent must exist. */
  clusterDir: string;
  /** `max_locks_per_transaction`. The server has room for so many, times its connections. */
  locks?: number | undefined;
  /** Only a test that is not about durability may say no. */
  isDurable?: boolean;
  say?: (sentence: string) => void;
}

interface Address {
  url: string;
  settings: Record<string, string>;
}

/** A socket where its path is short enough, since it is faster than TCP and no other machine or user can reach it. */
async function chooseAddress(clusterDir: string, password: string): Promise<Address> {
  const path = await realpath(clusterDir);
  const base = `postgresql://${POSTGRES_USER}:${password}`;
  if (path.length <= MAX_SOCKET_DIR_CHARS) {
    const url = `${base}@localhost/${DATABASE}?host=${encodeURIComponent(path)}`;
    // Relative to the cluster, which the server's user may not be able to name by its whole path.
    return { url, settings: { listen_addresses: "", unix_socket_directories: ".", unix_socket_permissions: "0700" } };
  }
  const port = await findFreePort("127.0.0.1");
  const settings = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "" };
  return { url: `${base}@127.0.0.1:${port}/${DATABASE}`, settings };
}

async function isReady(clusterDir: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(clusterDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}

/** Completes a new cluster: its database, and room in its log. */
async function createDatabase({ address: { url }, clusterDir, isDurable }: Launch): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new Client({ connectionString: maintenance.href });
  // The statement that meets the broken connection fails.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount !== 0) return;
    // The database comes last: it says that the cluster is complete.
    if (isDurable) await reserveSegments(client, clusterDir);
    await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

interface Launch {
  home: PostgresHome;
  clusterDir: string;
  address: Address;
  locks: number;
  isDurable: boolean;
  say: (sentence: string) => void;
}

const logFileOf = (clusterDir: string) => join(dirname(clusterDir), "postgres.log");

async function readLogTail(clusterDir: string): Promise<string> {
  const log = await readFile(logFileOf(clusterDir), "utf8").catch(() => "");
  return log.slice(-4_000);
}

async function spawnServer({ home, clusterDir, address, locks, isDurable }: Launch): Promise<ChildProcess> {
  const room = { max_locks_per_transaction: String(locks) };
  const settings = { ...SETTINGS, ...room, ...(isDurable ? DURABLE : VOLATILE), ...address.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // A file, not a pipe: the server must outlive a killed supervisor without writing into nowhere.
  const log = await open(logFileOf(clusterDir), "w", 0o600);
  try {
    const env = childEnv({ LC_ALL: "C", PGDATA: undefined, PGPORT: undefined });
    return home.run("postgres", clusterDir, (dir) => ["-D", dir, ...flags], { output: log.fd, env });
  } finally {
    await log.close();
  }
}

/**
 * Starts the guard of a server. Without it the server of a killed process would run on until the next start over the same
 * directory.
 */
function guardServer({ pid }: ChildProcess, gone: Promise<unknown>): void {
  const script = join(import.meta.dirname, "postgres-guard.sh");
  // A group of its own, as the server's: Ctrl-C must not reach it.
  const guard = spawn("/bin/sh", [script, String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", () => undefined);
  guard.unref();
  const { stdin } = guard;
  stdin.on("error", () => undefined);
  (stdin as Socket).unref();
  gone.finally(() => stdin.destroy());
}

/** Resolves once the server accepts connections, or to false once it has exited instead. */
async function waitUntilReady(server: ChildProcess, { clusterDir, say }: Launch): Promise<boolean> {
  const startedAt = performance.now();
  let hasSaid = false;
  while (server.exitCode === null && server.signalCode === null) {
    if (server.pid !== undefined && (await isReady(clusterDir, server.pid))) return true;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > READY_PATIENCE_MS) throw new StartError(`Postgres did not get ready; see ${logFileOf(clusterDir)}.`);
    if (waitedMs > SAY_RECOVERING_AFTER_MS && !hasSaid) {
      hasSaid = true;
      say("Postgres is recovering after a hard stop; this can take a minute");
    }
    await sleep(15);
  }
  return false;
}

async function failToStart({ clusterDir, locks }: Launch, { signalCode: signal }: ChildProcess): Promise<never> {
  const ending = { output: await readLogTail(clusterDir), signal };
  throw new StartError(
    `The embedded Postgres did not start: ${findReason(ending)}. ${remedyFor(ending, clusterDir, locks)}`,
  );
}

function remedyFor(ending: Ending, clusterDir: string, locks: number): string {
  if (isOutOfSpace(ending)) return "Free some disk space and start again.";
  const hasManyLocks = locks > LOCKS;
  if (isRefusedMemory(ending) && hasManyLocks)
    return `The room for EMBEDDED_POSTGRES_LOCKS=${locks} is more than the memory: set it lower, or unset it for ${LOCKS}, and start again.`;
  if (isOutOfMemory(ending)) {
    const fewer = hasManyLocks ? `, or set EMBEDDED_POSTGRES_LOCKS=${locks} lower, or unset it for ${LOCKS},` : "";
    return `Give the machine or its container more memory${fewer} and start again.`;
  }
  return `See ${logFileOf(clusterDir)}.`;
}

async function launch(options: Launch): Promise<EmbeddedPostgres> {
  const { clusterDir, address, say } = options;
  const deadline = performance.now() + ORPHAN_PATIENCE_MS;
  for (;;) {
    await clearLeftoverPostmaster(clusterDir, say);
    const server = await spawnServer(options);
    const gone = once(server, "exit").catch((cause: unknown) => {
      throw new StartError(
        "The embedded Postgres cannot be run on this system; set DATABASE_URL to a Postgres of your own.",
        { cause },
      );
    });
    if (await Promise.race([waitUntilReady(server, options), gone.then(() => false)])) {
      guardServer(server, gone);
      const exited = gone.then(([code, signal]) => (signal === null ? `exit code ${code}` : String(signal)));
      const stop = async () => {
        server.kill("SIGINT");
        await gone;
      };
      return { url: address.url, pid: server.pid ?? 0, exited, stop, restart: () => launch(options) };
    }
    const isHeldByOrphans = /still in use/.test(await readLogTail(clusterDir));
    if (!isHeldByOrphans || performance.now() > deadline) await failToStart(options, server);
    await sleep(250);
  }
}

/**
 * Starts the PostgreSQL that comes with the package, making its cluster first if there is none; an earlier server that
 * a killed supervisor left behind is stopped. Throws {@link StartError} where the operator has to act.
 */
export async function startEmbeddedPostgres({
  clusterDir,
  locks = LOCKS,
  isDurable = true,
  say = () => undefined,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await openPostgresHome();
  const password = await ensureCluster(home, clusterDir, say);
  const address = await chooseAddress(clusterDir, password);
  const options: Launch = { home, clusterDir, address, locks, isDurable, say };
  const postgres = await launch(options);
  await createDatabase(options);
  return postgres;
}
