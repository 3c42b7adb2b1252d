import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { findValidKey, hashOfKeyIn, type KnownKey, onForgetKey } from "#server/auth/authenticate.ts";
import type { App } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

/** How long a key that was right is believed while the database cannot be asked, unless it expires or is revoked here. */
const BELIEVED_MS = 3_600_000;
const MAX_BELIEVED = 20;
/** How long the database may take to say whether such a key is still right. */
const PATIENCE_MS = 300;

/**
 * Whether a request may read the metrics of the process: it comes from a program on this machine, or with an API key. A
 * proxy on this machine speaks for others. Where the database does not answer, a key is believed that was right within the
 * last hour: the figures are wanted then, and belong to no team.
 */
export function makeMayScrape(app: App, readCaller: ReadCaller) {
  /** By the hash of the key, the longest unused first. */
  const believed = new Map<string, { id: string; untilMs: number }>();
  onForgetKey(app, (id) => {
    for (const [hash, key] of believed) if (key.id === id) believed.delete(hash);
  });

  function note(hash: string, key: KnownKey | null): boolean {
    believed.delete(hash);
    if (!key) return false;
    const [oldest] = believed.keys();
    if (believed.size >= MAX_BELIEVED && oldest !== undefined) believed.delete(oldest);
    believed.set(hash, { id: key.id, untilMs: Math.min(app.now().getTime() + BELIEVED_MS, key.expiresAtMs) });
    return true;
  }

  return async (request: Pick<IncomingMessage, "headers" | "socket">): Promise<boolean> => {
    const { headers, socket } = request;
    const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
    if (!isProxied && LOOPBACK.test(socket.remoteAddress ?? "")) return true;
    const { authorization } = headers;
    const hash = authorization === undefined ? null : hashOfKeyIn(authorization);
    if (hash === null) return false;
    const asked = findValidKey(app, { authorization, ip: readCaller(request).ip })
      .then(
        (key) => (mayRead(key) ? key : null),
        (error) => nobody(error),
      )
      .then((key) => note(hash, key));
    const untilMs = believed.get(hash)?.untilMs ?? 0;
    if (app.now().getTime() >= untilMs) return asked;
    const late = sleep(PATIENCE_MS, true, { ref: false });
    return Promise.race([asked.catch(() => true), late]);
  };
}

/** The metrics belong to no team, so a key for several need not choose one. The key of an endpoint reads its endpoint alone. */
const mayRead = ({ can, teamIds }: KnownKey): boolean => can.has("data.read") && teamIds.length > 0;

/** Nobody has a key that was refused; every other error says nothing of it. */
function nobody(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
