// The keys that are to be worked on: each once, never by two workers at a time, later each time that it has failed, and all of them
// no faster than a fixed pace.

/** Time and chance, which a test brings itself. */
export interface QueueClock {
  nowMs(): number;
  /** At least 0 and below 1. */
  random(): number;
  /** Calls `run` once, `delayMs` from now. Returns the function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface QueueOptions {
  firstBackoffMs: number;
  maxBackoffMs: number;
  /** The least time between two starts. */
  paceMs: number;
}

export interface WorkQueue {
  /** Keeps the earlier time where the key waits already. */
  add(key: string, afterMs?: number): void;
  /** Adds a key that failed, later with each failure in a row. @param atLeastMs what the gateway asked to be waited for */
  retry(key: string, atLeastMs?: number): void;
  /** The row of failures is over. */
  succeed(key: string): void;
  /** The key is not wanted any more. */
  remove(key: string): void;
  /** The next key that is due; undefined once the signal is aborted. {@link done} gives it back. */
  take(signal: AbortSignal): Promise<string | undefined>;
  done(key: string): void;
}

const MAX_DOUBLINGS = 20;

export function makeWorkQueue({ firstBackoffMs, maxBackoffMs, paceMs }: QueueOptions, clock: QueueClock): WorkQueue {
  const due = new Map<string, number>();
  const failures = new Map<string, number>();
  const underWay = new Set<string>();
  const waiting = new Set<() => void>();
  let nextStartMs = 0;

  const wake = () => {
    for (const each of [...waiting]) each();
  };

  function add(key: string, afterMs = 0): void {
    const atMs = clock.nowMs() + afterMs;
    due.set(key, Math.min(due.get(key) ?? atMs, atMs));
    wake();
  }

  /** The earliest key that nobody works on, and its time. */
  function first(): [key: string, atMs: number] | undefined {
    let found: [string, number] | undefined;
    for (const [key, atMs] of due) if (!underWay.has(key) && (!found || atMs < found[1])) found = [key, atMs];
    return found;
  }

  function wait(untilMs: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = untilMs === undefined ? undefined : clock.after(Math.max(0, untilMs - clock.nowMs()), () => end());
      const end = () => {
        cancel?.();
        waiting.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      waiting.add(end);
      signal.addEventListener("abort", end);
    });
  }

  return {
    add,
    retry(key, atLeastMs = 0) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      const backoffMs = Math.min(firstBackoffMs * 2 ** Math.min(failed, MAX_DOUBLINGS), maxBackoffMs);
      add(key, Math.max(backoffMs * (0.75 + clock.random() / 2), atLeastMs));
    },
    succeed: (key) => void failures.delete(key),
    remove(key) {
      due.delete(key);
      failures.delete(key);
    },
    async take(signal) {
      while (!signal.aborted) {
        const next = first();
        const startMs = next && Math.max(next[1], nextStartMs);
        if (next && startMs !== undefined && startMs <= clock.nowMs()) {
          const [key] = next;
          due.delete(key);
          underWay.add(key);
          nextStartMs = clock.nowMs() + paceMs;
          return key;
        }
        await wait(startMs, signal);
      }
      return undefined;
    },
    done(key) {
      underWay.delete(key);
      wake();
    },
  };
}
