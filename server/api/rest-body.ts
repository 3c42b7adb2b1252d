// Bodies of API calls. They are read only for a caller with the capability, within the limits of the operation and the
// share of its team.
import type { Readable } from "node:stream";
import type { Ctx } from "#server/auth/ctx.ts";
import { MAX_JSON_DEPTH, passedLimit } from "#server/contracts/json-limits.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Holding } from "#server/shares/held-bytes.ts";
import { READ_AT_ONCE_BYTES } from "#server/shares/read-turns.ts";
import { gatherBytes } from "#server/wire/gathered-bytes.ts";
import { letGo } from "#server/wire/let-go.ts";
import type { BodyLimits } from "./operation.ts";

const noRoom = () =>
  new AppError("UNAVAILABLE", "Too many bodies are under way just now: send this one again in a moment.");

const tooLarge = ({ bytes }: BodyLimits) =>
  new AppError("PAYLOAD_TOO_LARGE", `The body is larger than ${bytes / 1024 / 1024} MiB: send less.`);

export interface HeldBody {
  bytes: Buffer;
  holding: Holding;
}

/** The bytes of a body. They stay charged to the team until the holding is released. */
export function readBody(ctx: Ctx, stream: Readable, limits: BodyLimits, declared: number): Promise<HeldBody> {
  return new Promise((resolve, reject) => {
    const nowMs = () => ctx.app.now().getTime();
    const gathered = gatherBytes(Math.min(declared, limits.bytes));
    let received = 0;
    let isDone = false;
    const holding = ctx.app.shares.bytes.hold([ctx.teamId], nowMs(), () => fail(noRoom()));
    function fail(error: Error): void {
      if (isDone) return;
      isDone = true;
      holding.release();
      gathered.drop();
      reject(error);
    }
    // Bytes after a failure are dropped as they come.
    stream.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received > READ_AT_ONCE_BYTES) {
        stream.pause();
        ctx.app.shares.reads.next(ctx.teamId, () => stream.resume());
      }
      if (isDone) return letGo(chunk);
      if (received > limits.bytes) return fail(tooLarge(limits));
      if (!holding.add(chunk.length, nowMs())) return fail(noRoom());
      gathered.add(chunk);
    });
    stream.on("end", () => {
      if (isDone) return;
      isDone = true;
      holding.pin();
      resolve({ bytes: gathered.take(), holding });
    });
    stream.on("error", () => fail(new CallerGone()));
    stream.on("close", () => fail(new CallerGone()));
    if (declared > limits.bytes) fail(tooLarge(limits));
  });
}

/** Refuses JSON that would cost more than its bytes. */
export function requireSmallJson(bytes: Buffer, { values }: BodyLimits): void {
  const passed = passedLimit(bytes, { values, depth: MAX_JSON_DEPTH });
  if (passed === "depth") throw wrongField("", `Nest at most ${MAX_JSON_DEPTH} levels deep.`);
  if (passed === "values") throw wrongField("", `Send at most ${values} JSON values in one body.`);
}
