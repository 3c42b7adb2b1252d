// A worker in a process of its own, over a world's database. Its death is that of a machine: no lease is given back.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnv } from "#server/env.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import type { World } from "./world.ts";

export interface WorkerProcess {
  /** Kills it; another takes over, as if the time of its leases had passed. Calls during a take-over share it. */
  replace(): Promise<void>;
  kills(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

export function startWorkerProcess(of: World): WorkerProcess {
  let worker = spawnWorker(of);
  let kills = 0;
  let replacing: Promise<void> | null = null;

  async function replaceNow(): Promise<void> {
    kills++;
    const hasDied = once(worker, "exit");
    worker.kill("SIGKILL");
    await hasDied;
    await of.all("update lane set lease_expires_at = now()");
    worker = spawnWorker(of);
  }

  return {
    async replace() {
      replacing ??= replaceNow().finally(() => {
        replacing = null;
      });
      await replacing;
    },
    kills: () => kills,
    async [Symbol.asyncDispose]() {
      await replacing;
      const hasEnded = once(worker, "exit");
      worker.kill("SIGTERM");
      await hasEnded;
    },
  };
}

/** The bare process; its end is the caller's. */
export function spawnWorker(of: World): ChildProcess {
  const env = childEnv({
    DATABASE_URL: of.env.databaseUrl,
    SWITCHYARD_SECRET: of.env.secret,
    EGRESS_ALLOW: "127.0.0.0/8",
    LOG_LEVEL: "warn",
  });
  return spawn(process.execPath, [join(PROJECT_ROOT, "worker/main.ts")], { env, stdio: "inherit" });
}
