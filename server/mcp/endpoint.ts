// /mcp on the gateway: the model context protocol over HTTP, for agents with an API key. Each POST is one message and gets one
// answer; there is no session, and no stream. docs/decisions/093-agents.md
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Called, makeCalls } from "#server/api/rest-call.ts";
import { HTTP_STATUS, isDatabaseDown, retryAfter } from "#server/api/rest-errors.ts";
import type { App } from "#server/auth/ctx.ts";
import type { PlanSeals } from "#server/crypto/plan-seal.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import type { Log } from "#server/process/log.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";
import { STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";
import { makeHostRule } from "./allowed-hosts.ts";
import { makeCallLog } from "./call-log.ts";
import { exchange } from "./exchange.ts";
import { readMessage } from "./message.ts";

export interface McpEndpoint {
  /** @param path of a request, with its query */
  serves(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Writes down what is only counted so far. */
  close(): Promise<void>;
}

export interface McpOptions {
  log: Log;
  readCaller: ReadCaller;
  seals: PlanSeals;
}

const PATH = /^\/mcp(?:\?|$)/;

/** Whoever may read may ask; each tool asks for its own capability. Arguments are filters and ids. */
const MESSAGE: Called = { can: "data.read", turns: "verbs", body: { bytes: 256 * 1024, values: 5_000 } };

/** Those that the protocol reads; no cookie is ever looked at. */
const PROTOCOL_HEADERS = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"] as const;

const SERVER_ERROR = -32_000;

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  const type = body === "" ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, {
    ...type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...STRANGERS_BYTES_HEADERS,
    ...headers,
  });
  response.end(body);
}

interface ErrorOptions {
  code?: number;
  id?: string | number | null;
  headers?: Record<string, string>;
}

function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  { code = SERVER_ERROR, id = null, headers = {} }: ErrorOptions = {},
): void {
  send(response, status, JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id }), headers);
}

interface Failure {
  status: number;
  message: string;
  headers: Record<string, string>;
}

/** The answer to a message that got no further than to us. */
function failureOf(error: unknown, log: Log): Failure {
  if (error instanceof AppError) {
    const isUnknown = error.code === "UNAUTHORIZED";
    const headers = isUnknown ? { "www-authenticate": "Bearer" } : retryAfter(error.code);
    return { status: HTTP_STATUS[error.code], message: error.message, headers };
  }
  if (error instanceof CallerGone) return { status: 503, message: error.message, headers: {} };
  if (isDatabaseDown(error)) {
    const message = "The database does not answer just now: try again in a few seconds.";
    return { status: 503, message, headers: { "retry-after": "2" } };
  }
  log.error({ err: error }, "A message of an agent failed.");
  return { status: 500, message: "Something failed on our side; the log has it.", headers: {} };
}

/** The request as the protocol's library reads it; its body comes parsed. */
function asWebRequest({ headers }: IncomingMessage, signal: AbortSignal | undefined): Request {
  const passed = PROTOCOL_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  return new Request("http://switchyard.invalid/mcp", {
    method: "POST",
    headers: Object.fromEntries(passed) as Record<string, string>,
    ...(signal && { signal }),
  });
}

export function makeMcpEndpoint(app: App, { log, readCaller, seals }: McpOptions): McpEndpoint {
  const calls = makeCalls(app, readCaller);
  const running = new Set<string>();
  const callLog = makeCallLog(log);
  const refusalOf = makeHostRule([app.publicGatewayUrl, app.publicDashboardUrl]);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request);
    if (refusal !== null) return sendError(response, 403, refusal);
    if (request.method !== "POST") {
      const message = "Send each message with POST: there are no sessions and no streams here.";
      return sendError(response, 405, message, { headers: { allow: "POST" } });
    }
    const call = await calls.begin(MESSAGE, request, response);
    const read = await readMessage(await call.readText(request));
    if (read.kind === "refused") return sendError(response, 400, read.message, read);
    const caller = { ctx: call.ctx, seals, running, calls: callLog, log };
    const answer = await exchange(caller, asWebRequest(request, call.ctx.signal), read.message);
    const body = await answer.text();
    call.holdAnswer(body.length);
    send(response, answer.status, body);
  }

  return {
    serves: (path) => PATH.test(path),
    handle: (request, response) =>
      void serve(request, response).catch((error: unknown) => {
        const { status, message, headers } = failureOf(error, log);
        sendError(response, status, message, { headers });
      }),
    close: () => callLog.flush(),
  };
}
