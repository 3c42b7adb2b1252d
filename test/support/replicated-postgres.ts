// Clusters of Postgres, one of them the primary and the others its synchronous standbys, and one address in front that leads to any.
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { migrate } from "#server/database/migrate.ts";
import { childEnv } from "#server/env.ts";
import { DATABASE } from "#server/start/embedded-postgres.ts";
import { ensureCluster, POSTGRES_USER } from "#server/start/postgres-cluster.ts";
import { openPostgresHome, type PostgresHome } from "#server/start/postgres-home.ts";
import { signalProcess } from "#server/start/process-table.ts";
import { freezeTree } from "./system.ts";

const START_PATIENCE_MS = 20_000;
const SOCKET = ".s.PGSQL.5432";
/** Commits wait for the standby, though nothing waits for a disk. */
const SETTINGS = {
  listen_addresses: "",
  unix_socket_directories: ".",
  fsync: "off",
  synchronous_commit: "on",
  shared_buffers: "16MB",
  min_wal_size: "8MB",
  wal_receiver_status_interval: "1s",
  wal_retrieve_retry_interval: "100ms",
};

export type PostgresNode = ReturnType<typeof makeNode>;
export type ReplicatedPostgres = Awaited<ReturnType<typeof startReplicatedPostgres>>;

/** Of the standbys, whichever they are, one has to have a commit. */
const QUORUM = "ANY 1 (*)";

interface ReplicatedOptions {
  /** A third cluster, so that commits wait for either of two standbys. */
  hasThird?: boolean;
}

