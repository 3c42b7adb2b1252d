import type { ConsoleLine, TransformError } from "#server/contracts/why.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import type { Judgement } from "#server/judging/judge.ts";

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

/** The number of jobs that one message to a thread may carry. */
export const BATCH_MAX = 32;

/**
 * State of each job of the batch a thread works on, in memory shared by both sides. Claims are compare-and-exchange.
 * `transforming` is a `running` job in user code, which has a time limit of its own.
 */
export const SLOT = { waiting: 0, running: 1, done: 2, takenBack: 3, transforming: 4 } as const;

/** Handed to a thread when it starts. `slots` has `BATCH_MAX` places. */
export interface ThreadData {
  slots: Int32Array<SharedArrayBuffer>;
  /** One place, for the number under which the system knows the thread; 0 where it does not tell. */
  threadId: Int32Array<SharedArrayBuffer>;
  timeoutMs: number;
  memoryMb: number;
}

/** A transformation on its way to a thread; `code` is an index into the batch's `codes`, `env` JSON text. */
export interface WireTransformation {
  code: number;
  env: string;
  version: number;
  /** Why it cannot be run, or null. */
  unusable: string | null;
}

/**
 * `run` executes, `check` only compiles, `judge` runs all the rules of a connection on one of the batch's requests.
 * `code` and `stored` are indexes into the batch; `env` and `request` are JSON text.
 */
export type WireJob =
  | { kind: "run"; code: number; env: string; request: string }
  | { kind: "check"; code: number }
  | ({ kind: "judge"; stored: number; transformation: WireTransformation | null } & JudgeTask);

/** The input of a judgement in a thread, besides the request and the code. */
export interface JudgeTask {
  /** The rules as JSON: exact numbers in them do not survive a copy. */
  rules: string;
  isReplay: boolean;
  /** The place of the order key in what is delivered, or null. */
  orderPath: string | null;
  /** The place of the group's value, likewise. */
  groupPath: string | null;
  /** The request that holds this one's deduplication key, or null; undefined while nobody has looked. */
  holder: string | null | undefined;
  /** Nothing but the event's facts is asked for: the body is outlined and not parsed. */
  isForFacts?: boolean;
  /** The failure of a transform that brought down the thread that ran it. */
  transformFailure: TransformError | null;
}

/** `needs_holder`: whether another request holds the key is to be found out before the transform is run. */
export type JudgeResult =
  | { kind: "judged"; judgement: Judgement }
  | { kind: "needs_holder"; keyHash: string }
  | { kind: "stopped"; limit: "time" | "memory" };

/** Jobs of one team. Each distinct code and request is sent once. */
export interface WireBatch {
  teamId: string;
  codes: string[];
  requests: StoredRequest[];
  jobs: WireJob[];
}

/** The result of a job in an engine. `output` is the JSON text that the user code returned, not yet checked as a request. */
export type EngineResult =
  | { kind: "returned"; output: string; console: ConsoleLine[]; duration_ms: number }
  | { kind: "failed"; error: TransformError; console: ConsoleLine[]; duration_ms: number };

/** Results by index in the batch. `done` ends the batch; jobs taken back have no result. */
export interface WireResults {
  results: { index: number; result: EngineResult | JudgeResult }[];
  done: boolean;
}
