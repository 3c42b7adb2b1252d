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
import { makePool, type Pool } from "#server/database/db.ts";
import type { RoleEnv } from "#server/env.ts";
import { newId } from "#server/ids.ts";
import { ACCEPT_CONNECTIONS, type AcceptWriter, makeAcceptWriter, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { originForm } from "#server/ingest/arrival-target.ts";
import { MAX_HEADERS, makeDoor } from "#server/ingest/door.ts";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { makeSourceRates } from "#server/ingest/source-rates.ts";
import { makeTestsFromHere } from "#server/ingest/tests-from-here.ts";
import { makeLiveAnnouncer } from "#server/live/announcer.ts";
import type { Log } from "#server/process/log.ts";
import { DRAIN_MS } from "#server/process/role.ts";
import type { FetchKey } from "#server/providers/inbound.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
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
  const { app, dispose } = makeApp(env, VERB_CONNECTIONS, now);
  const nowMs = () => now().getTime();
  const id = newId("gateway", nowMs());
  // Connections that hang with a frozen database are given up a little after their senders were.
  const accepting = makePool(env.databaseUrl, "accepts", ACCEPT_CONNECTIONS, { timeoutMs: PATIENCE_MS });
  const reading = makePool(env.databaseUrl, "reads", 2, { timeoutMs: PATIENCE_MS });
  const announcers = makeAnnouncers(reading);
  const writer = makeWriter(accepting, log, announcers);
  let isStopping = false;
  const isReady = () => door.isOpen() && !isStopping;
  const readCaller = makeCallerReader(env.trustedProxies);
  const proofs = makeHealthProofs(env.secret, env.otherSecret);
  const prove = (challenge: string | undefined) => proofs.answer(challenge, id);
  const ops = makeOps({ pool: reading, writer, nowMs, mayScrape: makeMayScrape(app, readCaller), isReady, prove });
  const doorParts = {
    writer,
    rates: makeSourceRates(reading, log),
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
  const seals = makePlanSeals(env.secret, env.otherSecret);
  const api = makeLateApi(app, { log, readCaller, seals });
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
      await presence.end();
      await closeServer(server);
      await door.close();
      await announcers.routing.idle();
      await announcers.live.stop();
      await api.close();
      await Promise.all([dispose(), accepting.end(), reading.end()]);
    },
  };
}

const makeAnnouncers = (pool: Pool) => ({ routing: makeAnnouncer(pool), live: makeLiveAnnouncer(pool) });

/** Tells open pages of each arrival, and routing of each commit. */
function makeWriter(pool: Pool, log: Log, { routing, live }: ReturnType<typeof makeAnnouncers>): AcceptWriter {
  const writer = makeAcceptWriter(pool, log, routing.announce);
  return {
    ...writer,
    store(arrival) {
      live.changed(arrival.team_id);
      return writer.store(arrival);
    },
  };
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
