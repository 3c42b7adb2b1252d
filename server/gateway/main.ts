// The gateway role: one http server. `/e/*` is the door, on bare node:http; everything else but the probes is REST.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeRest } from "#server/api/rest.ts";
import { makeApp } from "#server/auth/app.ts";
import { makeConfigCache } from "#server/config/config-cache.ts";
import { makePool } from "#server/database/db.ts";
import { makeEgress } from "#server/egress/client.ts";
import { httpUrl, loadRoleEnv, type RoleEnv } from "#server/env.ts";
import { ACCEPT_CONNECTIONS, type AcceptWriter, makeAcceptWriter, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { originForm } from "#server/ingest/arrival-target.ts";
import { MAX_HEADERS, makeDoor } from "#server/ingest/door.ts";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { makeLiveAnnouncer } from "#server/live/announcer.ts";
import { type Log, makeLog } from "#server/process/log.ts";
import { DRAIN_MS, type RunningRole, runRole } from "#server/process/role.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { makeHttpServer } from "#server/wire/http-server.ts";
import { makeCertificates } from "./certificates.ts";
import { type LateDoor, makeLateDoor } from "./late-door.ts";
import { makeMayScrape } from "./may-scrape.ts";
import { makeOps, type Ops } from "./ops.ts";

/** A sender whose connection is in use is asked to close it before it is closed: it would lose what it is just sending. */
const LAST_ANSWERS_MS = 500;
const VERB_CONNECTIONS = 5;

async function start(log: Log): Promise<RunningRole> {
  const env = loadRoleEnv();
  const { app, dispose } = makeApp(env, VERB_CONNECTIONS);
  const egress = makeEgress({ policy: app.egressPolicy });
  const fetchCertificate = makeCertificates(egress, Date.now);
  // Connections that hang with a frozen database are given up a little after their senders were.
  const accepting = makePool(env.databaseUrl, "accepts", ACCEPT_CONNECTIONS, { timeoutMs: PATIENCE_MS });
  const reading = makePool(env.databaseUrl, "reads", 2, { timeoutMs: PATIENCE_MS });
  const announcer = makeAnnouncer(reading);
  const liveAnnouncer = makeLiveAnnouncer(reading);
  const acceptWriter = makeAcceptWriter(accepting, log, announcer.announce);
  const writer: AcceptWriter = {
    ...acceptWriter,
    store(arrival) {
      liveAnnouncer.changed(arrival.team_id);
      return acceptWriter.store(arrival);
    },
  };
  const readSender = makeSenderReader(env.trustedProxies, env.publicGatewayUrl);
  let isStopping = false;
  const mayScrape = makeMayScrape(app);
  const isReady = () => door.isOpen() && !isStopping;
  const ops = makeOps({ pool: reading, writer, nowMs: Date.now, mayScrape, isReady });
  const door = makeLateDoor({
    log,
    async loadConfig() {
      await ensurePartitions(reading, Date.now());
      return makeConfigCache({ pool: reading, databaseUrl: env.databaseUrl, keyring: app.keyring, log });
    },
    makeDoor: (config) =>
      makeDoor({ config, writer, readSender, log, nowMs: Date.now, fetchCertificate, onAnswer: ops.countAnswer }),
    onAnswer: ops.countAnswer,
  });
  const rest = await makeRest(app, { log });
  const server = makeServer({ door, ops, rest, isStopping: () => isStopping });
  await door.tried;
  await listenOn(server, env);
  const { port } = server.address() as AddressInfo;

  return {
    url: httpUrl(env.host, port),
    async stop() {
      isStopping = true;
      // The http server's own close would also cut connections on which a request is just arriving.
      const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
      const breakOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await Promise.race([closed, sleep(LAST_ANSWERS_MS)]);
      server.closeIdleConnections();
      await closed;
      clearTimeout(breakOff);
      await door.close();
      await announcer.idle();
      await liveAnnouncer.stop();
      await rest.close();
      await Promise.all([dispose(), egress.close(), accepting.end(), reading.end()]);
    },
  };
}

interface Handlers {
  door: LateDoor;
  ops: Ops;
  rest: { handle(request: IncomingMessage, response: ServerResponse): void };
  isStopping: () => boolean;
}

function makeServer({ door, ops, rest, isStopping }: Handlers): Server {
  return makeHttpServer(
    (request, response) => {
      // A connection that stays open would keep a stopping server waiting.
      if (isStopping()) response.setHeader("connection", "close");
      const path = originForm(request.url ?? "/");
      if (path.startsWith("/e/")) {
        door.handle(request, response);
      } else if (!ops.handle(path, request, response)) rest.handle(request, response);
    },
    { maxHeaders: MAX_HEADERS },
  );
}

function listenOn(server: Server, env: RoleEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.gatewayPort, env.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const log = makeLog("gateway", loadRoleEnv().logLevel);
await runRole({ name: "gateway", log, start: () => start(log) });
