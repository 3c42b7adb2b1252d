// The dashboard's server in this process, in front of a gateway of the test's choosing. Pages are one line of text.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { makeLog } from "#server/log.ts";
import { makeForwarder } from "#server/web/forward.ts";
import { createWebServer } from "#server/web/server.ts";

export async function startFront(gatewayUrl: string) {
  const { hostname, port } = new URL(gatewayUrl);
  const forwarder = makeForwarder({
    gatewayHost: hostname,
    gatewayPort: Number(port),
    trustedProxies: ["127.0.0.0/8"],
  });
  const server = createWebServer({
    host: "127.0.0.1",
    isDev: false,
    localVisitToken: "known to the test",
    log: makeLog("test", "warn"),
    forwarder,
    page: async (_req, res) => void res.end("a page"),
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
