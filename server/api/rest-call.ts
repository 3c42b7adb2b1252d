// One call of the API: its caller, the shared room that it holds, and whether its caller still waits.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { setImmediate as endOfTurn, setTimeout as sleep } from "node:timers/promises";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App, Ctx } from "#server/auth/ctx.ts";
import { inTurn } from "#server/auth/in-turn.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import type { Holding } from "#server/shares/held-bytes.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";
import { decodeText } from "#server/wire/decode-text.ts";
import { letGo } from "#server/wire/let-go.ts";
import { type Operation, requireCall } from "./operation.ts";
import { readBody, requireSmallJson } from "./rest-body.ts";

/** Of an operation: what its call is admitted, read and queued by. */
export type Called = Pick<Operation, "can" | "isOwn" | "turns" | "body">;

export interface Call {
  ctx: Ctx;
  /** The body; the room that it takes is given back when the call ends. */
  readBytes(body: Readable): Promise<Buffer>;
  /** The body as text, checked to be small as JSON. */
  readText(body: Readable): Promise<string>;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Counts the bytes of the answer, which waits in memory for as long as its reader likes. */
  holdAnswer(bytes: number): void;
}

/** Below this an answer is not counted: most are. */
const SMALL_ANSWER_BYTES = 64 * 1024;

/** Read at once; a larger one, or one that does not say its size, in its team's turn. */
const SMALL_BODY_BYTES = 64 * 1024;

/**
 * After a large body its turn rests for as long as this many bytes a millisecond take: a team with two turns sends some
 * 20 MB a second. A body of 2 MiB costs the door's thread 9 ms, and memory that has to be collected.
 */
const RESTED_BYTES_PER_MS = 10 * 1024;

const firstOf = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

/** The calls under way, by their request. */
export function makeCalls(app: App, readCaller: ReadCaller) {
  const calls = new WeakMap<IncomingMessage, Call>();
  return {
    of: (request: IncomingMessage) => calls.get(request),
    /** @throws AppError where the caller is not known or may not do this */
    async begin(called: Called, request: IncomingMessage, response: ServerResponse): Promise<Call> {
      const { authorization, "x-team-id": teamId } = request.headers;
      const caller = await authenticate(app, { authorization, teamId: firstOf(teamId), ip: readCaller(request).ip });
      requireCall(caller, called);
      const call = makeCall(called, caller, request, response);
      calls.set(request, call);
      return call;
    },
  };
}

function makeCall(called: Called, caller: Ctx, request: IncomingMessage, response: ServerResponse): Call {
  const gone = new AbortController();
  const ctx = { ...caller, signal: gone.signal };
  const holdings: Holding[] = [];
  if (response.destroyed) gone.abort(new CallerGone());
  response.once("close", () => {
    for (const holding of holdings) holding.release();
    if (!response.writableFinished) gone.abort(new CallerGone());
  });
  async function read(body: Readable): Promise<Buffer> {
    const declared = Number(request.headers["content-length"] ?? 0);
    const { bytes, holding } = await readBody(ctx, body, called.body, declared);
    if (response.destroyed) holding.release();
    holdings.push(holding);
    // Others are served between two bodies.
    if (bytes.length > SMALL_BODY_BYTES) await endOfTurn();
    return bytes;
  }
  /** Reads a large body in its team's turn. The team gets the turn back after a rest, which a refused body costs as well. */
  function readInTurn(body: Readable, declared: number): Promise<Buffer> {
    const mostBytes = Math.min(declared, called.body.bytes);
    return new Promise((resolve, reject) => {
      inTurn(ctx, "bodies", async () => {
        const reading = read(body);
        resolve(reading);
        // What is refused came all the same.
        const bytes = await reading.then(
          ({ length }) => length,
          () => mostBytes,
        );
        await sleep(bytes / RESTED_BYTES_PER_MS, undefined, { ref: false });
      }).catch(reject);
    });
  }
  function readBytes(body: Readable): Promise<Buffer> {
    const declared = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
    return declared <= SMALL_BODY_BYTES ? read(body) : readInTurn(body, declared);
  }
  return {
    ctx,
    readBytes,
    async readText(body) {
      const bytes = await readBytes(body);
      try {
        requireSmallJson(bytes, called.body);
        return decodeText(bytes);
      } finally {
        letGo(bytes);
      }
    },
    inTurn: (work) => inTurn(ctx, called.turns, work),
    holdAnswer(bytes) {
      if (bytes < SMALL_ANSWER_BYTES) return;
      const nowMs = ctx.app.now().getTime();
      const holding = ctx.app.shares.bytes.hold([ctx.teamId], nowMs, () => {});
      holding.pin();
      if (!holding.add(bytes, nowMs)) {
        holding.release();
        throw new AppError("UNAVAILABLE", "Too many large answers are under way just now: ask again in a moment.");
      }
      if (response.destroyed) holding.release();
      holdings.push(holding);
    },
  };
}
