// The parts of a worker, put together once: pools, configuration, lanes, routing, replays.
import { randomUUID } from "node:crypto";
import { type ConfigCache, makeConfigCache } from "#server/config/config-cache.ts";
import { makeKeyring } from "#server/crypto/secrets.ts";
import { makeUnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import { makeDatabaseTime } from "#server/database/database-time.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import { untilDatabaseAnswers } from "#server/database/until-database.ts";
import { makeBodyLoader } from "#server/delivery/body-loader.ts";
import { type Lanes, makeLanes } from "#server/delivery/lanes.ts";
import { makeSenders } from "#server/delivery/senders/make-senders.ts";
import { makeSettleWriter, PROMPT_INTERVAL_MS, type SettleWriter } from "#server/delivery/settle-writer.ts";
import { makeEgress } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makeOwnListeners } from "#server/egress/own-listeners.ts";
import type { RoleEnv } from "#server/env.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import type { WatchTools } from "#server/issues/watch-teams.ts";
import { makeLiveAnnouncer } from "#server/live/announcer.ts";
import { type Mailer, makeMailer } from "#server/mail/mailer.ts";
import { type Clock, systemClock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import type { PageTools } from "#server/replay/run-page.ts";
import { makeDeferredBranches } from "#server/routing/deferred-branches.ts";
import type { Router } from "#server/routing/route-requests.ts";
import { makeSandbox, type Sandbox } from "#server/sandbox/pool.ts";
import type { Traces } from "#server/telemetry/traced.ts";
import { traceSettles } from "#server/telemetry/traced-writers.ts";
import { makeTraces } from "#server/telemetry/traces.ts";

export interface WorkerApp {
  env: RoleEnv;
  log: Log;
  pool: Pool;
  config: ConfigCache;
  lanes: Lanes;
  router: Router;
  replays: PageTools;
  issues: WatchTools;
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  /** The name under which leases and claims are held. */
  holder: string;
  now: () => Date;
  /** Breaks off the sends on the wire. Their events go out again from the next worker that runs. */
  abortSends(): void;
  close(): Promise<void>;
}

/** Shared by results and lanes: their statements are short, and more connections would take Postgres from the door. */
const POOL_CONNECTIONS = 4;
/** One for each slot of the routing loop. */
const ROUTING_CONNECTIONS = 2;
/** Apart from the routing loop's, because they write large bodies too: a claim, a look for a copy, a commit. */
const DEFERRED_CONNECTIONS = 2;
/** One for the page being turned, one for the note that a page failed. */
const REPLAY_CONNECTIONS = 2;
/** One for each team that is looked at at a time. */
const ISSUE_CONNECTIONS = 2;

const makePools = (url: string, claimant: string) => ({
  pool: makePool(url, "works", POOL_CONNECTIONS),
  routing: makePool(url, "routes", ROUTING_CONNECTIONS, { isRepeatable: true, claimant }),
  deferring: makePool(url, "defers", DEFERRED_CONNECTIONS, { isRepeatable: true, claimant }),
  replaying: makePool(url, "replays", REPLAY_CONNECTIONS),
  watching: makePool(url, "watches", ISSUE_CONNECTIONS),
});

const makeMailTools = (env: RoleEnv, pool: Pool) => ({
  mailer: env.mail ? makeMailer(env.mail) : null,
  pool,
  dashboardUrl: env.publicDashboardUrl,
  unsubscribeLinks: makeUnsubscribeLinks(env.secret, env.otherSecret),
});

/** @param clock the clock of this machine, which may be wrong: what lanes share, they count by the database's */
export async function makeWorkerApp(env: RoleEnv, log: Log, clock: Clock = systemClock): Promise<WorkerApp> {
  const now = () => new Date();
  const holder = randomUUID();
  const pools = makePools(env.databaseUrl, holder);
  const { pool, routing, deferring, replaying, watching } = pools;
  const keyring = makeKeyring(env.secret, env.otherSecret);
  const loadConfig = () => makeConfigCache({ pool, databaseUrl: env.databaseUrl, keyring, log });
  const config = await untilDatabaseAnswers(loadConfig, { log });
  const egressPolicy = makeEgressPolicy(env.egressAllow, makeOwnListeners(env));
  const isSourceKey = (text: string) => config.current().sourcesByKey.has(text);
  const egress = makeEgress({ policy: egressPolicy, isSourceKey });
  const traces = await makeTraces(env, "worker", log);
  const live = makeLiveAnnouncer(replaying);
  const { settleWriter, promptSettleWriter } = makeSettleWriters(pool, log, traces, live.changed);
  const sandbox = makeSandbox();
  const sends = new AbortController();
  const toMail = makeMailTools(env, pool);
  const databaseTime = makeDatabaseTime(clock);
  const lanes = makeLanes(
    {
      pool,
      config,
      senders: makeSenders({ egress, egressPolicy, config, ...toMail, clock, signal: sends.signal }),
      bodies: makeBodyLoader(pool),
      settleWriter,
      promptSettleWriter,
      readValue: (stored, path) => readValue(sandbox, stored, path),
      ...{ log, clock, databaseTime },
      random: Math.random,
    },
    { holder, slots: { fast: env.workerLanes, slow: slowLanes(env), idle: idleLanes(env) } },
  );
  const routes = { config, log, databaseTime, wakeLanes: lanes.wake, inboxes: lanes };
  const deferred = makeDeferredBranches({ ...routes, pool: deferring, sandbox });
  return {
    env,
    log,
    pool,
    config,
    lanes,
    router: { ...routes, pool: routing, deferred },
    replays: { pool: replaying, now, wakeLanes: lanes.wake, wakeRouting: deferred.expect, changed: live.changed },
    issues: { pool: watching, log, now, changed: live.changed, dashboardUrl: env.publicDashboardUrl },
    mailer: toMail.mailer,
    holder,
    now,
    abortSends: () => sends.abort(),
    async close() {
      await Promise.all([settleWriter.idle(), promptSettleWriter.idle()]);
      await live.stop();
      await egress.close();
      await deferred.stop();
      await sandbox.close();
      await config.close();
      await traces?.stop();
      lanes.abandon();
      await Promise.all(Object.values(pools).map((each) => each.end()));
    },
  };
}

const makeSettleWriters = (pool: Pool, log: Log, traces: Traces | null, changed: (teamId: string) => void) => ({
  settleWriter: announcing(traceSettles(makeSettleWriter(pool, log), traces), changed),
  promptSettleWriter: announcing(traceSettles(makeSettleWriter(pool, log, PROMPT_INTERVAL_MS), traces), changed),
});

/** Tells those who look on of each result. */
const announcing = (writer: SettleWriter, changed: (teamId: string) => void): SettleWriter => ({
  ...writer,
  settle(settlement) {
    changed(settlement.team_id);
    return writer.settle(settlement);
  },
});

/** Empty, as if there were nothing at the path, where the request cannot be read within the limits of a judgement. */
async function readValue(sandbox: Sandbox, stored: StoredRequest, orderPath: string): Promise<string> {
  const call = { teamId: stored.team_id, stored, rules: [], transformation: null, isReplay: true, holder: null };
  const result = await sandbox.judge({ ...call, orderPath, groupPath: null });
  return (result.kind === "judged" && result.judgement.kind === "deliver" && result.judgement.orderValue) || "";
}

/** A lane that waits for a hung receiver costs next to nothing, so there may be many. */
export const slowLanes = (env: RoleEnv) => env.workerLanes * 4;

/** A lane that has nothing to do has a row that is renewed with all others, and looks once a second. It ends by itself after that. */
const idleLanes = (env: RoleEnv) => env.workerLanes * 20;
