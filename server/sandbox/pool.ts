/**
 * The transform sandbox: user code runs in QuickJS (WebAssembly) on threads that can be killed, never on the caller's thread.
 *
 * - Isolation: each team has its own WebAssembly instance, and every run starts from the same memory (engine.ts).
 * - Time: the engine stops itself at the deadline; a thread that is still busy a little later is killed and replaced. Jobs that
 *   only waited behind the culprit run again: a transform has no effects, so running it twice changes nothing.
 * - Fairness: teams take turns, and no team can hold every thread (schedule.ts).
 * - Memory: no thread lives before the first transform, and an idle one is let go.
 */
import type { TransformRequest } from "#server/contracts/transformation.ts";
import type { TransformError } from "#server/contracts/why.ts";
import { makeFairQueue } from "./fair-queue.ts";
import { type Job, type SandboxResult, toSandboxResult, withoutSecrets } from "./job.ts";
import type { EngineResult } from "./messages.ts";
import { type Pool, pump } from "./schedule.ts";

const QUEUE_MAX = 10_000;

export interface SandboxOptions {
  /** Threads in ordinary use; one more may run while all of them are held up. Default 1. */
  threads?: number;
  /** Milliseconds one run may take. Default 1,000. */
  timeoutMs?: number;
  /** What the values of one run may take. Default 64. */
  memoryMb?: number;
  /** Threads that one team may hold at a time. Default `threads`. */
  maxPerTeam?: number;
}

export interface TransformInput {
  teamId: string;
  code: string;
  env: Record<string, string>;
  request: TransformRequest;
  /** Aborted when nobody waits for the result any more: what has not begun then never runs. */
  signal?: AbortSignal | undefined;
}

export interface Sandbox {
  /**
   * Runs `code` on `request` with `env` as `context.env`. Whatever the code does comes back as a value.
   * @throws when 10,000 of the team's jobs wait already, when the sandbox is closed, or when no thread can be started;
   *   the signal's reason when it is aborted while the job waits
   */
  run(input: TransformInput): Promise<SandboxResult>;
  /** Why `code` does not compile; null when it does. Throws as `run` does. */
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
    queue: makeFairQueue(QUEUE_MAX),
    threads: new Set(),
    slowUntil: new Map(),
    ticker: undefined,
    failedStarts: 0,
    closed: false,
  };
  return {
    async run({ teamId, code, env, request, signal }) {
      const result = await enqueue(pool, teamId, { code, env, request }, signal);
      return withoutSecrets(toSandboxResult(result, request), env);
    },
    async check({ teamId, code, signal }) {
      const result = await enqueue(pool, teamId, { code, env: {}, request: null }, signal);
      return result.kind === "failed" ? result.error : null;
    },
    close: () => close(pool),
  };
}

function enqueue(
  pool: Pool,
  teamId: string,
  work: Pick<Job, "code" | "env" | "request">,
  signal: AbortSignal | undefined,
): Promise<EngineResult> {
  return new Promise((settle, reject) => {
    if (pool.closed) return reject(new Error("The sandbox is closed."));
    if (signal?.aborted) return reject(signal.reason);
    const job: Job = { ...work, settle, reject };
    if (!pool.queue.add(teamId, job)) {
      return reject(new Error(`More than ${QUEUE_MAX} transforms of one team are waiting.`));
    }
    signal?.addEventListener("abort", () => pool.queue.remove(teamId, job) && reject(signal.reason), { once: true });
    // Jobs that are added in one go travel in one batch.
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
