/**
 * The schedule of the pool: which job runs next on which thread, and the end of a thread that is held up.
 *
 * Teams take turns. A batch holds one team's jobs, and gives back those it has not begun after `SLICE_MS`, so that others
 * wait for one job at most. When every thread is held up a spare is started for a team that is quick. Teams that had a long
 * job in the last `SLOW_MS` are slow: together they never hold more than the threads of ordinary use, and no spare is
 * started for them.
 */
import type { FairQueue } from "./fair-queue.ts";
import { failed, type Job, packBatch } from "./job.ts";
import { BATCH_MAX, type WireResults } from "./messages.ts";
import { type Running, startThread, type ThreadHandle } from "./thread-handle.ts";
import { outOfMemory, timedOut } from "./transform-error.ts";

/** Time beyond the deadline of the engine, which looks at the clock itself but not at every step. */
const GRACE_MS = 75;
/**
 * The limit of rules, which count their steps but do some work without counting. It is long enough for a thread that gets
 * little processor.
 */
const RULES_MS = 5_000;
const SLICE_MS = 25;
const TICK_MS = 20;
const IDLE_MS = 60_000;
const SLOW_MS = 10_000;
/**
 * A job that takes longer makes its team a slow one. Where the system tells it, its processor time has to be as long: on busy
 * processors a thread waits, and that is nobody's slowness.
 */
const SLOW_JOB_MS = 100;
/** Each team that is slow for the first time may hold up one thread, so there are several to spare. */
const SPARES_MAX = 3;
/** A thread that has not begun its first job by then is broken. */
const START_MS = 20_000;
const STARTS_MAX = 3;

interface Batch {
  teamId: string;
  /** By index; null once settled or taken back. */
  jobs: (Job | null)[];
  postedAt: number;
  /** The job under way as the last tick saw it, since when it is where it is. */
  running: (Running & { since: number; startedAt: number; processorMs: number | null }) | null;
  /** The time at which the first job was seen under way. */
  heldSince: number | null;
  /** The job for which the thread was killed. */
  culprit: (Running & { ranMs: number }) | null;
}

export interface Thread {
  handle: ThreadHandle;
  batch: Batch | null;
  idleTimer: NodeJS.Timeout | undefined;
  gone: Promise<void>;
}

export interface Pool {
  options: { threads: number; timeoutMs: number; memoryMb: number; maxPerTeam: number };
  queue: FairQueue<Job>;
  threads: Set<Thread>;
  /** By team: until when it counts as one that meets the deadline. */
  slowUntil: Map<string, number>;
  ticker: NodeJS.Timeout | undefined;
  /** Threads in a row that went before they began a job. */
  failedStarts: number;
  closed: boolean;
}

/** Gives waiting jobs to idle threads, starting threads where that is allowed. */
export function pump(pool: Pool): void {
  while (!pool.closed) {
    const idle = [...pool.threads].find(({ batch }) => batch === null);
    const isSpare = !idle && pool.threads.size >= pool.options.threads;
    if (isSpare && !mayStartSpare(pool)) return;
    const turn = pool.queue.take(BATCH_MAX, (teamId) => mayRun(pool, teamId) && !(isSpare && isSlow(pool, teamId)));
    if (!turn) return;
    dispatch(pool, idle ?? addThread(pool), turn.teamId, turn.jobs);
  }
}

const mayStartSpare = ({ threads, options }: Pool): boolean =>
  threads.size < options.threads + SPARES_MAX && [...threads].every(({ batch }) => isHeldUp(batch));

const isHeldUp = (batch: Batch | null) =>
  batch !== null && batch.heldSince !== null && performance.now() - batch.heldSince > SLICE_MS;

function mayRun(pool: Pool, teamId: string): boolean {
  const served = [...pool.threads].flatMap(({ batch }) => (batch ? [batch.teamId] : []));
  if (served.filter((team) => team === teamId).length >= pool.options.maxPerTeam) return false;
  return !isSlow(pool, teamId) || served.filter((team) => isSlow(pool, team)).length < pool.options.threads;
}

function isSlow({ slowUntil }: Pool, teamId: string): boolean {
  const until = slowUntil.get(teamId);
  if (until === undefined) return false;
  if (performance.now() < until) return true;
  slowUntil.delete(teamId);
  return false;
}

function addThread(pool: Pool): Thread {
  const { promise: gone, resolve: setGone } = Promise.withResolvers<void>();
  const handle = startThread(pool.options, {
    onResults: (results) => onResults(pool, thread, results),
    onExit(error) {
      setGone();
      onExit(pool, thread, error);
    },
  });
  const thread: Thread = { handle, batch: null, idleTimer: undefined, gone };
  pool.threads.add(thread);
  return thread;
}

function dispatch(pool: Pool, thread: Thread, teamId: string, jobs: Job[]): void {
  const { batch, packed, rest } = packBatch(teamId, jobs);
  pool.queue.putBack(teamId, rest);
  clearTimeout(thread.idleTimer);
  thread.batch = { teamId, jobs: packed, postedAt: performance.now(), running: null, heldSince: null, culprit: null };
  thread.handle.hold(true);
  thread.handle.post(batch);
  pool.ticker ??= setInterval(() => tick(pool), TICK_MS).unref();
}

