// The HTTP server under the door and the API, and under the dashboard that forwards to them: its limits, and its answers to
// senders that do not speak HTTP.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 64 * 1024;

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpServerOptions {
  /** Node silently drops headers beyond this number; 0 leaves it to the size of the header block. */
  maxHeaders: number;
  /** Whether an `Upgrade` is taken as one; otherwise it is answered as a plain request. */
  shouldUpgrade?: () => boolean;
}

export function makeHttpServer(handle: Handle, { maxHeaders, shouldUpgrade = () => false }: HttpServerOptions): Server {
  const lines = makeLines();
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: 1_000,
    shouldUpgradeCallback: shouldUpgrade,
  });
  const serve: Handle = (request, response) => {
    lines.track(request, response);
    handle(request, response);
  };
  server.on("request", serve);
  // An `Expect` that says nothing, as an empty one or a media type, is no reason to turn away a webhook.
  server.on("checkExpectation", (request, response) => {
    if (STATUS_EXPECTATION.test(request.headers.expect ?? "")) refuseExpectation(request, response);
    else serve(request, response);
  });
  server.on("clientError", lines.refuse);
  server.maxHeadersCount = maxHeaders;
  return server;
}

/** Written like `100-continue`, of a status that nobody here can promise. */
const STATUS_EXPECTATION = /^\s*\d{3}-/;

/** The sender asked for this answer in case its expectation is not met: RFC 9110 section 10.1.1. */
const refuseExpectation: Handle = (request, response) => {
  const message = "Send no Expect header, or Expect: 100-continue.";
  const body = JSON.stringify({ error: { code: "BAD_REQUEST", message } });
  response.writeHead(417, { "content-type": "application/json; charset=utf-8", connection: "close" }).end(body);
  request.resume();
};

const TIMEOUT = "ERR_HTTP_REQUEST_TIMEOUT";
const STATUS_OF: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  [TIMEOUT]: "408 Request Timeout",
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Thousands of slow senders become overdue in one moment; they are cut some at a time, and others served in between. */
const CUTS_AT_ONCE = 20;

function makeOverdue(cut: (socket: Socket) => void) {
  const waiting: Socket[] = [];
  let isCutting = false;
  function cutSome(): void {
    for (const socket of waiting.splice(0, CUTS_AT_ONCE)) cut(socket);
    isCutting = waiting.length > 0;
    if (isCutting) setImmediate(cutSome);
  }
  return {
    add(socket: Socket): void {
      waiting.push(socket);
      if (isCutting) return;
      isCutting = true;
      setImmediate(cutSome);
    },
  };
}

/**
 * Follows the exchanges on each connection. When one brings bytes that are no HTTP, the senders of complete requests before
 * them still get their answers, in order. Then the bad bytes get theirs, and the connection is closed.
 */
function makeLines() {
  const underWay = new WeakMap<Socket, Set<Exchange>>();
  const refusals = new WeakMap<Socket, string>();
  const overdue = makeOverdue(refuseWhenAnswered);

  function refuseWhenAnswered(socket: Socket): void {
    const refusal = refusals.get(socket);
    if (refusal === undefined) return;
    const waiting = [...(underWay.get(socket) ?? [])].filter(({ request }) => request.complete);
    if (waiting.length > 0) return;
    const [broken] = underWay.get(socket) ?? [];
    if (socket.writable && !broken?.response.headersSent) socket.write(refusal);
    // Not `end`: the request that the bad bytes cut short would wait for its rest.
    socket.destroySoon();
  }

  return {
    track(request: IncomingMessage, response: ServerResponse): void {
      const { socket } = request;
      const exchange = { request, response };
      const exchanges = underWay.get(socket);
      if (exchanges) exchanges.add(exchange);
      else underWay.set(socket, new Set([exchange]));
      response.on("close", () => {
        underWay.get(socket)?.delete(exchange);
        refuseWhenAnswered(socket);
      });
    },
    refuse(error: NodeJS.ErrnoException, socket: Socket): void {
      if (refusals.has(socket)) return;
      const status = STATUS_OF[error.code ?? ""] ?? "400 Bad Request";
      refusals.set(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      if (error.code === TIMEOUT) overdue.add(socket);
      else refuseWhenAnswered(socket);
    },
  };
}
