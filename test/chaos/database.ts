// The databases that a run can stand on: one as `npm start` brings it, a pair with fail-over, and one on a small disk.
import { execFile } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import type { NetConnectOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { migrate } from "#server/database/migrate.ts";
import { EnvError } from "#server/env.ts";
import { startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { signalProcess } from "#server/start/process-table.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { startReplicatedPostgres } from "#test/support/replicated-postgres.ts";
import { freezeTree, makePostgres } from "#test/support/system.ts";
import { targetOf } from "./postgres-target.ts";

export const DATABASE_KINDS = ["one", "pair", "small-disk"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export interface ChaosDatabase {
  /** Where it is reached at the start; relays ask for `target` instead. */
  url: string;
  /** Where connections are to be led now. */
  target(): NetConnectOpts;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** An orderly stop that cuts everybody off. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** SIGSTOP of every process of it, until `thaw`. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Of a pair: kill of the primary and promotion of its standby. */
  failOver?: () => Promise<void>;
  /** Of a pair: the standby is gone for so long, and commits wait for it. */
  loseStandby?: (ms: number) => Promise<void>;
  /** Of a small disk: not a byte is left for so long. */
  fillDisk?: (ms: number) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DISK_MIB = 700;

/** @param migrated a stopped cluster with a migrated database for `one` to begin with a copy of; else it makes its own */
export const startDatabase = (kind: DatabaseKind, migrated?: string): Promise<ChaosDatabase> => STARTS[kind](migrated);

const STARTS: Record<DatabaseKind, (migrated?: string) => Promise<ChaosDatabase>> = {
  one: startOne,
  pair: startPair,
  "small-disk": startOnSmallDisk,
};

async function startOne(migrated?: string): Promise<ChaosDatabase> {
  await using starting = new AsyncDisposableStack();
  const postgres = makePostgres(starting.use(await startTemporaryPostgres({ isDurable: true, from: migrated })));
  starting.defer(() => postgres.stop());
  await migrate(postgres.url);
  const stack = starting.move();
  return { ...postgres, target: () => targetOf(postgres.url), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function startPair(): Promise<ChaosDatabase> {
  const pair = await startReplicatedPostgres();
  let frozen: number[] = [];
  const thaw = () => {
    for (const pid of frozen) signalProcess(pid, "SIGCONT");
    frozen = [];
  };
  return {
    url: pair.url,
    target: () => targetOf(pair.primary().url),
    kill: () => pair.primary().stop("SIGKILL"),
    stop: () => pair.primary().stop(),
    restart: () => pair.primary().start(),
    async freeze() {
      frozen = await freezeTree(pair.primary().pid());
    },
    thaw,
    failOver: pair.failOver,
    async loseStandby(ms) {
      await pair.standby().stop("SIGKILL");
      await sleep(ms);
      await pair.standby().start();
    },
    async [Symbol.asyncDispose]() {
      thaw();
      await pair[Symbol.asyncDispose]();
    },
  };
}

async function startOnSmallDisk(): Promise<ChaosDatabase> {
  await using starting = new AsyncDisposableStack();
  const run = promisify(execFile);
  const disk = await mkdtemp(join(tmpdir(), "switchyard-disk-"));
  starting.defer(() => rm(disk, { recursive: true, force: true }));
  await run("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", disk]).catch(() => {
    throw new EnvError([
      "--database small-disk: this machine does not let a small disk be mounted; be root, or leave it out.",
    ]);
  });
  starting.defer(() => run("umount", ["--lazy", disk]).then(() => undefined));
  const postgres = makePostgres(await startEmbeddedPostgres({ clusterDir: join(disk, "postgres") }));
  starting.defer(() => postgres.stop());
  await migrate(postgres.url);
  const stack = starting.move();
  return {
    ...postgres,
    target: () => targetOf(postgres.url),
    async fillDisk(ms) {
      const ballast = join(disk, "ballast");
      await fill(ballast);
      await sleep(ms);
      await rm(ballast);
      // Postgres gives up when there is no room for its log.
      await postgres.revive();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const PIECE = Buffer.alloc(2 ** 20);
const CRUMB = Buffer.alloc(4096);

/** Writes until there is no room left, not even for a page. */
async function fill(path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for (const piece of [PIECE, CRUMB]) {
      for (;;) {
        const isFull = await file.write(piece).then(
          ({ bytesWritten }) => bytesWritten < piece.length,
          () => true,
        );
        if (isFull) break;
      }
    }
  } finally {
    await file.close();
  }
}