/** A migrated database on `first`, whose commits wait for a standby. `url` leads to `first` until `leadTo` says otherwise. */
export async function startReplicatedPostgres({ hasThird = false }: ReplicatedOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-pair-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const home = await openPostgresHome();
  if (home.user) await chown(directory, home.user.uid, home.user.gid);
  const password = await ensureCluster(home, join(directory, "first"), () => {});
  const node = (name: string) => makeNode(home, join(directory, name), password);
  const [first, second, third] = [node("first"), node("second"), node("third")];
  stack.defer(() => Promise.all([first, second, third].map((each) => each.stop("SIGQUIT"))).then(() => {}));
  await first.start();
  await first.query(`create database ${DATABASE}`, "postgres");
  await migrate(first.url);
  const standbys = hasThird ? [second, third] : [second];
  await Promise.all(
    standbys.map(async (each) => {
      await copyCluster(first, each);
      await each.follow(first);
      await each.start();
    }),
  );
  await awaitStandbys(first, QUORUM);
  const address = stack.use(await startAddress(first));
  let [primary, standby] = [first, second];
  const disposal = stack.move();
  return {
    first,
    second,
    url: `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${address.port}/${DATABASE}`,
    /** New connections go to `node`; those that are open stay where they are. */
    leadTo: address.leadTo,
    primary: () => primary,
    standby: () => standby,
    /**
     * `kill -9` of the primary and promotion of the standby, to which the address leads then. What was the primary is made anew, as
     * the standby of the other. Until it has caught up commits wait for nobody, as in a group of which one is left.
     */
    async failOver() {
      [primary, standby] = [standby, primary];
      await standby.stop("SIGKILL");
      await primary.promote();
      await awaitStandbys(primary, "");
      address.leadTo(primary);
      await rm(standby.dir, { recursive: true, force: true });
      await copyCluster(primary, standby);
      await standby.follow(primary);
      await standby.start();
      await streaming(primary);
      await awaitStandbys(primary, QUORUM);
    },
    /**
     * The machine of the primary is gone. Of two standbys the one that has more is promoted and the other one follows it; commits go on
     * waiting for a standby. The address leads to the new primary. Resolves to when it could write, by `performance.now()`.
     *
     * @param look sees the new primary before anybody else does
     */
    async promote(look: (primary: PostgresNode) => Promise<void>): Promise<number> {
      await primary.die();
      const [best, other] = await byProgress(second, third);
      [primary, standby] = [best, other];
      await primary.promote();
      const promotedAtMs = performance.now();
      await look(primary);
      address.leadTo(primary);
      await standby.turnTo(primary);
      return promotedAtMs;
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** The standby that has received more of the log comes first: the other one may lack what was acknowledged. */
async function byProgress(one: PostgresNode, other: PostgresNode): Promise<[PostgresNode, PostgresNode]> {
  const read = async (node: PostgresNode) =>
    BigInt((await node.query("select pg_last_wal_receive_lsn() - '0/0'::pg_lsn as bytes"))[0].bytes);
  const [ofOne, ofOther] = await Promise.all([read(one), read(other)]);
  return ofOne >= ofOther ? [one, other] : [other, one];
}

/** Whom commits wait for; empty: nobody. */
async function awaitStandbys(node: PostgresNode, names: string): Promise<void> {
  await node.query(`alter system set synchronous_standby_names = '${names}'`);
  await node.query("select pg_reload_conf()");
}

/** Resolves once a standby has caught up. */
async function streaming(primary: PostgresNode): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while ((await primary.query("select from pg_stat_replication where state = 'streaming'")).length === 0) {
    if (performance.now() > deadline) throw new Error("The standby did not catch up.");
    await pause(50);
  }
}

/** @param settings besides those of all nodes */
export function makeNode(home: PostgresHome, dir: string, password: string, settings: Record<string, string> = {}) {
  let server: ChildProcess | undefined;
  const isRunning = () => server !== undefined && server.exitCode === null && server.signalCode === null;
  const urlOf = (database: string) =>
    `postgresql://${POSTGRES_USER}:${password}@localhost/${database}?host=${encodeURIComponent(dir)}`;
  const query = async (text: string, database = DATABASE) => {
    const client = new pg.Client({ connectionString: urlOf(database) });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  const followOf = (primary: { dir: string }) => {
    const conninfo = `host=${primary.dir} user=${POSTGRES_USER} password=${password} application_name=${basename(dir)}`;
    return `primary_conninfo = '${conninfo}'\nsynchronous_standby_names = '${QUORUM}'\n`;
  };
  const own = async (name: string, text: string) => {
    await writeFile(join(dir, name), text, { mode: 0o600 });
    if (home.user) await chown(join(dir, name), home.user.uid, home.user.gid);
  };
  const launch = async () => {
    const log = await open(`${dir}.log`, "a", 0o600);
    const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = home.run("postgres", dir, (place) => ["-D", place, ...flags], {
      output: log.fd,
      env: childEnv({ LC_ALL: "C", PGDATA: undefined, PGPORT: undefined }),
    });
    await log.close();
  };
  return {
    dir,
    pid: () => server?.pid ?? 0,
    /** Straight to this node. */
    url: urlOf(DATABASE),
    query,
    own,
    /** Resolves once it takes connections, as a primary or as a standby. */
    async start() {
      if (isRunning()) return;
      const deadline = performance.now() + START_PATIENCE_MS;
      await launch();
      while (!(await query("select 1", "postgres").catch(() => null))) {
        if (performance.now() > deadline) throw new Error(`Postgres did not start; see ${dir}.log`);
        await pause(20);
        // Backends of a server that was killed hold its memory for a moment.
        if (!isRunning()) await launch();
      }
    },
    /** SIGINT by default: everybody is cut off, and the standby has everything first. */
    async stop(signal: NodeJS.Signals = "SIGINT") {
      if (!server || !isRunning()) return;
      const gone = once(server, "exit");
      server.kill(signal);
      await gone;
    },
    /** SIGKILL of every process of it at once: none is left to hand anything to a standby. */
    async die() {
      if (!server || !isRunning()) return;
      const gone = once(server, "exit");
      for (const pid of await freezeTree(server.pid ?? 0)) signalProcess(pid, "SIGKILL");
      await gone;
    },
    /** Its next start is that of a standby of `primary`. */
    async follow(primary: { dir: string }) {
      await own("standby.signal", "");
      await own("postgresql.auto.conf", followOf(primary));
    },
    /** A standby that runs follows `primary` from now on. */
    async turnTo(primary: { dir: string }) {
      await own("postgresql.auto.conf", followOf(primary));
      await query("select pg_reload_conf()");
    },
    promote: () => query("select pg_promote(true, 20)"),
  };
}

/** What pg_basebackup does, which is not in the package. */
export async function copyCluster(from: PostgresNode, to: Pick<PostgresNode, "dir" | "own">): Promise<void> {
  const client = new pg.Client({ connectionString: from.url });
  await client.connect();
  try {
    await client.query("alter system set wal_keep_size = '256MB'");
    await client.query("select pg_reload_conf()");
    await client.query("select pg_backup_start('copy', true)");
    // A file that is gone meanwhile is in the log that the standby replays.
    await promisify(execFile)("cp", ["-a", from.dir, to.dir]).catch((error: { stderr?: string }) => {
      if (!/^(cp: .*No such file or directory\n)+$/.test(error.stderr ?? "")) throw error;
    });
    const { rows } = await client.query("select labelfile from pg_backup_stop(false)");
    for (const name of ["postmaster.pid", SOCKET, `${SOCKET}.lock`]) await rm(join(to.dir, name), { force: true });
    await to.own("backup_label", rows[0].labelfile);
  } finally {
    await client.end();
  }
}

async function startAddress(first: PostgresNode) {
  let target = first;
  const sockets = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(join(target.dir, SOCKET));
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(node: PostgresNode) {
      target = node;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
