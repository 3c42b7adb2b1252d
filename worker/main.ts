// The worker role: routes what the doors committed, drains destinations, keeps the house in order.

import { listen } from "#server/database/listen.ts";
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { ONE_TEAM, openToAll } from "#server/egress/egress-policy.ts";
import { loadRoleEnv } from "#server/env.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { LANE_WAKE_CHANNEL } from "#server/events/wake.sql.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { DRAIN_MS, type RunningRole, runRole } from "#server/process/role.ts";
import { startReplayLoop } from "#server/replay/replay-loop.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { startRoutingLoop } from "#server/routing/routing-loop.ts";
import { makeWorkerApp } from "./app.ts";
import { beat, freeWorkers } from "./liveness.sql.ts";
import { giveWay } from "./priority.ts";
import { startRunners } from "./runners.ts";
import { sweep } from "./sweep.ts";

const HEARTBEAT_MS = 5_000;
const SWEEP_MS = 3_000;
/** Jobs whose end could not be written: they would stay locked by this living worker for hours. */
let hasUnendedJobs = false;

/**
 * Notes that the end of a job was lost, and survives it. graphile-worker does not wait for the statement that ends a job: when
 * the database is away it fails with nobody to catch it. Of any other rejection the process ends.
 */
function surviveLostEndOfJob(rejection: unknown): boolean {
  if (!isDatabaseAway(rejection)) return false;
  hasUnendedJobs = true;
  return true;
}

async function start(log: Log): Promise<RunningRole> {
  const courtesy = giveWay();
  const env = loadRoleEnv();
  const app = await makeWorkerApp(env, log);
  const toAll = openToAll(env.egressAllow);
  if (toAll.length > 0) log.info({ ranges: toAll }, `EGRESS_ALLOW opens these to all teams; to one alone: ${ONE_TEAM}`);
  const { pool, lanes } = app;
  await untilDatabaseAnswers(() => ensurePartitions(pool, Date.now()), { log });
  const runners = await untilDatabaseAnswers(() => startRunners(app), { log });
  const stopHeart = every(HEARTBEAT_MS, log, "The heartbeat was not written", async () => {
    await beat(pool, runners.workerIds);
    if (!hasUnendedJobs) return;
    // A job may be run again at any time: what it has done it finds in our tables.
    await freeWorkers(pool, runners.workerIds);
    hasUnendedJobs = false;
  });
  const stopSweep = every(SWEEP_MS, log, "The sweep failed", () =>
    sweep({ pool, config: app.config, log, wakeLanes: lanes.wake }),
  );
  const { databaseUrl } = env;
  const routing = startRoutingLoop(app.router, log);
  const stopReplays = startReplayLoop(app.replays, log);
  const onHandOff = () => {
    courtesy.doorIsBusy();
    routing.nudge();
  };
  const stopListening = [
    listen({ databaseUrl, channel: HAND_OFF_CHANNEL, onNotice: onHandOff, onConnect: routing.nudge }),
    listen({ databaseUrl, channel: LANE_WAKE_CHANNEL, onNotice: (destinationId) => lanes.wakeHere(destinationId) }),
  ];

  return {
    async stop() {
      // What is broken off is sent again later, and counts as no try.
      const breakOff = setTimeout(app.abortSends, DRAIN_MS);
      await stopSweep();
      await Promise.all([routing.stop(), runners.stop(), lanes.stop(), stopReplays()]);
      clearTimeout(breakOff);
      await stopHeart();
      await Promise.all(stopListening.map((stop) => stop()));
      await runners.leave();
      await app.close();
    },
  };
}

/** Runs `work` at once and then `pauseMs` after each end of it. What fails is said and tried again. Returns the way to stop. */
function every(pauseMs: number, log: Log, failure: string, work: () => Promise<unknown>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let current: Promise<void> = Promise.resolve();
  const turn = async () => {
    await work().catch((error: Error) => log.warn({ error: error.message }, failure));
    if (!isStopped) timer = setTimeout(again, pauseMs);
  };
  const again = () => {
    current = turn();
  };
  again();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await current;
  };
}

const log = makeLog("worker", loadRoleEnv().logLevel);
await runRole({ name: "worker", log, start: () => start(log), survives: surviveLostEndOfJob });
