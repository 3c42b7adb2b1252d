// The answer to the kubelet: the process lives, and whether it leads. A controller that waits for its turn is as well as one that leads.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Health {
  port: number;
  leads(isLeading: boolean): void;
  stop(): Promise<void>;
}

/** Listens on `host`; port 0 asks for any free one. */
export async function serveHealth({ host, port }: { host: string; port: number }): Promise<Health> {
  let isLeading = false;
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    const isKnown = request.url === "/healthz";
    response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
    response.end(isKnown ? JSON.stringify({ ok: true, leads: isLeading }) : "{}");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    leads(is) {
      isLeading = is;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
