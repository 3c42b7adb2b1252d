// The worker role: routes what the doors committed, drains destinations, and does the maintenance.
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { ONE_TEAM, openToAll } from "#server/egress/egress-policy.ts";
import { loadRoleEnv } from "#server/env.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { type RunningRole, runRole } from "#server/process/role.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { makeWorkerApp } from "./app.ts";
import { startLoops } from "./loops.ts";
import { giveWay } from "./priority.ts";

/** Jobs whose end could not be written. */
const unended = { isKnown: false };

/**
 * Notes that the end of a job was lost, and survives it. graphile-worker does not wait for the statement that ends a job: when
 * the database is away it fails with nobody to catch it. Of any other rejection the process ends.
 */
function surviveLostEndOfJob(rejection: unknown): boolean {
  if (!isDatabaseAway(rejection)) return false;
  unended.isKnown = true;
  return true;
}

async function start(log: Log): Promise<RunningRole> {
  const courtesy = giveWay();
  const env = loadRoleEnv();
  const app = await makeWorkerApp(env, log);
  const toAll = openToAll(env.egressAllow);
  if (toAll.length > 0) log.info({ ranges: toAll }, `EGRESS_ALLOW opens these to all teams; to one alone: ${ONE_TEAM}`);
  await untilDatabaseAnswers(() => ensurePartitions(app.pool, Date.now()), { log });
  const stopLoops = await startLoops(app, { onHandOff: courtesy.doorIsBusy, unended });
  return {
    async stop() {
      await stopLoops();
      await app.close();
    },
  };
}

const log = makeLog("worker", loadRoleEnv().logLevel);
await runRole({ name: "worker", log, start: () => start(log), survives: surviveLostEndOfJob });
