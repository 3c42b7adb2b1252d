import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import { type Forwarder, isForwardedPath } from "./forward.ts";
import { valuesOf } from "./framing.ts";
import { LOCAL_VISIT_HEADER } from "./lent-app.ts";
import { isLocalVisit } from "./local-visit.ts";
import { secure } from "./security-headers.ts";

/** The gateway's own limits: a forwarded request is cut off no later, and refused no sooner, than a direct one. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const TIMEOUT_CHECK_MS = 1_000;
const MAX_HEADER_BYTES = 64 * 1024;

export interface WebServerOptions {
  /** The address that the server is bound to. */
  host: string;
  isDev: boolean;
  localVisitToken: string;
  log: Log;
  forwarder: Forwarder;
  /** Next's request handler. */
  page: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
}

function markLocalVisit(req: IncomingMessage, options: WebServerOptions): void {
  delete req.headers[LOCAL_VISIT_HEADER];
  if (isLocalVisit(req, options.host)) req.headers[LOCAL_VISIT_HEADER] = options.localVisitToken;
}

function refuse(res: ServerResponse, status: number, sentence: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers, connection: "close" });
  res.end(`${sentence}\n`);
}

const NO_TUNNEL =
  "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain\r\nContent-Length: 27\r\nConnection: close\r\n\r\nThis server is not a proxy.";

/** The dashboard's server: `/v1` and `/e` go to the gateway, everything else is Next's. */
export function createWebServer(options: WebServerOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Only the development server's own page updates use a web socket; any other upgrade is answered as a plain request.
      shouldUpgradeCallback: () => options.isDev,
    },
    (req, res) => {
      const url = req.url ?? "/";
      if (!url.startsWith("/")) return refuse(res, 400, "The request target must be a path.");
      if (valuesOf(req.rawHeaders, "host").length > 1) return refuse(res, 400, "Send one Host header.");
      if (isForwardedPath(url)) return options.forwarder.forward(req, res);
      secure(req, res, options.isDev);
      markLocalVisit(req, options);
      options.page(req, res).catch((error: unknown) => {
        options.log.error({ err: error, url }, "a page could not be rendered");
        res.destroy();
      });
    },
  );
  // Node drops what is beyond 2,000 headers without a word; the size limit of a header block bounds their number as well.
  server.maxHeadersCount = 0;
  server.on("connect", (_req, socket) => socket.on("error", () => socket.destroy()).end(NO_TUNNEL));
  return server;
}
