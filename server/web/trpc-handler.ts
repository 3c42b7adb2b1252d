// tRPC over HTTP, on this process's own server. Requests that a stranger may not send are refused before tRPC or Next reads
// them.
import type { IncomingMessage, ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { appRouter } from "#server/api/app-router.ts";
import { createContext, type TrpcContext } from "#server/api/trpc.ts";
import type { App, Ctx } from "#server/auth/ctx.ts";
import type { ReadVisit } from "#server/auth/visit.ts";
import type { LiveHub } from "#server/live/hub.ts";
import type { Log } from "#server/process/log.ts";
import { makeHeldBytes } from "#server/shares/held-bytes.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";
import { readSmallBody } from "./small-body.ts";
import { judgeTrpcRequest, MAX_BODY_BYTES, MAX_CALLS, type TrpcRefusal, tooLarge } from "./trpc-request.ts";

/** All bodies under way together. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const RETRY_AFTER_S = 1;

export type TrpcHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

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

interface Parts {
  app: App;
  readVisit: ReadVisit;
  readCaller: ReadCaller;
  log: Log;
  /** Without it no page can subscribe to changes. */
  live?: LiveHub | undefined;
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

/**
 * Who calls: by API key, else by the session in the cookie. Calls of one batch that ask at once are answered once. `streamTeamId`
 * stands in the URL of a subscription, because a browser's event source sends no headers of ours.
 */
function callerOf(
  { app, readVisit, readCaller }: Parts,
  req: IncomingMessage,
  streamTeamId: string | undefined,
): TrpcContext["caller"] {
  const sent = credentials(req);
  if (streamTeamId !== undefined && !sent.has("x-team-id")) sent.set("x-team-id", streamTeamId);
  const byKey = createContext(app, sent, readCaller(req).ip);
  const read = async () => {
    const caller = await byKey.caller();
    if (caller) return caller;
    const teamId = sent.get("x-team-id") ?? undefined;
    const visit = await readVisit({ cookie: req.headers.cookie, teamId });
    return visit.kind === "member" ? visit.ctx : undefined;
  };
  let underWay: Promise<Ctx | undefined> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

export function makeTrpcHandler(parts: Parts): TrpcHandler {
  const { log, live } = parts;
  const held = makeHeldBytes(MAX_HELD_BYTES);

  async function answer(req: IncomingMessage & { body?: unknown }, res: ServerResponse, path: string) {
    await nodeHTTPRequestHandler({
      req,
      res,
      path,
      router: appRouter,
      maxBatchSize: MAX_CALLS,
      createContext: ({ info }) => ({
        ...(live && { live }),
        caller: callerOf(parts, req, info.connectionParams?.team_id),
      }),
      onError({ error, path: procedure }) {
        if (error.code === "INTERNAL_SERVER_ERROR")
          log.error({ err: error.cause ?? error, path: procedure }, "a procedure failed");
      },
    });
  }

  return async (req, res) => {
    const verdict = judgeTrpcRequest(req);
    if (verdict.kind === "refused") return refuse(req, res, verdict);
    if (!verdict.hasBody) return answer(Object.assign(req, { body: "" }), res, verdict.procedures);

    const read = await readSmallBody(req, held, MAX_BODY_BYTES);
    try {
      if (read.kind === "busy") return refuse(req, res, busy);
      if (read.kind === "too-large") return refuse(req, res, tooLarge());
      if (read.kind === "aborted") return;
      await answer(Object.assign(req, { body: read.text }), res, verdict.procedures);
    } finally {
      read.release();
    }
  };
}
