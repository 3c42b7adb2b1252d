// Keep-alive connections, with one request at a time on each. A connection is an undici `Client` of its own, so the
// connection of a request is known: it can be stopped in any phase, and no other request queues behind it.
import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { AddressPolicy } from "./address-policy.ts";
import type { OpenSocket } from "./connect.ts";
import { Deadline } from "./deadline.ts";
import { passOverContinue } from "./interim-answers.ts";
import { portOf } from "./own-listeners.ts";
import { type Opening, watchOpening } from "./phases.ts";

/**
 * An idle connection is closed here before the usual server would close it (Node and Apache after 5 s, others later). A
 * request that crosses a closing connection is lost, and nobody here knows whether it was seen. A server's `Keep-Alive:
 * timeout=n` moves this, less two seconds, up to the maximum.
 *
 * Nothing is ever sent twice. A request that waits for a socket found dead is written to a new one, because not a byte of
 * it was written. From the first byte on, a reset is CONNECTION_RESET and the retry policy of the event decides.
 */
const KEEP_ALIVE_MS = 4000;
const MAX_KEEP_ALIVE_MS = 10_000;
const MAX_RESPONSE_HEADER_BYTES = 32 * 1024;
/** Beyond this number the connections that were idle longest are closed, whatever their origin. */
const MAX_IDLE_CONNECTIONS = 2048;
/**
 * Some servers close after each answer without saying so, and a request on such a connection may be reset. An origin that
 * resets a reused connection gets a new connection for each request for this long, so the fault costs it one attempt only.
 */
const DISTRUST_MS = 300_000;
const MAX_DISTRUSTED = 1024;

export interface Connection {
  /** The deadline of the request on the connection. */
  readonly deadline: Deadline;
  /** The opening of the connection for its request; null when it was open already. */
  readonly opening: Opening | null;
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** Gives the connection back after an answer read to its end. */
  release(): void;
  /** Closes the connection in any state, also while it resolves or connects. `wasReset`: the other side broke it off. */
  discard(wasReset?: boolean): void;
}

export interface ConnectionPool {
  /**
   * An idle connection to the URL's origin, or a new one, which connects when it is first used. One that was opened under
   * a policy carries requests under that policy alone.
   */
  acquire(url: URL, policy: AddressPolicy): Connection;
  /** The connections that exist now, idle or in use. */
  size(): number;
  close(): Promise<void>;
}

interface Pooled extends Connection {
  /** The policy's scope and the origin. */
  readonly key: string;
  /** By `performance.now()`, while it waits for a request. */
  idleSinceMs: number | null;
  /** Whether it is connected to an address that is still allowed: checked before each reuse. */
  isFit(): boolean;
  destroy(): Promise<void>;
}

export function makeConnectionPool(openSocket: OpenSocket, maxIdle = MAX_IDLE_CONNECTIONS): ConnectionPool {
  const shared = { openSocket, idle: makeIdle(maxIdle), distrust: makeDistrust(), all: new Set<Pooled>() };
  const { idle, distrust, all } = shared;

  return {
    acquire(url, policy) {
      const { origin } = url;
      const key = `${policy.scope} ${origin}`;
      for (;;) {
        const connection = idle.take(key);
        if (!connection) return openConnection({ key, url, policy }, shared);
        if (connection.isFit() && !distrust.has(origin)) return connection;
        connection.discard();
      }
    },
    size: () => all.size,
    async close() {
      await Promise.all([...all].map((connection) => connection.destroy()));
    },
  };
}

interface Shared {
  openSocket: OpenSocket;
  idle: ReturnType<typeof makeIdle>;
  distrust: ReturnType<typeof makeDistrust>;
  all: Set<Pooled>;
}

interface Way {
  key: string;
  url: URL;
  policy: AddressPolicy;
}

