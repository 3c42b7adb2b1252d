import type { IncomingMessage } from "node:http";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

/**
 * Whether a request may read the metrics of the process: it comes from a program on this machine, or with an API key. A
 * proxy on this machine speaks for others.
 */
export const makeMayScrape =
  (app: App, readCaller: ReadCaller) =>
  async (request: Pick<IncomingMessage, "headers" | "socket">): Promise<boolean> => {
    const { headers, socket } = request;
    const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
    if (!isProxied && LOOPBACK.test(socket.remoteAddress ?? "")) return true;
    if (headers.authorization === undefined) return false;
    const { ip } = readCaller(request);
    return authenticate(app, { authorization: headers.authorization, teamId: undefined, ip }).then(
      // The key of an endpoint reads nothing but its endpoint.
      ({ can }) => can.has("data.read"),
      (error) => isKeyOfSeveralTeams(error),
    );
  };

/** The metrics belong to no team, so a key for several teams need not choose one. */
const isKeyOfSeveralTeams = (error: unknown): boolean => {
  if (error instanceof AppError) return error.code === "BAD_REQUEST";
  throw error;
};
