// The dashboard's server in this process, in front of a gateway of the test's choosing. Pages are one line of text.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "#server/auth/ctx.ts";
import { makeLog } from "#server/process/log.ts";
import { makeForwarder } from "#server/web/forward.ts";
import { createWebServer } from "#server/web/server.ts";
import { makeTrpcHandler } from "#server/web/trpc-handler.ts";

interface FrontOptions {
  /** Whose data tRPC serves; without it tRPC has no procedure. */
  app?: App;
  /** Gets what the server lets through to a page. */
  onPage?: (req: IncomingMessage) => void;
  logged?: string[];
}

export async function startFront(gatewayUrl: string, { app, onPage, logged = [] }: FrontOptions = {}) {
  const { hostname, port } = new URL(gatewayUrl);
  const log = makeLog("test", "info", { write: (text: string) => logged.push(text) });
  const forwarder = makeForwarder({
    gatewayHost: hostname,
    gatewayPort: Number(port),
    trustedProxies: ["127.0.0.0/8"],
  });
  const server = createWebServer({
    host: "127.0.0.1",
    isDev: false,
    localVisitToken: "known to the test",
    log,
    forwarder,
    trpc: app ? makeTrpcHandler(app, log) : async (_req, res) => void res.writeHead(404).end(),
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
