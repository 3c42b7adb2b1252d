/**
 * The sandbox: user code runs in QuickJS (WebAssembly), and costly rules beside it, on threads that can be killed, never on the
 * caller's thread.
 *
 * - Isolation: each team has its own WebAssembly instance, and every run starts from the same memory (engine.ts).
 * - Time: the engine stops itself at the deadline; a thread that is still busy a little later is killed and replaced. Jobs that
 *   only waited behind the culprit run again: a transform has no effects, so running it twice changes nothing.
 * - Fairness: teams take turns, and no team can hold every thread (schedule.ts).
 * - Memory: each team's line is bounded in jobs and bytes, no thread lives before the first job, and an idle one is let go.
 */
import type { Rule } from "#server/contracts/rule.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import type { TransformError } from "#server/contracts/why.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { makeFairQueue } from "./fair-queue.ts";
import {
  bytesOfJob,
  failed,
  type Job,
  requestText,
  type SandboxResult,
  TOO_DEEP,
  type Transformation,
  toSandboxResult,
  type Work,
  withoutSecrets,
} from "./job.ts";
import type { EngineResult, JudgeResult, JudgeTask } from "./messages.ts";
import { type Pool, pump } from "./schedule.ts";

const LINE_MAX = { jobs: 10_000, bytes: 32 * 1024 * 1024 };

export interface SandboxOptions {
  /** Threads in ordinary use; up to three more may run while all of them are held up. Default 1. */
  threads?: number;
  /** Milliseconds one run may take. Default 1,000. */
  timeoutMs?: number;
  /** The memory, in MB, that the values of one run may take. Default 64. */
  memoryMb?: number;
  /** Threads that one team may hold at a time. Default `threads`. */
  maxPerTeam?: number;
}

export interface TransformInput {
  teamId: string;
  code: string;
  env: Record<string, string>;
  request: TransformRequest;
  /** Aborted when nobody waits for the result any more: a job that has not begun then never runs. */
  signal?: AbortSignal | undefined;
}

/** A branch to be judged: a request on one connection. */
export interface JudgeCall extends Omit<JudgeTask, "transformFailure" | "rules"> {
  teamId: string;
  /** With its body. Branches of one request share it. */
  stored: StoredRequest;
  rules: Rule[];
  /** Null where the connection has none, or it does not exist any more. */
  transformation: Transformation | null;
  /** As that of {@link TransformInput}. */
  signal?: AbortSignal | undefined;
}

export interface Sandbox {
  /**
   * Runs `code` on `request` with `env` as `context.env`. Whatever the code does comes back as a value.
   * @throws when the team's line is full (10,000 jobs, 32 MiB), when the sandbox is closed, or when no thread can be started;
   *   the signal's reason when it is aborted while the job waits
   */
  run(input: TransformInput): Promise<SandboxResult>;
  /** Runs all rules of a connection on a request. What they do, and what stops them, comes back as a value. Throws as `run` does. */
  judge(call: JudgeCall): Promise<JudgeResult>;
  /** The error for which `code` does not compile; null when it does. Throws as `run` does. */
  check(input: Pick<TransformInput, "teamId" | "code" | "signal">): Promise<TransformError | null>;
  /** Ends every thread; jobs that are not done are rejected. */
  close(): Promise<void>;
}

/** Starts nothing until the first job. */
export function makeSandbox({
  threads = 1,
  timeoutMs = 1000,
  memoryMb = 64,
  maxPerTeam = threads,
}: SandboxOptions = {}): Sandbox {
  const pool: Pool = {
    options: { threads, timeoutMs, memoryMb, maxPerTeam },
    queue: makeFairQueue<Job>(LINE_MAX, ({ bytes }) => bytes),
    threads: new Set(),
    slowUntil: new Map(),
    ticker: undefined,
    failedStarts: 0,
    closed: false,
  };
  return {
    async run({ teamId, code, env, request, signal }) {
      // Requests wait as text: as values, a body takes up to twenty times as much.
      const text = requestText(request);
      if (text === null) return failed({ kind: "bad_output", message: TOO_DEEP, line: null });
      const { body: _, ...head } = request;
      const result = await enqueue(pool, teamId, { kind: "run", code, env, request: text }, text.length, signal);
      return withoutSecrets(toSandboxResult(result as EngineResult, head), env);
    },
    async judge({ teamId, stored, rules, transformation, signal, ...asked }) {
      const task = { ...asked, rules: rulesText(rules), transformFailure: null };
      const work: Work = { kind: "judge", stored, transformation, task };
      return (await enqueue(pool, teamId, work, stored.body?.length ?? 0, signal)) as JudgeResult;
    },
    async check({ teamId, code, signal }) {
      const work: Work = { kind: "run", code, env: {}, request: null };
      const result = (await enqueue(pool, teamId, work, code.length, signal)) as EngineResult;
      return result.kind === "failed" ? result.error : null;
    },
    close: () => close(pool),
  };
}

const rulesTexts = new WeakMap<Rule[], string>();

/** Written once per version of the configuration. */
function rulesText(rules: Rule[]): string {
  const text = rulesTexts.get(rules) ?? JSON.stringify(rules);
  rulesTexts.set(rules, text);
  return text;
}

/** Adds a job. The kind of its work tells the kind of its result. */
function enqueue(
  pool: Pool,
  teamId: string,
  work: Work,
  bodyBytes: number,
  signal?: AbortSignal,
): Promise<EngineResult | JudgeResult> {
  return new Promise((settle, reject) => {
    if (pool.closed) return reject(new Error("The sandbox is closed."));
    if (signal?.aborted) return reject(signal.reason);
    const job: Job = { work, bytes: bytesOfJob(bodyBytes), signal, settle, reject };
    if (!pool.queue.add(teamId, job)) {
      return reject(new Error("Too many transforms of one team are waiting."));
    }
    signal?.addEventListener("abort", () => pool.queue.remove(teamId, job) && reject(signal.reason), { once: true });
    // Jobs that are added in one turn of the event loop travel in one batch.
    queueMicrotask(() => pump(pool));
  });
}

async function close(pool: Pool): Promise<void> {
  pool.closed = true;
  clearInterval(pool.ticker);
  const threads = [...pool.threads];
  const unfinished = [...threads.flatMap(({ batch }) => batch?.jobs ?? []), ...pool.queue.drain()];
  for (const thread of threads) {
    clearTimeout(thread.idleTimer);
    thread.batch = null;
    thread.handle.kill();
  }
  await Promise.all(threads.map(({ gone }) => gone));
  for (const job of unfinished) job?.reject(new Error("The sandbox is closed."));
}
