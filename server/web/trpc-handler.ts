// tRPC over HTTP, on this process's own server: what a stranger may not send is refused before tRPC or Next reads of it.
import type { IncomingMessage, ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { appRouter } from "#server/api/app-router.ts";
import { createContext } from "#server/api/trpc.ts";
import type { App } from "#server/auth/ctx.ts";
import { localOperator } from "#server/auth/viewer.ts";
import type { LiveHub } from "#server/live/hub.ts";
import type { Log } from "#server/process/log.ts";
import { type HeldBytes, makeHeldBytes } from "#server/shares/held-bytes.ts";
import { judgeTrpcRequest, MAX_BODY_BYTES, MAX_CALLS, type TrpcRefusal, tooLarge } from "./trpc-request.ts";

/** All bodies under way together. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const RETRY_AFTER_S = 1;

export type TrpcHandler = (req: IncomingMessage, res: ServerResponse, isLocalVisit: boolean) => Promise<void>;

type ReadBody = { kind: "read"; text: string } | { kind: "aborted" } | TrpcRefusal;

const busy: TrpcRefusal = {
  kind: "refused",
  status: 503,
  code: "SERVICE_UNAVAILABLE",
  message: `The dashboard is busy: try again in ${RETRY_AFTER_S} s.`,
};

/** Answers as tRPC does, so that its client shows the sentence. What has not come of a body is not read. */
function refuse(req: IncomingMessage, res: ServerResponse, { status, code, message }: TrpcRefusal): void {
  const error = { message, code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus: status } };
  const body = JSON.stringify({ error });
  if (status === 405) res.setHeader("allow", "GET, POST");
  if (status === 503) res.setHeader("retry-after", RETRY_AFTER_S);
  if (!req.complete) res.setHeader("connection", "close");
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  res.end(req.method === "HEAD" ? undefined : body);
}

/** Reads no more than may come. The bytes stay charged until `release`. */
function readBody(req: IncomingMessage, held: HeldBytes): Promise<ReadBody & { release(): void }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const holding = held.hold([req.socket.remoteAddress ?? ""], Date.now(), () => finish(busy));
    let isDone = false;
    const finish = (result: ReadBody) => {
      if (isDone) return;
      isDone = true;
      if (result.kind !== "read") {
        chunks.length = 0;
        holding.release();
        req.pause();
      }
      resolve({ ...result, release: holding.release });
    };
    req.on("data", (chunk: Buffer) => {
      if (isDone) return;
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return finish(tooLarge());
      if (!holding.add(chunk.length, Date.now())) return finish(busy);
      chunks.push(chunk);
    });
    req.on("end", () => finish({ kind: "read", text: Buffer.concat(chunks).toString() }));
    req.on("close", () => finish({ kind: "aborted" }));
    req.on("error", () => finish({ kind: "aborted" }));
  });
}

/** The two headers that say who calls. */
function credentials({ headers }: IncomingMessage): Headers {
  const sent = new Headers();
  for (const name of ["authorization", "x-team-id"]) {
    const value = headers[name];
    if (typeof value === "string") sent.set(name, value);
  }
  return sent;
}

export function makeTrpcHandler(app: App, log: Log, live?: LiveHub): TrpcHandler {
  const held = makeHeldBytes(MAX_HELD_BYTES);

  async function answer(
    req: IncomingMessage & { body?: unknown },
    res: ServerResponse,
    path: string,
    isLocal: boolean,
  ) {
    const byKey = createContext(app, credentials(req));
    await nodeHTTPRequestHandler({
      req,
      res,
      path,
      router: appRouter,
      maxBatchSize: MAX_CALLS,
      createContext: () => ({
        ...(live && { live }),
        caller: async () => (await byKey.caller()) ?? (isLocal ? localOperator(app) : undefined),
      }),
      onError({ error, path: procedure }) {
        if (error.code === "INTERNAL_SERVER_ERROR")
          log.error({ err: error.cause ?? error, path: procedure }, "a procedure failed");
      },
    });
  }

  return async (req, res, isLocal) => {
    const verdict = judgeTrpcRequest(req);
    if (verdict.kind === "refused") return refuse(req, res, verdict);
    if (!verdict.hasBody) return answer(Object.assign(req, { body: "" }), res, verdict.procedures, isLocal);

    const read = await readBody(req, held);
    try {
      if (read.kind === "refused") return refuse(req, res, read);
      if (read.kind === "aborted") return;
      await answer(Object.assign(req, { body: read.text }), res, verdict.procedures, isLocal);
    } finally {
      read.release();
    }
  };
}
