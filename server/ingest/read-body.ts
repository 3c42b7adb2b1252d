import type { IncomingMessage } from "node:http";

export type ReadBody =
  | { kind: "read"; body: Buffer }
  /** Larger than the source allows; `bytes` is what was declared or had come by then. */
  | { kind: "too-large"; bytes: number }
  /** The door holds as many bytes as it may. */
  | { kind: "no-room" }
  /** The sender went away in the middle: there is nobody to answer and nothing to keep. */
  | { kind: "aborted" };

/** Bytes that all requests under way may hold together; it is what keeps the door's memory bounded. */
export interface ByteBudget {
  used: number;
  readonly max: number;
}

/** Reads the exact bytes, never more than `limitBytes`. What was read stays charged to `budget` until `release`. */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: ByteBudget,
): Promise<ReadBody & { release(): void }> {
  return new Promise((resolve) => {
    let charged = 0;
    const release = () => {
      budget.used -= charged;
      charged = 0;
    };
    let isDone = false;
    // The listeners stay: taking them off costs more than being asked again, and an error without one ends the process.
    const done = (result: ReadBody) => {
      if (isDone) return;
      isDone = true;
      if (result.kind !== "read") release();
      resolve({ ...result, release });
    };

    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => {
      if (isDone) return;
      charged += chunk.length;
      budget.used += chunk.length;
      if (charged > limitBytes) return done({ kind: "too-large", bytes: charged });
      if (budget.used > budget.max) return done({ kind: "no-room" });
      chunks.push(chunk);
    });
    request.on("end", () => {
      const [only] = chunks;
      done({ kind: "read", body: chunks.length === 1 && only ? only : Buffer.concat(chunks) });
    });
    request.on("close", () => done({ kind: "aborted" }));
    request.on("error", () => done({ kind: "aborted" }));

    // The sender may have gone while its source was looked up: no event tells of it any more.
    if (request.destroyed) return done({ kind: "aborted" });
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > limitBytes) return done({ kind: "too-large", bytes: declared });
    if (budget.used + declared > budget.max) return done({ kind: "no-room" });
  });
}
