// Bodies that this process reads itself: whole, small, and out of one room that all of them share.
import type { IncomingMessage } from "node:http";
import type { HeldBytes } from "#server/shares/held-bytes.ts";

export type SmallBody = { kind: "read"; text: string } | { kind: "aborted" } | { kind: "busy" } | { kind: "too-large" };

/** Reads no more than may come. The bytes stay charged until `release`. */
export function readSmallBody(
  req: IncomingMessage,
  held: HeldBytes,
  maxBytes: number,
): Promise<SmallBody & { release(): void }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const holding = held.hold([req.socket.remoteAddress ?? ""], Date.now(), () => finish({ kind: "busy" }));
    let isDone = false;
    const finish = (result: SmallBody) => {
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
      if (bytes > maxBytes) return finish({ kind: "too-large" });
      if (!holding.add(chunk.length, Date.now())) return finish({ kind: "busy" });
      chunks.push(chunk);
    });
    req.on("end", () => finish({ kind: "read", text: Buffer.concat(chunks).toString() }));
    req.on("close", () => finish({ kind: "aborted" }));
    req.on("error", () => finish({ kind: "aborted" }));
  });
}
