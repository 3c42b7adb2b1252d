import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { PATH_HEADER } from "#server/auth/lent-app.ts";
import type { Log } from "#server/process/log.ts";
import { makeHttpServer } from "#server/wire/http-server.ts";
import { type AuthHandler, isAuthPath } from "./auth-handler.ts";
import { keepBrowserHeaders } from "./browser-headers.ts";
import { type Forwarder, isForwardedPath } from "./forward.ts";
import { valuesOf } from "./framing.ts";
import { secure } from "./security-headers.ts";
import type { TrpcHandler } from "./trpc-handler.ts";
import { isTrpcPath } from "./trpc-request.ts";
import { isUnsubscribing, type UnsubscribeHandler } from "./unsubscribe-handler.ts";

/** There are no server actions, and the one form goes past the pages. The development server's own page posts what it has to say. */
const PAGE_METHODS = ["GET", "HEAD"];

export interface WebServerOptions {
  isDev: boolean;
  log: Log;
  forwarder: Forwarder;
  trpc: TrpcHandler;
  auth: AuthHandler;
  unsubscribe: UnsubscribeHandler;
  /** Next's request handler. */
  page: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
}

function refuse(res: ServerResponse, status: number, sentence: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers, connection: "close" });
  res.end(`${sentence}\n`);
}

const NO_TUNNEL =
  "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain\r\nContent-Length: 27\r\nConnection: close\r\n\r\nThis server is not a proxy.";

async function serveDashboard(req: IncomingMessage, res: ServerResponse, options: WebServerOptions): Promise<void> {
  const { isDev } = options;
  const url = req.url ?? "/";
  if (isTrpcPath(url) || isAuthPath(url)) {
    secure(req, res, isDev);
    return isTrpcPath(url) ? options.trpc(req, res) : options.auth(req, res);
  }
  if (isUnsubscribing(req)) {
    secure(req, res, isDev);
    return options.unsubscribe(req, res);
  }
  // Next obeys headers that are meant for its maker's own servers: it gets those that browsers send, and our own.
  keepBrowserHeaders(req);
  req.headers[PATH_HEADER] = url;
  secure(req, res, isDev);
  if (!PAGE_METHODS.includes(req.method ?? "") && !isDev)
    return refuse(res, 405, "Pages are read with GET or HEAD.", { allow: PAGE_METHODS.join(", ") });
  await options.page(req, res);
}

/** The dashboard's server: `/v1`, `/mcp` and `/e` go to the gateway, everything else is Next's. */
export function createWebServer(options: WebServerOptions): Server {
  // The gateway's own server and limits: a forwarded request is cut off no later, and refused no sooner, than a direct one.
  const server = makeHttpServer(
    (req, res) => {
      const url = req.url ?? "/";
      if (!url.startsWith("/")) return refuse(res, 400, "The request target must be a path.");
      if (valuesOf(req.rawHeaders, "host").length > 1) return refuse(res, 400, "Send one Host header.");
      if (isForwardedPath(url)) return options.forwarder.forward(req, res);
      serveDashboard(req, res, options).catch((err: unknown) => {
        options.log.error({ err, url }, "a request to the dashboard failed");
        res.destroy();
      });
    },
    // Only the development server's own page updates use a web socket.
    { maxHeaders: 0, shouldUpgrade: () => options.isDev },
  );
  server.on("connect", (_req, socket) => socket.on("error", () => socket.destroy()).end(NO_TUNNEL));
  return server;
}
