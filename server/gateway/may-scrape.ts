import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { hashApiKey } from "#server/auth/api-key.ts";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

/** How long a key that was right is believed while the database cannot be asked, whatever becomes of it there. */
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
  /** When each was found right, by the hash of the header. */
  const believed = new Map<string, number>();

  function note(hash: string, isRight: boolean): boolean {
    believed.delete(hash);
    const [oldest] = believed.keys();
    if (isRight && believed.size >= MAX_BELIEVED && oldest !== undefined) believed.delete(oldest);
    if (isRight) believed.set(hash, app.now().getTime());
    return isRight;
  }

  return async (request: Pick<IncomingMessage, "headers" | "socket">): Promise<boolean> => {
    const { headers, socket } = request;
    const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
    if (!isProxied && LOOPBACK.test(socket.remoteAddress ?? "")) return true;
    const { authorization } = headers;
    if (authorization === undefined) return false;
    const hash = hashApiKey(authorization);
    const asked = authenticate(app, { authorization, teamId: undefined, ip: readCaller(request).ip })
      .then(
        // The key of an endpoint reads nothing but its endpoint.
        ({ can }) => can.has("data.read"),
        (error) => isKeyOfSeveralTeams(error),
      )
      .then((isRight) => note(hash, isRight));
    const rightAtMs = believed.get(hash);
    if (rightAtMs === undefined || app.now().getTime() - rightAtMs > BELIEVED_MS) return asked;
    const late = sleep(PATIENCE_MS, true, { ref: false });
    return Promise.race([asked.catch(() => true), late]);
  };
}

/** The metrics belong to no team, so a key for several teams need not choose one. */
const isKeyOfSeveralTeams = (error: unknown): boolean => {
  if (error instanceof AppError) return error.code === "BAD_REQUEST";
  throw error;
};
