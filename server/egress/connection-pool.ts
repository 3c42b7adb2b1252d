// Keep-alive connections, one request at a time on each. A connection is an undici `Client` of its own, so that the one
// a request runs on is known: it can be stopped in any phase, and nobody waits in a queue behind it.
import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { AddressPolicy } from "./address-policy.ts";
import type { OpenSocket } from "./connect.ts";

/**
 * An idle connection is closed by us before the usual server would (Node and Apache 5 s, others longer), for a request
 * that crosses a closing connection is lost without our knowing whether it was seen. A server's `Keep-Alive: timeout=n`
 * moves this, less two seconds, up to the maximum.
 *
 * Nothing is ever sent twice. A request that waits for a socket found dead is written to a new one, because not a byte
 * of it was; from the first byte on, a reset is CONNECTION_RESET and the retry policy of the event decides.
 */
const KEEP_ALIVE_MS = 4000;
const MAX_KEEP_ALIVE_MS = 10_000;
const MAX_RESPONSE_HEADER_BYTES = 32 * 1024;
/** The longest idle give way beyond this, whatever their origin. */
const MAX_IDLE_CONNECTIONS = 2048;

export interface Connection {
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** Gives the connection back after an answer read to its end. */
  release(): void;
  /** Closes it, whatever it was doing; also while it resolves or connects. */
  discard(): void;
}

export interface ConnectionPool {
  /** An idle connection to the URL's origin, or a new one, which connects when it is first used. */
  acquire(origin: string): Connection;
  /** The connections that exist now, idle or in use. */
  size(): number;
  close(): Promise<void>;
}

interface Pooled extends Connection {
  isFit(): boolean;
}

export function makeConnectionPool(policy: AddressPolicy, openSocket: OpenSocket): ConnectionPool {
  /** Last in, first out, so that the spare ones of a quieter hour time out. */
  const idleByOrigin = new Map<string, Pooled[]>();
  /** In the order in which they became idle. */
  const idle = new Map<Pooled, string>();
  const all = new Set<Client>();

  const forget = (connection: Pooled) => {
    const origin = idle.get(connection);
    if (origin === undefined) return;
    idle.delete(connection);
    const stack = idleByOrigin.get(origin) ?? [];
    stack.splice(stack.lastIndexOf(connection), 1);
    if (stack.length === 0) idleByOrigin.delete(origin);
  };

  const keep = (connection: Pooled, origin: string) => {
    const stack = idleByOrigin.get(origin);
    if (stack) stack.push(connection);
    else idleByOrigin.set(origin, [connection]);
    idle.set(connection, origin);
    if (idle.size <= MAX_IDLE_CONNECTIONS) return;
    const [longestIdle] = idle.keys();
    longestIdle?.discard();
  };

  const open = (origin: string): Pooled => {
    let socket: Socket | null = null;
    const client = new Client(origin, {
      connect: (to, callback) => {
        socket = openSocket(to, callback);
      },
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      // The timer of the whole attempt is the caller's.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const connection: Pooled = {
      dispatch: (request, handler) => client.dispatch(request, handler),
      release: () => keep(connection, origin),
      discard: () => {
        forget(connection);
        all.delete(client);
        void client.destroy();
        // undici does not know of a socket that is still connecting.
        socket?.destroy();
      },
      isFit: () => socket !== null && !socket.destroyed && policy.check(socket.remoteAddress ?? "").kind === "allowed",
    };
    client.on("disconnect", () => {
      if (idle.has(connection)) connection.discard();
    });
    all.add(client);
    return connection;
  };

  return {
    acquire(origin) {
      for (;;) {
        const connection = idleByOrigin.get(origin)?.at(-1);
        if (!connection) return open(origin);
        forget(connection);
        if (connection.isFit()) return connection;
        connection.discard();
      }
    },
    size: () => all.size,
    async close() {
      idle.clear();
      idleByOrigin.clear();
      await Promise.all([...all].map((client) => client.destroy()));
      all.clear();
    },
  };
}
