import type { ConsoleLine, TransformError } from "#server/contracts/why.ts";

/** Limits of one run. Bytes unless the name says otherwise. */
export const LIMITS = {
  consoleLines: 100,
  consoleBytes: 8 * 1024,
  messageBytes: 2 * 1024,
  outputBytes: 10 * 1024 * 1024,
  /** A 10 MiB body may grow when it is escaped as JSON text. */
  inputChars: 24 * 1024 * 1024,
  outputDepth: 500,
} as const;

/** How many jobs one message to a thread may carry. */
export const BATCH_MAX = 32;

/** State of each job of the batch a thread works on, in memory shared by both sides. Claims are compare-and-exchange. */
export const SLOT = { waiting: 0, running: 1, done: 2, takenBack: 3 } as const;

/** Handed to a thread when it starts. `slots` has `BATCH_MAX` places. */
export interface ThreadData {
  slots: Int32Array<SharedArrayBuffer>;
  timeoutMs: number;
  memoryMb: number;
}

/** `run` executes, `check` only compiles. `code` is an index into the batch's `codes`; `env` and `request` are JSON text. */
export type WireJob = { kind: "run"; code: number; env: string; request: string } | { kind: "check"; code: number };

/** Jobs of one team. Each distinct code is sent once. */
export interface WireBatch {
  teamId: string;
  codes: string[];
  jobs: WireJob[];
}

/** What an engine made of a job: `output` is the JSON text that the user code returned, not yet checked as a request. */
export type EngineResult =
  | { kind: "returned"; output: string; console: ConsoleLine[]; duration_ms: number }
  | { kind: "failed"; error: TransformError; console: ConsoleLine[]; duration_ms: number };

/** Results by index in the batch. `done` ends the batch; jobs taken back have no result. */
export interface WireResults {
  results: { index: number; result: EngineResult }[];
  done: boolean;
}
