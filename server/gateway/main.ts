// The gateway role: one http server. `/e/*` is the door, on bare node:http; everything else but the probes is REST.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeRest } from "../api/rest.ts";
import type { App } from "../auth/ctx.ts";
import { makeConfigCache } from "../config-cache.ts";
import { makePool, makePrisma } from "../db.ts";
import { makeAddressPolicy } from "../egress/address-policy.ts";
import { httpUrl, loadRoleEnv, type RoleEnv } from "../env.ts";
import { makeAcceptWriter, PATIENCE_MS } from "../ingest/accept-writer.ts";
import { originForm } from "../ingest/arrival-target.ts";
import { type Door, MAX_HEADERS, makeDoor } from "../ingest/door.ts";
import { makeSenderReader } from "../ingest/sender.ts";
import { type Log, makeLog } from "../log.ts";
import { ensurePartitions } from "../retention/partitions.ts";
import { type RunningRole, runRole } from "../role.ts";
import { makeSandbox } from "../sandbox/pool.ts";
import { makeKeyring } from "../secrets.ts";
import { makeOps, type Ops } from "./ops.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;
/** A sender whose connection is in use is asked to close it before it is closed: it would lose what it is just sending. */
const LAST_ANSWERS_MS = 500;
const MAX_HEADER_BYTES = 64 * 1024;

async function start(log: Log): Promise<RunningRole> {
  const env = loadRoleEnv();
  const keyring = makeKeyring(env.secret);
  // Connections that hang with a frozen database are given up a little after their senders were.
  const accepting = makePool(env.databaseUrl, "writes", 2, PATIENCE_MS);
  const reading = makePool(env.databaseUrl, "queue-reads", 2, PATIENCE_MS);
  await ensurePartitions(reading, Date.now());
  const config = await makeConfigCache({ pool: reading, databaseUrl: env.databaseUrl, keyring, log });
  const writer = makeAcceptWriter(accepting, log);
  const readSender = makeSenderReader(env.trustedProxies, env.publicGatewayUrl);
  const door = makeDoor({ config, writer, readSender, log, nowMs: Date.now });

  const app = makeApp(env, keyring);
  const rest = await makeRest(app, { log });
  let isStopping = false;
  const ops = makeOps({ pool: reading, writer, nowMs: Date.now, isStopping: () => isStopping });
  const server = makeServer({ door, ops, rest, isStopping: () => isStopping });
  await listenOn(server, env);
  const { port } = server.address() as AddressInfo;

  return {
    url: httpUrl(env.host, port),
    async stop() {
      isStopping = true;
      // The http server's own close would also cut connections on which a request is just arriving.
      const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
      await Promise.race([closed, sleep(LAST_ANSWERS_MS)]);
      server.closeIdleConnections();
      await closed;
      await door.idle();
      await rest.close();
      await config.close();
      await Promise.all([app.sandbox.close(), app.db.$disconnect(), accepting.end(), reading.end()]);
    },
  };
}

function makeApp(env: RoleEnv, keyring: App["keyring"]): App {
  return {
    db: makePrisma(env.databaseUrl),
    keyring,
    sandbox: makeSandbox(),
    egressPolicy: makeAddressPolicy(env.egressAllow),
    publicGatewayUrl: env.publicGatewayUrl,
    now: () => new Date(),
  };
}

interface Handlers {
  door: Door;
  ops: Ops;
  rest: { handle(request: IncomingMessage, response: ServerResponse): void };
  isStopping: () => boolean;
}

function makeServer({ door, ops, rest, isStopping }: Handlers): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      // A connection that stays open would keep a stopping server waiting.
      if (isStopping()) response.setHeader("connection", "close");
      const path = originForm(request.url ?? "/");
      if (path.startsWith("/e/")) {
        response.once("finish", () => ops.countAnswer(response.statusCode));
        door.handle(request, response);
      } else if (!ops.handle(path, response)) rest.handle(request, response);
    },
  );
  server.maxHeadersCount = MAX_HEADERS;
  return server;
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