function goIdle(pool: Pool, thread: Thread): void {
  clearTimeout(thread.idleTimer);
  thread.handle.hold(false);
  thread.idleTimer = setTimeout(() => {
    pool.threads.delete(thread);
    thread.handle.kill();
  }, IDLE_MS);
  thread.idleTimer.unref();
}

function onResults(pool: Pool, thread: Thread, { results, done }: WireResults): void {
  const { batch } = thread;
  if (!batch) return;
  pool.failedStarts = 0;
  for (const { index, result } of results) {
    const job = batch.jobs[index];
    batch.jobs[index] = null;
    job?.settle(result);
  }
  if (!done) return;
  thread.batch = null;
  pump(pool);
  if (thread.batch === null) goIdle(pool, thread);
}

const markSlow = ({ slowUntil }: Pool, teamId: string) => slowUntil.set(teamId, performance.now() + SLOW_MS);

/** Checks every busy thread: frees the jobs behind a long job, and kills a thread past its deadline. */
function tick(pool: Pool): void {
  if ([...pool.threads].every(({ batch }) => batch === null)) {
    clearInterval(pool.ticker);
    pool.ticker = undefined;
    return;
  }
  const now = performance.now();
  for (const { batch, handle } of pool.threads) {
    if (!batch || batch.culprit) continue;
    const running = see(batch, handle, now);
    if (running) batch.heldSince ??= now;
    if (running && isLong(running, handle, now)) markSlow(pool, batch.teamId);
    const ranMs = running ? now - running.since : 0;
    if (running && ranMs > (running.isTransforming ? pool.options.timeoutMs + GRACE_MS : RULES_MS)) {
      batch.culprit = { ...running, ranMs };
      handle.kill();
    } else if (batch.heldSince === null && now - batch.postedAt > START_MS) {
      handle.kill();
    }
    if (isHeldUp(batch)) putBack(pool, batch, handle.takeBack());
  }
  pump(pool);
}

function isLong(running: NonNullable<Batch["running"]>, handle: ThreadHandle, now: number): boolean {
  if (now - running.startedAt <= SLOW_JOB_MS) return false;
  const processorMs = handle.processorMs();
  return running.processorMs === null || processorMs === null || processorMs - running.processorMs > SLOW_JOB_MS;
}

function see(batch: Batch, handle: ThreadHandle, now: number): Batch["running"] {
  const { running: before } = batch;
  const running = handle.running();
  if (!running) batch.running = null;
  else if (before?.index !== running.index)
    batch.running = { ...running, since: now, startedAt: now, processorMs: handle.processorMs() };
  else if (before.isTransforming !== running.isTransforming) batch.running = { ...before, ...running, since: now };
  return batch.running;
}

function putBack(pool: Pool, batch: Batch, indexes: Iterable<number>): void {
  const jobs: Job[] = [];
  for (const index of indexes) {
    const job = batch.jobs[index];
    // One whose caller has gone while a thread had it is in no line any more, from which that would have taken it.
    if (job?.signal?.aborted) job.reject(job.signal.reason);
    else if (job) jobs.push(job);
    batch.jobs[index] = null;
  }
  pool.queue.putBack(batch.teamId, jobs);
}

/** Jobs without an answer are run again, except the one that brought the thread down. */
function onExit(pool: Pool, thread: Thread, error: Error | null): void {
  pool.threads.delete(thread);
  clearTimeout(thread.idleTimer);
  const { batch } = thread;
  thread.batch = null;
  if (!batch) return;
  const fallen = batch.culprit ?? (error ? thread.handle.running() : null);
  const job = fallen && batch.jobs[fallen.index];
  if (job && fallen) {
    batch.jobs[fallen.index] = null;
    markSlow(pool, batch.teamId);
    bury(pool, batch.teamId, job, fallen.isTransforming, batch.culprit?.ranMs ?? null);
  }
  const unanswered = fallen === null && batch.heldSince === null;
  pool.failedStarts = unanswered ? pool.failedStarts + 1 : 0;
  if (pool.failedStarts >= STARTS_MAX) {
    pool.failedStarts = 0;
    for (const lost of batch.jobs) lost?.reject(error ?? new Error("No sandbox thread can be started."));
  } else {
    putBack(pool, batch, batch.jobs.keys());
  }
  pump(pool);
}

/** Ends a job that brought its thread down. `ranMs` is null when it ran out of memory, not of time. */
function bury(pool: Pool, teamId: string, job: Job, isTransforming: boolean, ranMs: number | null): void {
  const { timeoutMs, memoryMb } = pool.options;
  const error = ranMs === null ? outOfMemory(memoryMb) : timedOut(timeoutMs);
  if (job.work.kind === "run") job.settle(failed(error, [], Math.round(ranMs ?? 0)));
  else if (!isTransforming) job.settle({ kind: "stopped", limit: ranMs === null ? "memory" : "time" });
  else {
    // The branch is judged once more with this outcome of its transform: the steps of the other rules belong in the trace.
    job.work.task.transformFailure = error;
    pool.queue.putBack(teamId, [job]);
  }
}
