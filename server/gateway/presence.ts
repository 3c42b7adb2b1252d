// A gateway among others: while it listens it says so, with the address at which the others can ask it.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { Pool } from "#server/database/db.ts";
import { httpUrl } from "#server/env.ts";
import type { Log } from "#server/process/log.ts";
import { beat, retire } from "./presence.sql.ts";

const BEAT_MS = 5_000;

export interface Presence {
  /** Whether every process that lives reads headers of requests in their packed form, as the last beat found. */
  allReadPacked(): boolean;
  /** Says that it is gone. */
  end(): Promise<void>;
}

/** @param host the one that it binds to */
export function announcePresence(options: {
  pool: Pool;
  server: Server;
  id: string;
  host: string;
  log: Log;
}): Presence {
  const { pool, server, id, host, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  let allReadPacked = false;
  const say = () => {
    const { port } = server.address() as AddressInfo;
    // A beat that fails says what a silent one does; the next one comes.
    beating = beat(pool, id, addressOf(host, port)).then(
      (all) => {
        allReadPacked = all;
      },
      () => {
        // An older process may have come meanwhile.
        allReadPacked = false;
      },
    );
  };
  server.once("listening", () => {
    const { port } = server.address() as AddressInfo;
    log.info({ gateway_id: id, address: addressOf(host, port) }, "The other gateways reach this one here.");
    say();
    timer = setInterval(say, BEAT_MS);
  });
  return {
    allReadPacked: () => allReadPacked,
    async end() {
      clearInterval(timer);
      await beating;
      if (timer) await retire(pool, id).catch(() => {});
    },
  };
}

/** A gateway that binds every address is reached at the first of its machine's own, by other machines as well. */
function addressOf(host: string, port: number): string {
  if (host !== "0.0.0.0" && host !== "::") return httpUrl(host, port);
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4");
  return httpUrl(own?.address ?? host, port);
}
