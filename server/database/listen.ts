// LISTEN on a connection of its own, which reconnects by itself. Notices are hints: every listener also polls or sweeps.
import { PrimaryClient } from "./primary-client.ts";

const RECONNECT_MS = 500;

export interface ListenOptions {
  databaseUrl: string;
  channel: string;
  onNotice: (payload: string) => void;
  /** Called after each (re)connect: notices may have been missed until now. */
  onConnect?: () => void;
}

/**
 * Starts listening. Returns the function that stops it. Needs a session connection, because a pooler in transaction mode
 * does not carry LISTEN.
 */
export function listen({ databaseUrl, channel, onNotice, onConnect }: ListenOptions): () => Promise<void> {
  let client: PrimaryClient | null = null;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function connect() {
    if (isStopped) return;
    const fresh = new PrimaryClient({
      connectionString: databaseUrl,
      keepAlive: true,
      application_name: `switchyard listens to ${channel}`,
    });
    client = fresh;
    const lost = () => {
      if (client !== fresh) return;
      client = null;
      fresh.end().catch(() => {});
      if (!isStopped) retry = setTimeout(connect, RECONNECT_MS);
    };
    fresh.on("error", lost);
    fresh.on("end", lost);
    fresh.on("notification", ({ payload }) => onNotice(payload ?? ""));
    try {
      await fresh.connect();
      await fresh.query(`listen "${channel}"`);
      onConnect?.();
    } catch {
      lost();
    }
  }
  connect();

  return async () => {
    isStopped = true;
    clearTimeout(retry);
    const last = client;
    client = null;
    await last?.end().catch(() => {});
  };
}
