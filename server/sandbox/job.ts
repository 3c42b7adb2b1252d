// A job of the pool: its form on the wire, and the result for its caller.
import { MIN_SECRET_CHARS, maskTexts } from "#server/contracts/mask.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import type { ConsoleLine, TransformError } from "#server/contracts/why.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import type { EngineResult, JudgeResult, JudgeTask, WireBatch, WireJob, WireTransformation } from "./messages.ts";
import { readOutput } from "./output.ts";

/**
 * The result of a transform. `duration_ms` is the time inside the engine. `secrets` are the values of its `env`, the
 * longest first, which no trace may hold: console and error are without them already.
 */
export type SandboxResult = { console: ConsoleLine[]; duration_ms: number; secrets?: readonly string[] } & (
  | { kind: "returned"; request: TransformRequest }
  | { kind: "failed"; error: TransformError }
);

export interface Transformation {
  code: string;
  env: Record<string, string>;
  version: number;
  /** Why it cannot be run. */
  unusable?: string | null;
}

/** The work of a job. A `run` without a request, which is JSON text here already, is only compiled. */
export type Work =
  | { kind: "run"; code: string; env: Record<string, string>; request: string | null }
  | { kind: "judge"; stored: StoredRequest; transformation: Transformation | null; task: JudgeTask };

export interface Job {
  work: Work;
  /** The memory that it holds while it waits. */
  bytes: number;
  /** Aborted when nobody waits for the result any more. */
  signal: AbortSignal | undefined;
  settle(result: EngineResult | JudgeResult): void;
  /** Rejects the job for a failure that user code has not caused. */
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

/** The bytes that a job on this body holds. The fixed part stands for the headers, the rules and the promise. */
export const bytesOfJob = (bodyBytes: number): number => bodyBytes + 4_096;

/** Messages are bounded by size too, since they are copied. */
const BATCH_CHARS = 4 * 1024 * 1024;

/** A batch while it is filled. A value that several jobs name is in it once. */
class Packing {
  readonly codes = new Map<string, number>();
  readonly requests = new Map<StoredRequest, number>();
  chars = 0;

  codeAt(code: string): number {
    const at = this.codes.get(code) ?? this.codes.size;
    if (at === this.codes.size) this.chars += code.length;
    this.codes.set(code, at);
    return at;
  }

  requestAt(stored: StoredRequest): number {
    const at = this.requests.get(stored) ?? this.requests.size;
    if (at === this.requests.size) this.chars += stored.body?.length ?? 0;
    this.requests.set(stored, at);
    return at;
  }

  transformation({ code, env, version, unusable = null }: Transformation): WireTransformation {
    return { code: this.codeAt(code), env: JSON.stringify(env), version, unusable };
  }
}

/** Puts as many of `jobs` as fit, in order, into one message, and returns those it holds and those left over. */
export function packBatch(teamId: string, jobs: Job[]): { batch: WireBatch; packed: Job[]; rest: Job[] } {
  const packing = new Packing();
  const wireJobs: WireJob[] = [];
  let count = 0;
  while (count < jobs.length && packing.chars < BATCH_CHARS) {
    const job = jobs[count];
    if (!job) break;
    wireJobs.push(toWire(job.work, packing));
    count += 1;
  }
  const requests = [...packing.requests.keys()].map(toMessage);
  const batch = { teamId, codes: [...packing.codes.keys()], requests, jobs: wireJobs };
  return { batch, packed: jobs.slice(0, count), rest: jobs.slice(count) };
}

/** A view on a shared buffer would be sent with all of the buffer. */
const toMessage = (stored: StoredRequest): StoredRequest =>
  stored.body ? { ...stored, body: Uint8Array.prototype.slice.call(stored.body) as Buffer } : stored;

function toWire(work: Work, packing: Packing): WireJob {
  if (work.kind === "judge") {
    const transformation = work.transformation && packing.transformation(work.transformation);
    return { kind: "judge", stored: packing.requestAt(work.stored), transformation, ...work.task };
  }
  const code = packing.codeAt(work.code);
  if (work.request === null) return { kind: "check", code };
  packing.chars += work.request.length;
  return { kind: "run", code, env: JSON.stringify(work.env), request: work.request };
}

export const TOO_DEEP = "The request is nested too deeply for a transform.";

/** The request as JSON for user code; null where it is nested too deeply. */
export function requestText(request: TransformRequest): string | null {
  try {
    return JSON.stringify(request);
  } catch {
    return null;
  }
}
