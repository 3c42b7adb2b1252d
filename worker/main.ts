// The worker role: routes the requests that the doors committed, delivers their events, and does the maintenance.
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { ONE_TEAM, openToAll } from "#server/egress/egress-policy.ts";
import { loadRoleEnv } from "#server/env.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { type RunningRole, runRole } from "#server/process/role.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { makeWorkerApp } from "./app.ts";
import { startLoops } from "./loops.ts";
import { lowerPriority } from "./priority.ts";

/** Jobs whose end could not be written. */
const unended = { isKnown: false };

/**
 * Notes that the end of a job could not be written, and lets the worker go on. graphile-worker does not wait for the
 * statement that ends a job, so nobody catches its failure when the database is away. Any other unhandled rejection ends
 * the process.
 */
function surviveLostEndOfJob(rejection: unknown): boolean {
  if (!isDatabaseAway(rejection)) return false;
  unended.isKnown = true;
  return true;
}

async function start(log: Log): Promise<RunningRole> {
  const priority = lowerPriority();
  const env = loadRoleEnv();
  const app = await makeWorkerApp(env, log);
  const toAll = openToAll(env.egressAllow);
  if (toAll.length > 0) log.info({ ranges: toAll }, `EGRESS_ALLOW opens these to all teams; to one alone: ${ONE_TEAM}`);
  await untilDatabaseAnswers(() => ensurePartitions(app.pool, Date.now()), { log });
  const stopLoops = await startLoops(app, { onHandOff: priority.doorIsBusy, unended });
  return {
    async stop() {
      await stopLoops();
      await app.close();
    },
    unfinished() {
      const count = app.lanes.onWire();
      return count === 0 ? null : `The results of ${count} attempts could not be written. Their events are sent again.`;
    },
  };
}

const log = makeLog("worker", loadRoleEnv().logLevel);
await runRole({ name: "worker", log, start: () => start(log), survives: surviveLostEndOfJob });
