// Group commit. The first item starts a flush, items that come meanwhile queue up, and the next flush takes all that wait.
// Groups grow with the load; an item that comes to an idle writer waits for nobody.

import { setImmediate as endOfTurn } from "node:timers/promises";
import { type Clock, systemClock } from "#server/process/clock.ts";
import { sleepUntil } from "#server/process/sleep-until.ts";
import { fairOrder } from "./fair-order.ts";

export interface GroupCommitOptions<T> {
  /**
   * Commits the whole batch in one transaction or throws. After a failure it is called with the same items again, or some
   * of them; `isRepeat` then says that they may be stored already.
   */
  write: (batch: T[], isRepeat: boolean) => Promise<void>;
  /** Approximate memory and wire size of an item. */
  bytesOf: (item: T) => number;
  maxBatchItems: number;
  /** An item larger than this goes alone. */
  maxBatchBytes: number;
  /**
   * The least time from the start of one flush to the start of the next. Items that arrive meanwhile go together. Default
   * 0.
   */
  minIntervalMs?: number;
  /** The interval is kept only after a batch of at least so many items: a smaller one had no company to wait for. Default 1. */
  loadItems?: number;
  /** With this many items waiting, none waits for the interval. Default: all do. */
  eagerItems?: number;
  /** With this many items waiting, another batch starts beside those in flight. Default: there is one at a time. */
  secondBatchItems?: number;
  /** The most that are in flight at a time. Default 2. */
  maxBatches?: number;
  /**
   * The owners of an item, from the widest to the narrowest. When more waits than fits, owners take turns. Default: first
   * come.
   */
  keysOf?: (item: T) => readonly string[];
  /** How long an item may wait for a database that is away before its promise rejects. `Infinity`: without end. */
  patienceMs: number;
  /** Whether the error says that the database is away, so that the very same batch is worth trying again. */
  isTransient: (error: unknown) => boolean;
  /** Called for an item whose own write throws an error that is not transient: our bug, or a row that Postgres refuses. */
  onPoison: (item: T, error: unknown) => void;
  /** Default: the system's clock. */
  clock?: Clock;
}

export interface GroupCommit<T> {
  /** Resolves to the item once it is committed. Rejects when the database stayed away for `patienceMs`, or refuses this very item. */
  add(item: T): Promise<T>;
  /** Items that were added and are not committed yet, and their bytes. */
  waiting(): { items: number; bytes: number };
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
}

interface Entry<T> {
  item: T;
  bytes: number;
  deadlineMs: number;
  isSettled: boolean;
  resolve: (item: T) => void;
  reject: (error: unknown) => void;
}

const RETRY_PAUSE_MS = 100;
/** The interval at which overdue items are looked for. */
const WATCH_MS = 200;

