// The flows as the cluster has them: a list, then a watch from where the list ended. A watch that ends or breaks goes on from the last
// version that it told; where that is too old by then (410), everything is listed again, so nothing is lost.
import type { Log } from "#server/process/log.ts";
import { type Cluster, sayClusterError, statusOf, type WatchEvent } from "./cluster.ts";
import { type DeliveryFlow, keyOf } from "./delivery-flow.ts";
import type { QueueClock } from "./work-queue.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** The flows that are known. Told of each one that came, changed or went. */
export class FlowStore {
  readonly #flows = new Map<string, DeliveryFlow>();
  readonly #tell: (key: string, isGone: boolean) => void;

  constructor(tell: (key: string, isGone: boolean) => void) {
    this.#tell = tell;
  }

  get(key: string): DeliveryFlow | undefined {
    return this.#flows.get(key);
  }

  all(): DeliveryFlow[] {
    return [...this.#flows.values()];
  }

  put(flow: DeliveryFlow): void {
    const key = keyOf(flow);
    const known = this.#flows.get(key);
    this.#flows.set(key, flow);
    if (!known || asksForWork(known, flow)) this.#tell(key, false);
  }

  /** What the controller has written itself. The watch may have told of it before, or of more. */
  putOwn(before: DeliveryFlow, written: DeliveryFlow): DeliveryFlow {
    const key = keyOf(before);
    if (this.#flows.get(key)?.metadata?.resourceVersion === before.metadata?.resourceVersion)
      this.#flows.set(key, written);
    return written;
  }

  remove(key: string): void {
    if (this.#flows.delete(key)) this.#tell(key, true);
  }

  /** Everything that there is: what is not among it has gone. */
  replace(flows: readonly DeliveryFlow[]): void {
    const there = new Set(flows.map(keyOf));
    for (const key of this.#flows.keys()) if (!there.has(key)) this.remove(key);
    for (const flow of flows) this.put(flow);
  }
}

/** Whether somebody else than the controller has changed it: its status does not count. */
const asksForWork = (before: DeliveryFlow, after: DeliveryFlow) => workOf(before) !== workOf(after);
const workOf = ({ metadata }: DeliveryFlow) =>
  JSON.stringify([
    metadata?.uid,
    metadata?.generation,
    metadata?.deletionTimestamp,
    metadata?.annotations,
    metadata?.finalizers,
  ]);

class Expired extends Error {}

export interface Following {
  cluster: Cluster;
  store: FlowStore;
  clock: QueueClock;
  log: Log;
  /** Called when the store holds all that there is, and again after each new list. */
  onListed?: () => void;
}

async function listAll({ cluster, store, onListed }: Following): Promise<string> {
  const flows: DeliveryFlow[] = [];
  let mark: string | undefined;
  do {
    const page = await cluster.listFlows(mark);
    flows.push(...page.items);
    mark = page.metadata?._continue ?? (page.metadata as { continue?: string } | undefined)?.continue;
    if (!mark) {
      store.replace(flows);
      onListed?.();
      return page.metadata?.resourceVersion ?? "";
    }
  } while (mark);
  return "";
}

/** @returns the version that the next watch begins with */
async function watchFrom({ cluster, store }: Following, version: string, signal: AbortSignal): Promise<string> {
  let last = version;
  let refused: Error | undefined;
  const stop = new AbortController();
  const onEvent = ({ type, object }: WatchEvent) => {
    if (type === "ERROR") {
      refused = object.code === 410 ? new Expired() : new Error(`status ${object.code}: ${object.message}`);
      return stop.abort();
    }
    last = object.metadata?.resourceVersion ?? last;
    if (type === "ADDED" || type === "MODIFIED") store.put(object);
    else if (type === "DELETED") store.remove(keyOf(object));
  };
  try {
    await cluster.watchFlows(version, onEvent, AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    if (statusOf(error) === 410) throw new Expired();
    // The client ends a watch that has been silent for long.
    if (!(error instanceof Error && error.name === "TimeoutError") && last === version) throw error;
  }
  if (refused) throw refused;
  return last;
}

/** Goes on until the signal is aborted. */
export async function followFlows(following: Following, signal: AbortSignal): Promise<void> {
  const { clock, log } = following;
  let version: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const startedMs = clock.nowMs();
    try {
      version ??= await listAll(following);
      const last: string = await watchFrom(following, version, signal);
      failures = last === version && clock.nowMs() - startedMs < FIRST_WAIT_MS ? failures + 1 : 0;
      version = last;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      if (error instanceof Expired) version = null;
      else log.warn({ reason: sayClusterError(error) }, "The watch of the cluster broke: it is opened again");
    }
    if (failures > 0) await pause(clock, waitMs(failures, clock), signal);
  }
}

const waitMs = (failures: number, clock: QueueClock) =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10), LONGEST_WAIT_MS) * (0.5 + clock.random() / 2);

/** Ends early when the signal is aborted. */
export function pause(clock: QueueClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
