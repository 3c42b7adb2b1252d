// The memory that a burst, or the loading of the modules, has left to V8. A quiet process gives it back to the system.
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

const LOOK_MS = 5_000;
/** A full collection takes 40 to 100 ms, which only a process with nothing to do can spare. */
const QUIET = 0.02;
const WORTH_IT_BYTES = 12 * 2 ** 20;

/** Bytes that V8 holds of the system's memory. */
const readHeldBytes = () => getHeapStatistics().total_physical_size;

/**
 * Looks every few seconds whether the process is quiet and its heap holds more than it did after the last full collection.
 * Then it collects, and V8 shrinks its young space, which otherwise keeps the size of the worst moment. Needs Node's
 * `--expose-gc`; without it nothing happens.
 */
export function giveBackSpareMemory(): void {
  const { gc } = globalThis;
  if (!gc) return;
  let since: EventLoopUtilization = performance.eventLoopUtilization();
  let leftBytes = 0;
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, since);
    since = now;
    if (utilization > QUIET || readHeldBytes() - leftBytes < WORTH_IT_BYTES) return;
    // Only this flavor shrinks the young space at once.
    gc({ type: "major", flavor: "last-resort", execution: "sync" });
    leftBytes = readHeldBytes();
  }, LOOK_MS).unref();
}
