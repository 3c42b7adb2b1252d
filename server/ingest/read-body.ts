import type { IncomingMessage } from "node:http";
import { type BodyPace, makeBodyPace, SWEEP_MS } from "#server/shares/body-pace.ts";
import { type HeldBytes, makeHeldBytes } from "#server/shares/held-bytes.ts";
import { READ_AT_ONCE_BYTES, type ReadTurns } from "#server/shares/read-turns.ts";
import { gatherBytes } from "#server/wire/gathered-bytes.ts";
import { letGo } from "#server/wire/let-go.ts";

export type ReadBody =
  | { kind: "read"; body: Buffer }
  /** The body is larger than the source allows. `bytes` is the declared length, or what had come by then. */
  | { kind: "too-large"; bytes: number }
  /** The body stood still or trickled. `body` is what had come by then. */
  | { kind: "too-slow"; body: Buffer }
  /** The door holds as many bytes as it may, or the room of this request went to one who holds less. */
  | { kind: "no-room" }
  /** The sender went away: there is nobody to answer and nothing to store. */
  | { kind: "aborted" };

/** The room of one request under way, from its head to its answer. */
export interface Admission {
  /** Reads the exact bytes, never more than `limitBytes`. Call it once at most. */
  readBody(request: IncomingMessage, limitBytes: number): Promise<ReadBody>;
  release(): void;
}

export interface Admissions {
  /**
   * Admits a request; null when there is no room for one more.
   *
   * @param keys the owners of the request: team, source, sender
   * @param headBytes the size of its headers and target
   */
  admit(keys: readonly string[], headBytes: number): Admission | null;
}

/**
 * The cost of a request besides its bytes. It bounds the number of requests under way to some 10,000 in the door's 256 MiB.
 */
const REQUEST_BYTES = 24 * 1024;

/** Bounds the bytes that all requests under way hold, divides them fairly, and cuts bodies that come too slowly. */
export function makeAdmissions(maxBytes: number, reads: ReadTurns, nowMs: () => number): Admissions {
  const held = makeHeldBytes(maxBytes);
  const pace = makeBodyPace();
  let sweeper: NodeJS.Timeout | undefined;

  const watched: Pick<BodyPace, "watch" | "forget"> = {
    watch(body) {
      pace.watch(body, nowMs());
      sweeper ??= setInterval(() => {
        if (pace.sweep(nowMs()) > 0) return;
        clearInterval(sweeper);
        sweeper = undefined;
      }, SWEEP_MS).unref();
    },
    forget: pace.forget,
  };
  return { admit: (keys, headBytes) => admit({ held, pace: watched, reads, nowMs }, keys, headBytes) };
}

interface Shares {
  held: HeldBytes;
  pace: Pick<BodyPace, "watch" | "forget">;
  reads: ReadTurns;
  nowMs: () => number;
}

function admit({ held, pace, reads, nowMs }: Shares, keys: readonly string[], headBytes: number): Admission | null {
  const [teamId = ""] = keys;
  let onEvict = () => {};
  const holding = held.hold(keys, nowMs(), () => onEvict());
  if (!holding.add(REQUEST_BYTES + headBytes, nowMs())) {
    holding.release();
    return null;
  }
  return {
    release: holding.release,
    readBody: (request, limitBytes) =>
      new Promise((resolve) => {
        const declared = Number(request.headers["content-length"] ?? 0);
        const gathered = gatherBytes(Math.min(declared, limitBytes));
        let receivedBytes = 0;
        let isDone = false;
        const cut = () => done({ kind: "too-slow", body: gathered.take() });
        const paced = { receivedBytes: () => receivedBytes, cut };
        // The listeners stay: removing them costs more than a few calls, and an error without a listener ends the process.
        function done(result: ReadBody): void {
          if (isDone) return;
          isDone = true;
          gathered.drop();
          pace.forget(paced);
          if (result.kind === "read" || result.kind === "too-slow") holding.pin();
          resolve(result);
        }
        onEvict = () => done({ kind: "no-room" });

        request.on("data", (chunk: Buffer) => {
          receivedBytes += chunk.length;
          // Bytes that nobody needs any more cost as much to read.
          if (receivedBytes > READ_AT_ONCE_BYTES) {
            request.pause();
            reads.next(teamId, () => request.resume());
          }
          if (isDone) return letGo(chunk);
          if (receivedBytes > limitBytes) return done({ kind: "too-large", bytes: receivedBytes });
          if (!holding.add(chunk.length, nowMs())) return done({ kind: "no-room" });
          gathered.add(chunk);
        });
        request.on("end", () => done({ kind: "read", body: gathered.take() }));
        request.on("close", () => done({ kind: "aborted" }));
        request.on("error", () => done({ kind: "aborted" }));

        // The sender may have gone while its source was looked up, and no event tells of it any more.
        if (request.destroyed) return done({ kind: "aborted" });
        if (declared > limitBytes) return done({ kind: "too-large", bytes: declared });
        pace.watch(paced, nowMs());
      }),
  };
}
