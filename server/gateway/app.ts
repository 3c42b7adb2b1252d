// The parts of a gateway, put together once: the door, the API, the tools of agents, the probes, and the server that divides requests among
// them.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeApp } from "#server/auth/app.ts";
import type { App } from "#server/auth/ctx.ts";
import { type ConfigCache, makeConfigCache } from "#server/config/config-cache.ts";
import { makeHealthProofs } from "#server/crypto/health-proof.ts";
import { makePlanSeals } from "#server/crypto/plan-seal.ts";
import { makeTestMarks } from "#server/crypto/test-mark.ts";
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import type { RoleEnv } from "#server/env.ts";
import { newId } from "#server/ids.ts";
import { ACCEPT_CONNECTIONS, type AcceptWriter, makeAcceptWriter, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { originForm } from "#server/ingest/arrival-target.ts";
import { type CommitTrouble, makeCommitTrouble } from "#server/ingest/commit-trouble.ts";
import { MAX_HEADERS, makeDoor } from "#server/ingest/door.ts";
import { hearPublishes } from "#server/ingest/publisher.ts";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { makeSourceRates } from "#server/ingest/source-rates.ts";
import { makeTestsFromHere } from "#server/ingest/tests-from-here.ts";
import { makeLiveAnnouncer } from "#server/live/announcer.ts";
import { type Telling, tellLocally } from "#server/process/local-line.ts";
import type { Log } from "#server/process/log.ts";
import { DRAIN_MS, TIDY_MS } from "#server/process/stop-times.ts";
import { within } from "#server/process/within.ts";
import type { FetchKey } from "#server/providers/inbound.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import type { Spool } from "#server/spool/spool.ts";
import { traceAccepts, tracePublishes } from "#server/telemetry/traced-writers.ts";
import { makeTraces } from "#server/telemetry/traces.ts";
import { makeCallerReader } from "#server/wire/caller-address.ts";
import { makeHttpServer } from "#server/wire/http-server.ts";
import { makeLateApi } from "./late-api.ts";
import { type LateDoor, makeLateDoor } from "./late-door.ts";
import { makeMayScrape } from "./may-scrape.ts";
import { makeOps, type Ops } from "./ops.ts";
import { announcePresence } from "./presence.ts";
import { makeProviderKeys } from "./provider-keys.ts";

/** A sender whose connection is in use is asked to close it before it is closed: it would lose what it is just sending. */
const LAST_ANSWERS_MS = 500;
const VERB_CONNECTIONS = 5;

export interface GatewayApp {
  /** The dependencies of the verbs behind the API. */
  app: App;
  /** Serves the door, the API and the probes. The caller has it listen, where `env` says, once `tried` has resolved. */
  server: Server;
  /** Resolves once the door is open, or has to wait for the database. */
  tried: Promise<void>;
  /** Resolves to the door's configuration once the door is open; null when it is closed before. */
  opened: Promise<ConfigCache | null>;
  /** Stops listening, lets the requests under way finish, and closes everything. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  now?: () => Date;
  /** Reads the keys and certificates of providers, by default over the guarded way out. */
  fetchKey?: FetchKey;
}

/** Makes a gateway that listens nowhere yet. */
export async function makeGatewayApp(
  env: RoleEnv,
  log: Log,
  { now = () => new Date(), fetchKey }: GatewayOptions = {},
): Promise<GatewayApp> {
  const trouble = makeCommitTrouble(log);
  const { app, dispose, traces } = await makeTracedApp(env, log, now, trouble);
  const nowMs = () => now().getTime();
  const id = newId("gateway", nowMs());
  const { accepting, reading } = makePools(env.databaseUrl);
  const line = tellLocally({ identify: () => askIdentity(reading) });
  const announcers = makeAnnouncers(reading, line);
  const stored = makeWriter(accepting, log, { ...announcers, line, trouble }, () => presence.allReadPacked());
  const spool = await openSpool(env, log, stored, announcers);
  const writer = traceAccepts(spool?.writer ?? stored, traces, now);
  let isStopping = false;
  const isReady = () => door.isOpen() && !isStopping;
  const readCaller = makeCallerReader(env.trustedProxies);
  const asked = { mayScrape: makeMayScrape(app, readCaller), isReady, prove: makeProver(env, id), trouble };
  const ops = makeOps({ pool: reading, log, writer, spool, nowMs, readRoom: app.readDatabaseRoom, ...asked });
  const doorParts = {
    writer,
    rates: makeSourceRates(reading, log, { trouble }),
    readSender: makeSenderReader(env.trustedProxies, env.publicGatewayUrl),
    log,
    nowMs,
    fetchKey: fetchKey ?? makeProviderKeys(app.egress, nowMs),
    onAnswer: ops.countAnswer,
    reads: app.shares.reads,
    tests: makeTestsFromHere(id, makeTestMarks(env.secret, env.otherSecret)),
  };
  const door = makeLateDoor({
    log,
    async loadConfig() {
      await ensurePartitions(reading, nowMs());
      return makeConfigCache({ pool: reading, databaseUrl: env.databaseUrl, keyring: app.keyring, log });
    },
    makeDoor: (config) => makeDoor({ ...doorParts, config }),
    onAnswer: ops.countAnswer,
  });
  const api = makeLateApi(app, { log, readCaller, seals: makePlanSeals(env.secret, env.otherSecret) });
  const server = makeServer({ door, ops, api, isStopping: () => isStopping });
  const presence = announcePresence({ pool: reading, server, id, host: env.host, log });

  return {
    app,
    server,
    tried: door.tried,
    opened: door.opened,
    async stop() {
      isStopping = true;
      app.tunnels.endWaits();
      // Those who send do not wait until the database has heard of it.
      const gone = within(DRAIN_MS, presence.end());
      await closeServer(server);
      await gone;
      const leave = () => Promise.all([dispose(), accepting.end(), reading.end(), traces?.stop()]);
      await within(TIDY_MS, tidyUp({ door, spool, announcers, line, api }, leave));
    },
  };
}

interface Ending {
  door: LateDoor;
  spool: Spool | undefined;
  announcers: ReturnType<typeof makeAnnouncers>;
  line: Telling;
  api: { close(): Promise<void> };
}

async function tidyUp({ door, spool, announcers, line, api }: Ending, leave: () => Promise<unknown>): Promise<void> {
  await door.close();
  await spool?.close();
  await announcers.routing.idle();
  line.stop();
  await announcers.live.stop();
  await api.close();
  await leave();
}

function makeProver(env: RoleEnv, gatewayId: string) {
  const proofs = makeHealthProofs(env.secret, env.otherSecret);
  return (challenge: string | undefined) => proofs.answer(challenge, gatewayId);
}

async function makeTracedApp(env: RoleEnv, log: Log, now: () => Date, trouble: CommitTrouble) {
  const { app, dispose } = makeApp(env, VERB_CONNECTIONS, now);
  const traces = await makeTraces(env, "gateway", log);
  const publisher = hearPublishes(tracePublishes(app.publisher, traces, now), trouble);
  return { app: { ...app, publisher }, dispose, traces };
}

/** Connections that hang with a frozen database are given up a little after their senders were. */
const makePools = (databaseUrl: string) => ({
  accepting: makePool(databaseUrl, "accepts", ACCEPT_CONNECTIONS, { timeoutMs: PATIENCE_MS }),
  reading: makePool(databaseUrl, "reads", 2, { timeoutMs: PATIENCE_MS }),
});

const makeAnnouncers = (pool: Pool, line: Telling) => ({
  routing: makeAnnouncer(pool, line),
  live: makeLiveAnnouncer(pool),
});

/** Tells open pages of each arrival, and routing of each commit. */
function makeWriter(
  pool: Pool,
  log: Log,
  { routing, live, line, trouble }: ReturnType<typeof makeAnnouncers> & { line: Telling; trouble: CommitTrouble },
  packsHeaders: () => boolean,
): AcceptWriter {
  const writer = makeAcceptWriter(pool, log, { onHandOff: routing.announce, line, packsHeaders, trouble });
  return {
    ...writer,
    store(arrival) {
      live.changed(arrival.team_id);
      return writer.store(arrival);
    },
  };
}

/** Undefined where SPOOL_URL is not set: nothing of it is loaded then. */
async function openSpool(
  env: RoleEnv,
  log: Log,
  writer: AcceptWriter,
  { routing, live }: ReturnType<typeof makeAnnouncers>,
): Promise<Spool | undefined> {
  const settings = env.spool;
  if (!settings) return undefined;
  const { makeSpool } = await import("#server/spool/spool.ts");
  return makeSpool({
    settings,
    env,
    writer,
    log,
    onStored(arrivals) {
      routing.announce();
      for (const teamId of new Set(arrivals.map(({ team_id }) => team_id))) live.changed(teamId);
    },
  });
}

interface Handlers {
  door: LateDoor;
  ops: Ops;
  api: { handle(path: string, request: IncomingMessage, response: ServerResponse): void };
  isStopping: () => boolean;
}

function makeServer({ door, ops, api, isStopping }: Handlers): Server {
  return makeHttpServer(
    (request, response) => {
      // A connection that stays open would keep a stopping server waiting.
      if (isStopping()) response.setHeader("connection", "close");
      const path = originForm(request.url ?? "/");
      if (path.startsWith("/e/")) {
        door.handle(request, response);
      } else if (!ops.handle(path, request, response)) api.handle(path, request, response);
    },
    { maxHeaders: MAX_HEADERS },
  );
}

async function closeServer(server: Server): Promise<void> {
  // The http server's own close would also cut connections on which a request is just arriving.
  const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
  const breakOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await Promise.race([closed, sleep(LAST_ANSWERS_MS)]);
  server.closeIdleConnections();
  await closed;
  clearTimeout(breakOff);
}