function openConnection({ key, url, policy }: Way, { openSocket, idle, distrust, all }: Shared): Pooled {
  const { origin } = url;
  const port = portOf(url);
  const isTls = url.protocol === "https:";
  let socket: Socket | null = null;
  let opening: Opening | null = null;
  let requests = 0;
  const client = new Client(origin, {
    connect: (to, callback) => {
      socket = openSocket(policy, to, callback);
      opening = watchOpening(socket, { hostname: to.hostname, isTls });
    },
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
    // The deadline of the whole attempt is the caller's.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const connection: Pooled = {
    key,
    idleSinceMs: null,
    deadline: new Deadline(),
    get opening() {
      return opening;
    },
    isFit: () =>
      socket !== null && !socket.destroyed && policy.check(socket.remoteAddress ?? "", port).kind === "allowed",
    dispatch(request, handler) {
      requests += 1;
      opening = null;
      client.dispatch(distrust.has(origin) ? { ...request, reset: true } : request, handler);
    },
    release() {
      if (distrust.has(origin)) connection.discard();
      else idle.put(connection)?.discard();
    },
    discard(wasReset = false) {
      if (wasReset && requests > 1) distrust.add(origin);
      void connection.destroy();
    },
    async destroy() {
      if (all.delete(connection)) idle.closed(connection);
      connection.deadline.end();
      // undici does not know of a socket that is still connecting.
      if (!client.destroyed) socket?.destroy();
      await client.destroy();
    },
  };
  client.on("connect", () => {
    if (socket) passOverContinue(socket);
  });
  client.on("disconnect", () => {
    if (connection.idleSinceMs !== null) connection.discard();
  });
  all.add(connection);
  idle.opened(connection);
  return connection;
}

/** Idle connections. Last in, first out for each key, so that the spare ones of a quieter hour time out. */
function makeIdle(maxIdle: number) {
  /** One entry for each key that has connections, so that the busy ones are not made anew for each request. */
  const byKey = new Map<string, { stack: Pooled[]; open: number }>();
  let count = 0;

  const longestIdle = (): Pooled | undefined => {
    const bottoms = [...byKey.values()].map(({ stack }) => stack[0]).filter((each) => each !== undefined);
    return bottoms.reduce((a, b) => ((a.idleSinceMs ?? 0) <= (b.idleSinceMs ?? 0) ? a : b));
  };

  return {
    opened({ key }: Pooled): void {
      const known = byKey.get(key);
      if (known) known.open += 1;
      else byKey.set(key, { stack: [], open: 1 });
    },
    /** Call once for each connection that was opened. */
    closed(connection: Pooled): void {
      const known = byKey.get(connection.key);
      if (!known) return;
      if (connection.idleSinceMs !== null) {
        known.stack.splice(known.stack.lastIndexOf(connection), 1);
        connection.idleSinceMs = null;
        count -= 1;
      }
      known.open -= 1;
      if (known.open === 0) byKey.delete(connection.key);
    },
    take(key: string): Pooled | undefined {
      const connection = byKey.get(key)?.stack.pop();
      if (!connection) return undefined;
      connection.idleSinceMs = null;
      count -= 1;
      return connection;
    },
    /** Keeps a connection. Returns the one to be closed in its place, if any. */
    put(connection: Pooled): Pooled | undefined {
      byKey.get(connection.key)?.stack.push(connection);
      connection.idleSinceMs = performance.now();
      count += 1;
      return count > maxIdle ? longestIdle() : undefined;
    },
  };
}

/** Origins that broke off a reused connection, oldest first. Each leaves when its distrust ends. */
function makeDistrust() {
  const untilMs = new Map<string, number>();
  return {
    has(origin: string): boolean {
      const until = untilMs.get(origin);
      if (until === undefined) return false;
      if (performance.now() < until) return true;
      untilMs.delete(origin);
      return false;
    },
    add(origin: string): void {
      untilMs.delete(origin);
      untilMs.set(origin, performance.now() + DISTRUST_MS);
      const [oldest] = untilMs.keys();
      if (untilMs.size > MAX_DISTRUSTED && oldest !== undefined) untilMs.delete(oldest);
    },
  };
}
