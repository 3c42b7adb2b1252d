// Two clusters of Postgres, one the synchronous standby of the other, and one address in front that leads to either.
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { migrate } from "#server/database/migrate.ts";
import { childEnv } from "#server/env.ts";
import { DATABASE } from "#server/start/embedded-postgres.ts";
import { ensureCluster, POSTGRES_USER } from "#server/start/postgres-cluster.ts";
import { openPostgresHome, type PostgresHome } from "#server/start/postgres-home.ts";

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

/** A migrated database on `first`, whose commits wait for `second`. `url` leads to `first` until `leadTo` says otherwise. */
export async function startReplicatedPostgres() {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-pair-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const home = await openPostgresHome();
  if (home.user) await chown(directory, home.user.uid, home.user.gid);
  const [firstDir, secondDir] = [join(directory, "first"), join(directory, "second")];
  const password = await ensureCluster(home, firstDir, () => {});
  const first = makeNode(home, firstDir, password);
  const second = makeNode(home, secondDir, password);
  stack.defer(() => Promise.all([first.stop("SIGQUIT"), second.stop("SIGQUIT")]).then(() => {}));
  await first.start();
  await first.query(`create database ${DATABASE}`, "postgres");
  await migrate(first.url);
  await copyCluster(first, second);
  await second.follow(first);
  await second.start();
  await awaitStandbys(first, "*");
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
      await awaitStandbys(primary, "*");
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** Whom commits wait for: `*` any standby, empty nobody. */
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

function makeNode(home: PostgresHome, dir: string, password: string) {
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
  const own = async (name: string, text: string) => {
    await writeFile(join(dir, name), text, { mode: 0o600 });
    if (home.user) await chown(join(dir, name), home.user.uid, home.user.gid);
  };
  const launch = async () => {
    const log = await open(`${dir}.log`, "a", 0o600);
    const flags = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
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
    /** Its next start is that of a standby of `primary`. */
    async follow(primary: { dir: string }) {
      await own("standby.signal", "");
      const conninfo = `host=${primary.dir} user=${POSTGRES_USER} password=${password} application_name=standby`;
      await own("postgresql.auto.conf", `primary_conninfo = '${conninfo}'\nsynchronous_standby_names = '*'\n`);
    },
    promote: () => query("select pg_promote(true, 20)"),
  };
}

/** What pg_basebackup does, which is not in the package. */
async function copyCluster(from: PostgresNode, to: PostgresNode): Promise<void> {
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
