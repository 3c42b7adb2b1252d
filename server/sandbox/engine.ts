// The engine: one team's sandbox inside a thread. Every run starts from the same memory, byte for byte (see image.ts), so
// no run can change globals, built-ins or the heap for the next one. Teams share no instance.
import type { TransformError } from "#server/contracts/why.ts";
import { type Guest, type GuestOutcome, makeGuest } from "./guest.ts";
import { type MemoryImage, restoreImage, type StackGap, takeImage } from "./image.ts";
import { type Instance, makeInstance, stackGapOf } from "./instance.ts";
import type { EngineResult } from "./messages.ts";
import { engineError, lineOf, outOfMemory, timedOut } from "./transform-error.ts";

/** An image takes about 300 KB. */
const IMAGES_MAX = 16;

export interface Engine {
  /** Runs `code` once on JSON texts. A failure of the user code is a result. */
  run(code: string, env: string, request: string): EngineResult;
  /** Compiles `code` without running it; null when it compiles. */
  check(code: string): TransformError | null;
  /** True once the engine must be thrown away: its host threw, or its memory has grown for good. */
  spent(): boolean;
}

interface Parts {
  timeoutMs: number;
  memoryMb: number;
  instance: Instance;
  guest: Guest;
  gap: StackGap;
  /** The engine before it has seen any user code. */
  base: MemoryImage;
  /** By code, the engine when that code is compiled and nothing of it has run. The last used comes last. */
  images: Map<string, MemoryImage>;
  broken: boolean;
}

type Compiled = { kind: "image"; image: MemoryImage } | { kind: "error"; error: TransformError };

/** Makes an engine. `timeoutMs` bounds one run, `memoryMb` the memory of its values. */
export async function makeEngine(timeoutMs: number, memoryMb: number): Promise<Engine> {
  const instance = await makeInstance(memoryMb);
  const guest = makeGuest(instance, timeoutMs);
  const gap = stackGapOf(instance);
  const base = takeImage(instance.memory, gap, instance.heapEnd());
  const parts: Parts = { timeoutMs, memoryMb, instance, guest, gap, base, images: new Map(), broken: false };
  return {
    run(code, env, request) {
      const startedAt = performance.now();
      const output = execute(parts, code, env, request);
      const duration_ms = Math.round((performance.now() - startedAt) * 100) / 100;
      const console = guest.console();
      if (typeof output === "string") return { kind: "returned", output, console, duration_ms };
      return { kind: "failed", error: output, console, duration_ms };
    },
    check(code) {
      const result = compile(parts, code);
      return result.kind === "error" ? result.error : null;
    },
    spent: () => parts.broken || instance.hasGrown(),
  };
}

/** The JSON text that `code` returned, or why it returned none. */
function execute(parts: Parts, code: string, env: string, request: string): string | TransformError {
  const ready = compiledOnce(parts, code);
  if (ready.kind === "error") return ready.error;
  restoreImage(parts.instance.memory, ready.image);
  const outcome = attempt(parts, () => parts.guest.enter(request, env));
  if (outcome.kind === "returned") return outcome.text;
  return errorOf(parts, outcome, code);
}

function compiledOnce(parts: Parts, code: string): Compiled {
  const { images } = parts;
  const known = images.get(code);
  const result: Compiled = known ? { kind: "image", image: known } : compile(parts, code);
  if (result.kind === "error") return result;
  images.delete(code);
  images.set(code, result.image);
  const [oldest] = images.keys();
  if (images.size > IMAGES_MAX && oldest !== undefined) images.delete(oldest);
  return result;
}

function compile(parts: Parts, code: string): Compiled {
  const { instance, guest, gap, base } = parts;
  restoreImage(instance.memory, base);
  const outcome = attempt(parts, () => guest.install(code));
  if (outcome.kind === "installed")
    return { kind: "image", image: takeImage(instance.memory, gap, instance.heapEnd()) };
  const error = errorOf(parts, outcome, code);
  return { kind: "error", error: error.kind === "threw" ? { ...error, kind: "syntax_error" } : error };
}

type Failure = Exclude<GuestOutcome, { kind: "installed" | "returned" }> | { kind: "stack_overflow" };

/**
 * Calls the guest. An exception on the host's side (a trap, its own stack, an allocation refused) leaves the inside in an
 * unknown state.
 */
function attempt(parts: Parts, call: () => GuestOutcome): GuestOutcome | Failure {
  try {
    return call();
  } catch (error) {
    parts.broken = true;
    if (parts.guest.interrupted()) return { kind: "timed_out", stack: "" };
    return error instanceof RangeError ? { kind: "stack_overflow" } : { kind: "broken" };
  }
}

function errorOf(
  { instance, timeoutMs, memoryMb }: Parts,
  outcome: GuestOutcome | Failure,
  code: string,
): TransformError {
  switch (outcome.kind) {
    case "threw":
    case "syntax_error":
      // With no memory left for an error object the engine throws null.
      if (outcome.failure.message === "null" && instance.hasGrown()) return outOfMemory(memoryMb);
      return engineError(outcome.kind, outcome.failure, code, memoryMb);
    case "no_return_value":
    case "bad_output":
      return { kind: outcome.kind, message: outcome.message, line: null };
    case "timed_out":
      return timedOut(timeoutMs, lineOf(outcome.stack, code));
    case "stack_overflow":
      return { kind: "threw", message: "InternalError: stack overflow", line: null };
    default:
      return instance.hasGrown()
        ? outOfMemory(memoryMb)
        : { kind: "threw", message: "The engine stopped.", line: null };
  }
}
