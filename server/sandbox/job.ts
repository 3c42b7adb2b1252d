// One transform on its way through the pool: its form on the wire, and what its caller gets back.
import { MIN_SECRET_CHARS, maskTexts } from "#server/contracts/mask.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import type { ConsoleLine, TransformError } from "#server/contracts/why.ts";
import type { EngineResult, WireBatch, WireJob } from "./messages.ts";
import { readOutput } from "./output.ts";

/**
 * What a transform came to. `duration_ms` is the time inside the engine. `secrets` are the values of its `env`, the longest
 * first, which no trace may hold: console and error are without them already.
 */
export type SandboxResult = { console: ConsoleLine[]; duration_ms: number; secrets?: readonly string[] } & (
  | { kind: "returned"; request: TransformRequest }
  | { kind: "failed"; error: TransformError }
);

/** `request` is null when the code is only to be compiled. */
export interface Job {
  code: string;
  env: Record<string, string>;
  request: TransformRequest | null;
  settle(result: EngineResult): void;
  /** For what is not the user code's doing. */
  reject(error: Error): void;
}

/** Checks what the engine gave back for `input` as a request. */
export function toSandboxResult(result: EngineResult, input: TransformRequest): SandboxResult {
  if (result.kind === "failed") return result;
  const { console, duration_ms } = result;
  const output = readOutput(result.output, input);
  if (output.kind === "request") return { kind: "returned", request: output.request, console, duration_ms };
  return failed({ kind: "bad_output", message: output.message, line: null }, console, duration_ms);
}

/** Code may print what it was given, and throw it. */
export function withoutSecrets(result: SandboxResult, env: Record<string, string>): SandboxResult {
  const secrets = Object.values(env)
    .filter((value) => value.length >= MIN_SECRET_CHARS)
    .sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return result;
  const told = { ...result, console: maskTexts(result.console, secrets), secrets };
  return told.kind === "failed" ? { ...told, error: maskTexts(told.error, secrets) } : told;
}

export function failed(error: TransformError, console: ConsoleLine[] = [], duration_ms = 0) {
  return { kind: "failed" as const, error, console, duration_ms };
}

/** Messages are bounded by size too, since they are copied. */
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Puts as many of `jobs` as fit, in order, into one message, and returns those it holds and those left over.
 * A job whose request cannot be written as JSON is settled here and is in neither.
 */
export function packBatch(teamId: string, jobs: Job[]): { batch: WireBatch; packed: Job[]; rest: Job[] } {
  const codes = new Map<string, number>();
  const wireJobs: WireJob[] = [];
  const packed: Job[] = [];
  let chars = 0;
  let next = 0;
  for (; next < jobs.length && chars < BATCH_CHARS; next += 1) {
    const job = jobs[next];
    if (!job) break;
    const code = codes.get(job.code) ?? codes.size;
    const wire = toWire(job, code);
    if (!wire) continue;
    codes.set(job.code, code);
    packed.push(job);
    wireJobs.push(wire);
    chars += job.code.length + (wire.kind === "run" ? wire.request.length : 0);
  }
  return { batch: { teamId, codes: [...codes.keys()], jobs: wireJobs }, packed, rest: jobs.slice(next) };
}

function toWire(job: Job, code: number): WireJob | null {
  if (!job.request) return { kind: "check", code };
  try {
    return { kind: "run", code, env: JSON.stringify(job.env), request: JSON.stringify(job.request) };
  } catch {
    job.settle(
      failed({ kind: "bad_output", message: "The request is nested too deeply for a transform.", line: null }),
    );
    return null;
  }
}
