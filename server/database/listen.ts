// LISTEN on a connection that all listeners of this process share, and which reconnects by itself: each NOTIFY wakes every connection
// that listens to anything. Notices are hints: every listener also polls or sweeps. A connection that has gone silent without an end is
// replaced within two beats: a pause that was not heard of would go on being sent to until the next poll.
import { PrimaryClient } from "./primary-client.ts";

const RECONNECT_MS = 500;
/** Postgres is asked for an answer so often. The next beat ends a connection on which none has come. */
const BEAT_MS = 3_000;
const CONNECT_PATIENCE_MS = 5_000;

export interface ListenOptions {
  databaseUrl: string;
  channel: string;
  onNotice: (payload: string) => void;
  /** Called after each (re)connect: notices may have been missed until now. */
  onConnect?: () => void;
  /** Default 3 s. That of the first listener of a database holds for all. */
  beatMs?: number;
}

type Listener = Omit<ListenOptions, "databaseUrl" | "beatMs">;

interface SharedListening {
  add(listener: Listener): void;
  /** Resolves once the listener hears nothing more; where it was the last, once the connection is gone. */
  remove(listener: Listener): Promise<void>;
}

/** By the URL of the database. */
const shared = new Map<string, SharedListening>();

/**
 * Starts listening. Returns the function that stops it. Needs a session connection, because a pooler in transaction mode
 * does not carry LISTEN.
 */
export function listen({ databaseUrl, beatMs = BEAT_MS, ...listener }: ListenOptions): () => Promise<void> {
  const listening = shared.get(databaseUrl) ?? share(databaseUrl, beatMs);
  listening.add(listener);
  return () => listening.remove(listener);
}

function share(databaseUrl: string, beatMs: number): SharedListening {
  const listening = makeListening(databaseUrl, beatMs, () => {
    if (shared.get(databaseUrl) === listening) shared.delete(databaseUrl);
  });
  shared.set(databaseUrl, listening);
  return listening;
}

function makeListening(databaseUrl: string, beatMs: number, onEnd: () => void): SharedListening {
  const listeners = new Set<Listener>();
  let client: PrimaryClient | null = null;
  let isConnected = false;
  let retry: NodeJS.Timeout | undefined;
  /** The statements of the connection, one after the other. */
  let said: Promise<unknown> = Promise.resolve();

  const say = (to: PrimaryClient, text: string) => {
    const answered = said.then(() => to.query(text));
    said = answered.catch(() => {});
    return answered;
  };

  async function connect() {
    const fresh = new PrimaryClient({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      application_name: "switchyard listens",
    });
    client = fresh;
    isConnected = false;
    said = Promise.resolve();
    const lost = () => {
      if (client !== fresh) return;
      client = null;
      fresh.end().catch(() => {});
      if (listeners.size > 0) retry = setTimeout(connect, RECONNECT_MS);
    };
    fresh.on("error", lost);
    fresh.on("end", lost);
    fresh.on("notification", ({ channel, payload }) => {
      for (const each of listeners) if (each.channel === channel) each.onNotice(payload ?? "");
    });
    try {
      await fresh.connect();
      if (client !== fresh) return;
      isConnected = true;
      beat(fresh, lost);
      await hear(fresh, [...listeners]);
    } catch {
      lost();
    }
  }

  function beat(on: PrimaryClient, lost: () => void): void {
    let isAnswered = true;
    const timer = setInterval(() => {
      if (client !== on) return clearInterval(timer);
      if (!isAnswered) return lost();
      isAnswered = false;
      say(on, "select").then(
        () => {
          isAnswered = true;
        },
        () => {},
      );
    }, beatMs).unref();
  }

  /** Listens to the channels of those who are new on this connection. */
  async function hear(to: PrimaryClient, fresh: Listener[]): Promise<void> {
    const channels = new Set(fresh.map(({ channel }) => channel));
    await say(to, [...channels].map((channel) => `listen "${channel}"`).join("; "));
    for (const each of fresh) if (listeners.has(each)) each.onConnect?.();
  }

  return {
    add(listener) {
      listeners.add(listener);
      if (listeners.size === 1) void connect();
      else if (client && isConnected) {
        const here = client;
        // The next connection listens to all.
        hear(here, [listener]).catch(() => here.end().catch(() => {}));
      }
    },
    async remove(listener) {
      if (!listeners.delete(listener)) return;
      const last = client;
      if (listeners.size > 0) {
        const isHeard = [...listeners].some(({ channel }) => channel === listener.channel);
        if (last && !isHeard && isConnected) await say(last, `unlisten "${listener.channel}"`).catch(() => {});
        return;
      }
      onEnd();
      clearTimeout(retry);
      client = null;
      await last?.end().catch(() => {});
    },
  };
}
