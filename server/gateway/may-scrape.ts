import type { IncomingMessage } from "node:http";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

/**
 * Who may read the figures of the process: a program on this machine, and whoever has an API key. A proxy on this machine speaks
 * for others.
 */
export const makeMayScrape =
  (app: App) =>
  async (request: Pick<IncomingMessage, "headers" | "socket">): Promise<boolean> => {
    const { headers, socket } = request;
    const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
    if (!isProxied && LOOPBACK.test(socket.remoteAddress ?? "")) return true;
    if (headers.authorization === undefined) return false;
    return authenticate(app, { authorization: headers.authorization, teamId: undefined }).then(
      () => true,
      (error) => isKeyOfSeveralTeams(error),
    );
  };

/** The figures are of no one team, so a key need not choose. */
const isKeyOfSeveralTeams = (error: unknown): boolean => {
  if (error instanceof AppError) return error.code === "BAD_REQUEST";
  throw error;
};
