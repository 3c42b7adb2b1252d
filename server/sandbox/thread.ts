// A sandbox thread: takes one team's batch at a time, claims each job before it begins, and answers in few messages.
// It holds an engine for each of the teams it served last. It may be killed at any moment; nothing here is the only copy.
import assert from "node:assert";
import { readlinkSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { isToBeTold } from "#server/judging/judge.ts";
import { type Engine, makeEngine } from "./engine.ts";
import { warmUp } from "./instance.ts";
import { makeOpener, runJudgeJob } from "./judge-job.ts";
import {
  type EngineResult,
  LIMITS,
  SLOT,
  type ThreadData,
  type WireBatch,
  type WireJob,
  type WireResults,
} from "./messages.ts";
import { nestingDepth } from "./output.ts";

/** An idle engine keeps 1 to 16 MB. */
const ENGINES_MAX = 16;
const FLUSH_MS = 10;

/** Some fifth of the weight of the thread that routes, sends and beats in this process. */
const THREAD_NICE = 12;
// On Linux, where a nice value belongs to a thread, what users wrote never takes the processor from that one.
if (process.platform === "linux" && getPriority() < THREAD_NICE) setPriority(THREAD_NICE);

// The engine asks the host for the zone of its dates, and no answer may depend on the zone of the server.
Date.prototype.getTimezoneOffset = () => 0;

const { slots, threadId, timeoutMs, memoryMb } = workerData as ThreadData;
assert.ok(parentPort, "thread.ts runs as a worker thread only");
const port = parentPort;
Atomics.store(threadId, 0, readThreadId());

/** The number under which the system knows this thread; 0 where it does not tell. */
function readThreadId(): number {
  try {
    // `<pid>/task/<number of the thread>`
    return Number(readlinkSync("/proc/thread-self").split("/")[2]);
  } catch {
    return 0;
  }
}

const engines = new Map<string, Engine>();

/** The team's engine, moved to the end of the line for eviction. A spent one is replaced. */
async function engineOf(teamId: string): Promise<Engine> {
  const known = engines.get(teamId);
  const engine = known && !known.spent() ? known : await makeEngine(timeoutMs, memoryMb);
  engines.delete(teamId);
  engines.set(teamId, engine);
  const [oldest] = engines.keys();
  if (engines.size > ENGINES_MAX && oldest !== undefined) engines.delete(oldest);
  return engine;
}

function refused(kind: "bad_output" | "out_of_memory", message: string): EngineResult {
  return { kind: "failed", error: { kind, message, line: null }, console: [], duration_ms: 0 };
}

/** User code has a time limit of its own, so the main thread is told when it begins and ends. */
async function runInEngine(
  { teamId, codes }: WireBatch,
  index: number,
  code: number,
  run: (engine: Engine, code: string) => EngineResult,
): Promise<EngineResult> {
  const engine = await engineOf(teamId);
  Atomics.store(slots, index, SLOT.transforming);
  const result = run(engine, codes[code] ?? "");
  Atomics.store(slots, index, SLOT.running);
  return result;
}

function runJob(engine: Engine, job: Exclude<WireJob, { kind: "judge" }>, code: string): EngineResult {
  if (job.kind === "check") {
    const error = engine.check(code);
    if (error) return { kind: "failed", error, console: [], duration_ms: 0 };
    return { kind: "returned", output: "", console: [], duration_ms: 0 };
  }
  if (job.request.length + job.env.length > LIMITS.inputChars) {
    return refused("out_of_memory", "The request is too large for a transform.");
  }
  const result = engine.run(code, job.env, job.request);
  if (result.kind === "failed") return result;
  const problem = outputProblem(result.output);
  if (problem === null) return result;
  return { ...refused("bad_output", problem), console: result.console, duration_ms: result.duration_ms };
}

function outputProblem(output: string): string | null {
  if (output.length * 3 > LIMITS.outputBytes && Buffer.byteLength(output) > LIMITS.outputBytes) {
    return "The returned request is larger than 10 MiB.";
  }
  if (nestingDepth(output) > LIMITS.outputDepth) {
    return `The returned request is nested more than ${LIMITS.outputDepth} levels deep.`;
  }
  return null;
}

const runsCode = (job: WireJob): boolean =>
  job.kind !== "judge" || (job.transformation !== null && job.transformFailure === null);

async function runBatch(batch: WireBatch): Promise<void> {
  let results: WireResults["results"] = [];
  let flushedAt = performance.now();
  // The providers' files are many. They are loaded for the first request that needs them, before any job's time runs.
  const facts = batch.requests.some(isToBeTold) ? await import("#server/providers/facts.ts") : undefined;
  const open = makeOpener(batch.requests, facts && { tell: facts.tellFacts, wantedOf: facts.wantedFacts });
  for (const [index, job] of batch.jobs.entries()) {
    const inUserCode = (code: number, run: (engine: Engine, code: string) => EngineResult) =>
      runInEngine(batch, index, code, run);
    const state = job.kind === "judge" ? SLOT.running : SLOT.transforming;
    // A new engine takes milliseconds, and on busy processors so long that a team would count as slow for it: they are not the user code's.
    if (runsCode(job)) await engineOf(batch.teamId);
    if (Atomics.compareExchange(slots, index, SLOT.waiting, state) !== SLOT.waiting) continue;
    const result =
      job.kind === "judge"
        ? await runJudgeJob(job, open(job), ({ code, env }, request) =>
            inUserCode(code, (engine, text) => runJob(engine, { kind: "run", code, env, request }, text)),
          )
        : await inUserCode(job.code, (engine, text) => runJob(engine, job, text));
    results.push({ index, result });
    Atomics.store(slots, index, SLOT.done);
    if (performance.now() - flushedAt < FLUSH_MS) continue;
    port.postMessage({ results, done: false } satisfies WireResults);
    results = [];
    flushedAt = performance.now();
  }
  port.postMessage({ results, done: true } satisfies WireResults);
}

await warmUp();
port.on("message", (batch: WireBatch) => void runBatch(batch));
