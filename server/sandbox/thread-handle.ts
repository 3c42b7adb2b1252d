// The main thread's side of one sandbox thread: it posts batches, receives results, and sees which job runs.
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { BATCH_MAX, SLOT, type ThreadData, type WireBatch, type WireResults } from "./messages.ts";

/** Bounds of the thread's own JavaScript heap, which holds bodies as they are judged; engines have memories of their own. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 };

export interface Running {
  index: number;
  /** Whether it is in user code. */
  isTransforming: boolean;
}

export interface ThreadHandle {
  /** Hands over a batch. The thread must be idle. */
  post(batch: WireBatch): void;
  /** The job under way, or null between jobs. */
  running(): Running | null;
  /** The processor time of the thread until now, ms; null where the system does not tell (proc(5), schedstat). */
  processorMs(): number | null;
  /** Takes back every job that has not begun; returns their indexes. */
  takeBack(): number[];
  /** Ends the thread at once, whatever it does. `onExit` follows. */
  kill(): void;
  /** Whether the process should stay alive for this thread. */
  hold(busy: boolean): void;
}

export interface ThreadEvents {
  onResults(results: WireResults): void;
  /** The thread has gone, by `kill` or by itself; then `error` says why. Called once. */
  onExit(error: Error | null): void;
}

/** Starts a thread; it takes about 50 ms until the first job begins. */
export function startThread(options: { timeoutMs: number; memoryMb: number }, events: ThreadEvents): ThreadHandle {
  const slots = new Int32Array(new SharedArrayBuffer(BATCH_MAX * Int32Array.BYTES_PER_ELEMENT));
  const threadId = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let failure: Error | null = null;
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: { slots, threadId, ...options } satisfies ThreadData,
    resourceLimits: RESOURCE_LIMITS,
    env: {},
  });
  worker.on("message", events.onResults);
  worker.on("error", (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  worker.on("exit", () => events.onExit(failure));
  return {
    post(batch) {
      slots.fill(SLOT.done);
      slots.fill(SLOT.waiting, 0, batch.jobs.length);
      worker.postMessage(
        batch,
        batch.requests.flatMap(({ body }) => (body ? [body.buffer as ArrayBuffer] : [])),
      );
    },
    running() {
      for (const index of slots.keys()) {
        const state = Atomics.load(slots, index);
        if (state === SLOT.running || state === SLOT.transforming) {
          return { index, isTransforming: state === SLOT.transforming };
        }
      }
      return null;
    },
    processorMs() {
      const id = Atomics.load(threadId, 0);
      return id === 0 ? null : readProcessorMs(id);
    },
    takeBack() {
      return [...slots.keys()].filter(
        (place) => Atomics.compareExchange(slots, place, SLOT.waiting, SLOT.takenBack) === SLOT.waiting,
      );
    },
    kill: () => void worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

function readProcessorMs(threadId: number): number | null {
  try {
    return Number(readFileSync(`/proc/self/task/${threadId}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return null;
  }
}
