// One team's sandbox inside a thread. Every run starts from the same memory, byte for byte (see image.ts), so nothing that one
// run does to globals, built-ins or the heap is there in the next, of the same code or another. Teams share no instance.
import type { TransformError } from "#server/contracts/why.ts";
import { type GuestOutcome, makeGuest } from "./guest.ts";
import { type MemoryImage, restoreImage, takeImage } from "./image.ts";
import { makeInstance, stackGapOf } from "./instance.ts";
import type { EngineResult } from "./messages.ts";
import { engineError, lineOf, outOfMemory, timedOut } from "./transform-error.ts";

/** An image takes about 250 KB. */
const IMAGES_MAX = 32;

export interface Engine {
  /** Runs `code` once on JSON texts. A failure of the user code is a result. */
  run(code: string, env: string, request: string): EngineResult;
  /** Compiles `code` without running it; null when it compiles. */
  check(code: string): TransformError | null;
  /** True once the engine must be thrown away: its host threw, or its memory has grown for good. */
  spent(): boolean;
}

type Compiled = { kind: "image"; image: MemoryImage } | { kind: "error"; error: TransformError };

/** `timeoutMs` bounds one run, `memoryMb` what its values may take. */
export async function makeEngine(timeoutMs: number, memoryMb: number): Promise<Engine> {
  const instance = await makeInstance(memoryMb);
  const guest = makeGuest(instance, timeoutMs);
  const gap = stackGapOf(instance);
  const base = takeImage(instance.memory, gap, instance.heapEnd());
  const images = new Map<string, MemoryImage>();
  let broken = false;

  const failure = (error: unknown): TransformError => {
    if (guest.interrupted()) return timedOut(timeoutMs);
    // A trap or a refused allocation in the host's own calls: the state inside is unknown.
    broken = true;
    if (error instanceof RangeError) return { kind: "threw", message: "InternalError: stack overflow", line: null };
    if (instance.hasGrown()) return outOfMemory(memoryMb);
    return { kind: "threw", message: "The engine stopped.", line: null };
  };

  const compile = (code: string): Compiled => {
    restoreImage(instance.memory, base);
    let outcome: GuestOutcome;
    try {
      outcome = guest.install(code);
    } catch (error) {
      const cause = failure(error);
      return { kind: "error", error: cause.kind === "threw" ? { ...cause, kind: "syntax_error" } : cause };
    }
    switch (outcome.kind) {
      case "installed":
        return { kind: "image", image: takeImage(instance.memory, gap, instance.heapEnd()) };
      case "syntax_error":
        return { kind: "error", error: engineError("syntax_error", outcome.failure, code, memoryMb) };
      case "timed_out":
        return { kind: "error", error: timedOut(timeoutMs, lineOf(outcome.stack, code)) };
      default:
        return { kind: "error", error: failure(null) };
    }
  };

  const compiled = (code: string): Compiled => {
    const known = images.get(code);
    const result: Compiled = known ? { kind: "image", image: known } : compile(code);
    if (result.kind === "error") return result;
    images.delete(code);
    images.set(code, result.image);
    const [oldest] = images.keys();
    if (images.size > IMAGES_MAX && oldest !== undefined) images.delete(oldest);
    return result;
  };

  const attempt = (code: string, env: string, request: string): TransformError | string => {
    const ready = compiled(code);
    if (ready.kind === "error") return ready.error;
    restoreImage(instance.memory, ready.image);
    const outcome = guest.enter(request, env);
    switch (outcome.kind) {
      case "returned":
        return outcome.text;
      case "threw":
        // With no memory left for an error object the engine throws null.
        if (outcome.failure.message === "null" && instance.hasGrown()) return outOfMemory(memoryMb);
        return engineError("threw", outcome.failure, code, memoryMb);
      case "no_return_value":
      case "bad_output":
        return { kind: outcome.kind, message: outcome.message, line: null };
      case "timed_out":
        return timedOut(timeoutMs, lineOf(outcome.stack, code));
      default:
        return failure(null);
    }
  };

  return {
    run(code, env, request) {
      const startedAt = performance.now();
      let output: TransformError | string;
      try {
        output = attempt(code, env, request);
      } catch (error) {
        output = failure(error);
      }
      const duration_ms = Math.round((performance.now() - startedAt) * 100) / 100;
      const console = guest.console();
      if (typeof output === "string") return { kind: "returned", output, console, duration_ms };
      return { kind: "failed", error: output, console, duration_ms };
    },
    check(code) {
      try {
        const result = compile(code);
        return result.kind === "error" ? result.error : null;
      } catch (error) {
        return failure(error);
      }
    },
    spent: () => broken || instance.hasGrown(),
  };
}
