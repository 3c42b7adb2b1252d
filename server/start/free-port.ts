import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrorCode, StartError } from "./start-error.ts";

async function tryListen(host: string, port: number): Promise<number> {
  const server = createServer().listen({ host, port, exclusive: true });
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}

/** A port that nobody listens on at this moment. */
export const findFreePort = (host: string): Promise<number> => tryListen(host, 0);

/** Roles of a killed supervisor let go of their ports as soon as they notice. */
const PATIENCE_MS = 2_000;

/**
 * The port to use for `variable`: `port` itself once it is free, or any free one if it is 0.
 * Throws {@link StartError} if somebody else keeps it or it may not be bound.
 */
export async function claimPort(
  variable: string,
  host: string,
  port: number,
  patienceMs = PATIENCE_MS,
): Promise<number> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await tryListen(host, port);
    } catch (error) {
      if (isErrorCode(error, "EADDRINUSE")) {
        if (performance.now() < deadline) {
          await sleep(100);
          continue;
        }
        throw new StartError(
          `Port ${port} on ${host} is taken by another program; stop that program, or choose another port with ${variable}=${port + 10} npm start.`,
        );
      }
      if (isErrorCode(error, "EACCES")) {
        throw new StartError(
          `Port ${port} needs privileges that this user lacks; choose one from 1024 up with ${variable}.`,
        );
      }
      if (isErrorCode(error, "EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN")) {
        throw new StartError(
          `HOST=${host} is no address of this machine; use 127.0.0.1 for this machine alone or 0.0.0.0 for all.`,
        );
      }
      throw error;
    }
  }
}
