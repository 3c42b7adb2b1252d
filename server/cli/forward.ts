// One request to the person's own server. Host and port are what the person named and nothing else: a path or header of a
// stranger leads nowhere else, and no redirect is followed.
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { CommandError } from "./exit-code.ts";

export interface Target {
  isTls: boolean;
  host: string;
  port: number;
  /** Before the path of each event; without a trailing slash. */
  basePath: string;
}

export interface LocalRequest {
  method: string;
  path: string;
  query: string;
  headers: [string, string][];
  body: Buffer;
}

export type LocalErrorCode =
  | "TIMEOUT"
  | "CONNECTION_REFUSED"
  | "CONNECTION_RESET"
  | "DNS_LOOKUP_FAILED"
  | "TLS_ERROR"
  | "PROTOCOL_ERROR"
  | "CANCELLED";

export interface LocalAnswer {
  url: string;
  sentHeaders: [string, string][];
  status: number | null;
  headers: [string, string][] | null;
  body: Buffer;
  error: LocalErrorCode | null;
  latencyMs: number;
}

/** Of an answer this much is kept, and so much is read before the connection is cut. */
const KEPT_BYTES = 32 * 1024;
const READ_BYTES = 1024 * 1024;

/** `3000`, `localhost:3000/hooks` or a whole URL. */
export function readTarget(text: string): Target {
  const whole = /^\d+$/.test(text) ? `http://localhost:${text}` : /:\/\//.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      `${text} is nothing to forward to: give a port, or an address such as localhost:3000/hooks.`,
    );
  }
  const isTls = url.protocol === "https:";
  return {
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

const hostOf = ({ host, port, isTls }: Target) => {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === (isTls ? 443 : 80) ? name : `${name}:${port}`;
};

/** Text as the bytes of a header: node writes them as Latin-1. */
const headerValue = (text: string) =>
  /[^\p{ASCII}\u0080-\u00ff]/u.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;

const CODES: Readonly<Record<string, LocalErrorCode>> = {
  ECONNREFUSED: "CONNECTION_REFUSED",
  EHOSTUNREACH: "CONNECTION_REFUSED",
  ENETUNREACH: "CONNECTION_REFUSED",
  ECONNRESET: "CONNECTION_RESET",
  EPIPE: "CONNECTION_RESET",
  ENOTFOUND: "DNS_LOOKUP_FAILED",
  EAI_AGAIN: "DNS_LOOKUP_FAILED",
};

function codeOf(error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): LocalErrorCode {
  const code = error.code ?? error.errors?.[0]?.code ?? "";
  if (error.name === "AbortError") return "CANCELLED";
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return "TLS_ERROR";
  return CODES[code] ?? "PROTOCOL_ERROR";
}

const pathOf = ({ basePath }: Target, { path, query }: LocalRequest) => {
  const whole = `${basePath}${path === "/" && basePath !== "" ? "" : path}`;
  const text = query === "" || query.startsWith("?") ? query : `?${query}`;
  return `${whole === "" ? "/" : whole}${text}`;
};

/** Sends the request once. Never rejects for what the local server does. */
export function forward(
  target: Target,
  request: LocalRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<LocalAnswer> {
  const path = pathOf(target, request);
  const hasBody = request.body.length > 0 || !["GET", "HEAD", "DELETE", "OPTIONS"].includes(request.method);
  const sentHeaders: [string, string][] = [
    ["host", hostOf(target)],
    ...request.headers,
    ...(hasBody ? ([["content-length", String(request.body.length)]] satisfies [string, string][]) : []),
  ];
  const url = `${target.isTls ? "https" : "http"}://${hostOf(target)}${path}`;
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let seen: { status: number; headers: [string, string][] } | null = null;
    const end = (error: LocalErrorCode | null) => {
      clearTimeout(timer);
      const measured = {
        latencyMs: performance.now() - startedMs,
        body: Buffer.concat(chunks).subarray(0, KEPT_BYTES),
      };
      resolve({ url, sentHeaders, status: seen?.status ?? null, headers: seen?.headers ?? null, error, ...measured });
    };
    const timer = setTimeout(() => {
      end("TIMEOUT");
      sent?.destroy();
    }, timeoutMs);
    const open = target.isTls ? httpsRequest : httpRequest;
    let sent: ReturnType<typeof httpRequest> | undefined;
    try {
      sent = open({
        ...{ host: target.host, port: target.port, method: request.method, path, agent: false },
        headers: sentHeaders.flatMap(([name, value]) => [name, headerValue(value)]),
        ...(signal && { signal }),
      });
    } catch {
      end("PROTOCOL_ERROR");
      return;
    }
    sent.on("error", (error) => end(codeOf(error)));
    sent.on("response", (response) => {
      const { statusCode: status = 0 } = response;
      if (status < 100 || status > 599) {
        end("PROTOCOL_ERROR");
        response.destroy();
        return;
      }
      seen = { status, headers: headersOf(response) };
      readSome(response, chunks, end);
    });
    sent.end(request.body);
  });
}

function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return pairs;
}

function readSome(response: IncomingMessage, chunks: Buffer[], end: (error: LocalErrorCode | null) => void): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    if (bytes < KEPT_BYTES) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes <= READ_BYTES) return;
    end(null);
    response.destroy();
  });
  response.on("end", () => end(null));
  response.on("error", (error) => end(codeOf(error)));
  response.on("close", () => end(response.complete ? null : "CONNECTION_RESET"));
}
