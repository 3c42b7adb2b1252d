// The dashboard's server in this process, in front of a gateway of the test's choosing. Pages are one line of text.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "#server/auth/ctx.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { makePeople } from "#server/people/people.ts";
import { makeLog } from "#server/process/log.ts";
import { makeAuthHandler } from "#server/web/auth-handler.ts";
import { makeForwarder } from "#server/web/forward.ts";
import { createWebServer } from "#server/web/server.ts";
import { makeTrpcHandler } from "#server/web/trpc-handler.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const TRUSTED_PROXIES = ["127.0.0.0/8"];

interface FrontOptions {
  /** Whose data tRPC serves; without it tRPC has no procedure. */
  app?: App;
  live?: LiveHub;
  /** Gets what the server lets through to a page. */
  onPage?: (req: IncomingMessage) => void;
  logged?: string[];
}

export async function startFront(gatewayUrl: string, { app, live, onPage, logged = [] }: FrontOptions = {}) {
  const { hostname, port } = new URL(gatewayUrl);
  const log = makeLog("test", "info", { write: (text: string) => logged.push(text) });
  const forwarder = makeForwarder({
    gatewayHost: hostname,
    gatewayPort: Number(port),
    trustedProxies: TRUSTED_PROXIES,
  });
  const people = app && makePeople(app, SECRET, log);
  const nothing = async (_req: IncomingMessage, res: ServerResponse) => void res.writeHead(404).end();
  const server = createWebServer({
    isDev: false,
    log,
    forwarder,
    trpc: app && people ? makeTrpcHandler(app, people.readVisit, log, live) : nothing,
    auth: app && people ? makeAuthHandler(app, people, TRUSTED_PROXIES, log) : nothing,
    page: async (req, res) => {
      onPage?.(req);
      res.end("a page");
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      forwarder.close();
    },
  };
}
