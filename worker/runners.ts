// The job runners of graphile-worker: four, so that fast lanes, slow lanes, maintenance and signals each have slots of their own.

import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Runner, run, type TaskList, type WorkerEvents } from "graphile-worker";
import { makePool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { slowLanes, type WorkerApp } from "./app.ts";
import { crontab } from "./crontab.ts";
import { freeGoneWorkers } from "./gone-workers.sql.ts";
import { retireWorkers } from "./liveness.sql.ts";
import { makeRunnerLogger } from "./runner-logger.ts";
import type { MakeTask } from "./task.ts";
import { taskList } from "./task-list.ts";

/** NOTIFY announces a new job; the poll finds those whose time has come. */
const POLL_MS = 1_000;
const MAINTENANCE_SLOTS = 2;
/** Whoever is in line for a connection is served or gives up within seconds. */
const IN_LINE_MS = 10;
/**
 * Each of the four runners listens over one. The rest are few for many slots on purpose: lanes work over the pools of the
 * app.
 */
const CONNECTIONS = 4 + 4;

/**
 * The jobs of lanes that a runner takes at once. `server/delivery/lane-slots.ts` decides which lanes run, up to twice the
 * slots; the rest is for jobs that only put their destination in line there. A job that stood in a full runner's queue would
 * be locked by this worker, whatever team it is for.
 */
const jobsAtOnce = (slots: number) => 2 * slots + 8;

export interface Runners {
  /** The names under which graphile-worker locks jobs, and for which a heartbeat is written. */
  workerIds: string[];
  /** Waits for the jobs that run and for the statements that end some: others would stay locked by these names. */
  stop(): Promise<void>;
  /**
   * Called after the last heartbeat: frees the jobs that are still locked. When the database is away, other workers free
   * them once this one is silent. A worker whose turns have all ended frees the leases and claims that it could not give back. One that
   * still works stays known, so that others free them once its process is gone.
   */
  leave(left: { hasEnded: boolean }): Promise<void>;
}

/** @param schedule when recurring jobs run; none where it is empty */
export async function startRunners(app: WorkerApp, schedule = crontab): Promise<Runners> {
  const workerIds: string[] = [];
  // graphile-worker does not wait for a pool of its own to end, and would cut off the statements that end jobs.
  const pool = makePool(app.env.databaseUrl, "jobs", CONNECTIONS);
  const start = async (tasks: Record<string, MakeTask>, slots: number, withCron: boolean): Promise<Runner> => {
    const events: WorkerEvents = new EventEmitter();
    events.on("pool:create", ({ workerPool }) => workerIds.push(workerPool.id));
    return run({
      pgPool: pool,
      concurrency: slots,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      events,
      logger: makeRunnerLogger(app.log),
      taskList: Object.fromEntries(Object.entries(tasks).map(([name, make]) => [name, make(app)])) as TaskList,
      crontab: withCron ? schedule : "",
      preset: { worker: { localQueue: { size: slots } } },
    });
  };
  const started = await Promise.allSettled([
    start(taskList.maintenance, MAINTENANCE_SLOTS, true),
    start(taskList.signals, 1, false),
    start(taskList.fast, jobsAtOnce(app.env.workerLanes), false),
    start(taskList.slow, jobsAtOnce(slowLanes(app.env)), false),
  ]);
  const stop = async () => {
    await Promise.all(started.map((one) => one.status === "fulfilled" && one.value.stop().catch(() => {})));
    // A runner does not wait for the statements that end its jobs, and a pool that ends serves nobody who is in line.
    while (pool.waitingCount > 0) await sleep(IN_LINE_MS);
    await pool.end();
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    workerIds,
    stop,
    async leave({ hasEnded }) {
      try {
        await retireWorkers(app.pool, workerIds);
        if (!hasEnded) return;
        // The release of a lease or a claim may have failed: nobody would wait for what it was held for.
        const { destinationIds } = await freeGoneWorkers(app.pool, [app.holder]);
        await app.lanes.wake(destinationIds);
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        app.log.warn({ error: (error as Error).message }, "The database was away when the worker stopped");
      }
    },
  };
}