/** One batch is in flight at a time, or several when so much waits that another one costs little of its own. */
export function makeGroupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  const queue: Entry<T>[] = [];
  const inFlight = new Set<Entry<T>[]>();
  const { secondBatchItems = Number.POSITIVE_INFINITY, eagerItems = Number.POSITIVE_INFINITY } = options;
  const { minIntervalMs = 0, loadItems = 1, maxBatches = 2, clock = systemClock } = options;
  let waitingBytes = 0;
  let waitingItems = 0;
  let flushes = 0;
  let stopWatching: (() => void) | null = null;
  let mayFlushAtMs = Number.NEGATIVE_INFINITY;
  /** Of the last try, if it failed. */
  let lastFailure: unknown;
  /** Ends the pause of each flush that waits for the interval. */
  const pausing = new Set<() => void>();
  let onIdle: (() => void)[] = [];

  const settle = (entry: Entry<T>, error?: unknown) => {
    if (entry.isSettled) return;
    entry.isSettled = true;
    waitingBytes -= entry.bytes;
    waitingItems--;
    if (error === undefined) entry.resolve(entry.item);
    else entry.reject(error);
  };

  function takeBatch(): Entry<T>[] {
    const count = countFitting(queue);
    const { keysOf } = options;
    if (count === queue.length || !keysOf) return queue.splice(0, count);
    const inTurns = fairOrder(queue, options.maxBatchItems, (entry) => keysOf(entry.item));
    const batch = new Set(inTurns.slice(0, countFitting(inTurns)));
    const rest = queue.filter((entry) => !batch.has(entry));
    queue.splice(0, queue.length, ...rest);
    return [...batch];
  }

  function countFitting(entries: Entry<T>[]): number {
    let bytes = 0;
    let count = 0;
    for (const entry of entries) {
      if (count === options.maxBatchItems || (count > 0 && bytes + entry.bytes > options.maxBatchBytes)) break;
      bytes += entry.bytes;
      count++;
    }
    return count;
  }

  /** Commits a batch. A row that Postgres refuses is found by halving, so it fails alone. */
  async function commit(batch: Entry<T>[], isAgain = false): Promise<void> {
    let live = batch;
    let isRepeat = isAgain;
    for (;;) {
      try {
        await options.write(
          live.map((entry) => entry.item),
          isRepeat,
        );
        lastFailure = undefined;
        for (const entry of live) settle(entry);
        return;
      } catch (error) {
        if (!options.isTransient(error)) return refuse(live, error);
        isRepeat = true;
        lastFailure = error;
        await sleepUntil(clock.monotonicMs() + RETRY_PAUSE_MS, clock);
        dropOverdue(error);
        live = live.filter((entry) => !entry.isSettled);
        if (live.length === 0) return;
      }
    }
  }

  async function refuse(batch: Entry<T>[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only) {
      options.onPoison(only.item, error);
      settle(only, error);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await commit(batch.slice(0, middle), true);
    await commit(batch.slice(middle), true);
  }

  /**
   * Rejects the items whose patience has run out, in the batch that is stuck and in the queue behind it. An item in flight
   * may still be committed: nobody knows.
   */
  function dropOverdue(error: unknown) {
    const nowMs = clock.monotonicMs();
    for (const batch of inFlight) for (const entry of batch) if (entry.deadlineMs <= nowMs) settle(entry, error);
    while (queue[0] && queue[0].deadlineMs <= nowMs) {
      const [entry] = queue.splice(0, 1);
      if (entry) settle(entry, error);
    }
  }

  function watchPatience() {
    stopWatching = clock.after(WATCH_MS, () => {
      dropOverdue(lastFailure ?? new Error("The database did not answer in time."));
      watchPatience();
    });
  }

  async function untilMayFlush(): Promise<void> {
    for (;;) {
      const leftMs = mayFlushAtMs - clock.monotonicMs();
      if (leftMs <= 0 || queue.length >= eagerItems || !mayTake()) return;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          cancel();
          pausing.delete(goOn);
          resolve();
        };
        const cancel = clock.after(leftMs, goOn);
        pausing.add(goOn);
      });
    }
  }

  function startFlush() {
    const [goOn] = pausing;
    if (goOn && queue.length >= eagerItems) setImmediate(goOn);
    else if (flushes === 0 || (flushes < maxBatches && queue.length >= secondBatchItems)) flush();
  }

  const mayTake = () => queue.length > 0 && (flushes === 1 || queue.length >= secondBatchItems);

  /** Commits batch after batch until the queue is empty, or too short for two to share. */
  async function flush() {
    flushes++;
    if (Number.isFinite(options.patienceMs) && !stopWatching) watchPatience();
    // Arrivals of the same turn of the event loop join the first batch.
    await endOfTurn();
    while (mayTake()) {
      await untilMayFlush();
      // Another flush may have taken what was there.
      if (!mayTake()) continue;
      const batch = takeBatch();
      mayFlushAtMs = clock.monotonicMs() + (batch.length >= loadItems ? minIntervalMs : 0);
      inFlight.add(batch);
      await commit(batch);
      inFlight.delete(batch);
    }
    flushes--;
    if (flushes > 0) return;
    lastFailure = undefined;
    stopWatching?.();
    stopWatching = null;
    const listeners = onIdle;
    onIdle = [];
    for (const listener of listeners) listener();
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        const bytes = options.bytesOf(item);
        waitingBytes += bytes;
        waitingItems++;
        queue.push({
          item,
          bytes,
          deadlineMs: clock.monotonicMs() + options.patienceMs,
          isSettled: false,
          resolve,
          reject,
        });
        startFlush();
      });
    },
    waiting: () => ({ items: waitingItems, bytes: waitingBytes }),
    idle: () => (flushes > 0 ? new Promise((resolve) => onIdle.push(resolve)) : Promise.resolve()),
  };
}
