// A port that is bound before its server is made, for a server whose parts must know the port.
import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";

export interface ReservedPort {
  port: number;
  /** Has `server` listen on the port from now on. */
  give(server: Server): Promise<void>;
}

/** A free port of loopback that nobody else can take meanwhile. */
export async function reservePort(): Promise<ReservedPort> {
  const keeper = createServer().listen(0, "127.0.0.1");
  await once(keeper, "listening");
  return {
    port: (keeper.address() as AddressInfo).port,
    async give(server) {
      server.listen(keeper);
      await once(server, "listening");
    },
  };
}
