// Reads what a lane sends at a destination that keeps an order. It reads lines, not events: the first events of each line that is
// due. An event is handed out when it is the first of its line and due, and when no earlier request of its source can still come
// before it. The next one of the line follows when its result is stored. When the lane is done with a line, it writes down when the
// line is due next; a line that waits for a retry or for a person costs nothing until then.
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { OrderSettings } from "#server/contracts/ordering.ts";
import type { Pool } from "#server/database/db.ts";
import { loadSendableRequests } from "#server/events/stored-request.sql.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Signal } from "#server/process/signal.ts";
import { INLINE_BODY_BYTES } from "./due-events.sql.ts";
import type { DueItem, DueReader } from "./due-reader.ts";
import type { HeldLease } from "./held-lease.ts";
import { makeOrder } from "./order.ts";
import {
  closeLines,
  type DueLine,
  FIRST_LINE,
  holdFollowers,
  type LineEvent,
  passOver,
  readDueLines,
  releaseInOrder,
} from "./order-lines.sql.ts";

/** The part of a lane that reading lines needs. */
export interface OrderedLane {
  pool: Pool;
  lease: Pick<HeldLease, "destinationId" | "token">;
  /** Raised when something was read. */
  signal: Signal;
  clock: Clock;
  /** Whether new work was announced since the last call. Asking clears the news. */
  takeNews: () => boolean;
  /** The settings of the destination as they are now. */
  settings: () => OrderSettings;
  connectionOf: (id: string) => CachedConnection | undefined;
  /** Gives events the turn keys of today's groups. */
  regroup: (events: readonly LineEvent[]) => Promise<void>;
}

const PAGE = { fifo: { lines: 4, events: 100 }, by_key: { lines: 200, events: 5 } };
const LOW_WATER_LINES = 100;
/** With so many lines in hand none is read besides. */
const MAX_LINES = 400;
const MIN_INTERVAL_MS = 15;
const REREAD_MS = 1_000;
/** Events that wait for routing are looked at again after this long, and then after twice as long each time. */
const FIRST_WAIT_MS = 20;
const HOLD_EVENTS = 500;

export function makeOrderedReader(lane: OrderedLane): DueReader {
  const { pool, lease, clock } = lane;
  const order = makeOrder<DueItem>(({ event }) => event.id);
  const settling = new Set<Promise<unknown>>();
  const tracked = new Set<string>();
  let cursor = FIRST_LINE;
  let hasMore = true;
  let hasNews = false;
  let isLookPlanned = false;
  let working: Promise<void> | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let waitMs = FIRST_WAIT_MS;
  let isWaitingForRouting = false;

  async function readPage(): Promise<void> {
    const now = new Date(clock.nowMs());
    const { ordering } = lane.settings();
    const limit = PAGE[ordering === "fifo" ? "fifo" : "by_key"];
    const lines = await readDueLines(pool, lease.destinationId, { now, cursor, except: order.known(), limit });
    const last = lines.at(-1);
    if (last) cursor = { dueAt: last.dueAt, key: last.key };
    hasMore = lines.length === limit.lines;
    await passOverFailed(lines);
    const released = await releaseHeld(lines, now);
    const sendable = lines.map((line) => ({ line, events: firstSendable(line.events, now, released) }));
    const events = sendable.flatMap((each) => each.events);
    await lane.regroup(events);
    const requests = await loadSendableRequests(
      pool,
      events.map((event) => [event.team_id, event.request_id] as const),
      INLINE_BODY_BYTES,
    );
    for (const { line, events: own } of sendable) {
      if (own.length === 0 && line.events[0]?.waits_for_routing) {
        isWaitingForRouting = true;
        continue;
      }
      const items = own.map((event) => ({ event, request: requests.get(event.request_id) ?? null }));
      order.add({ key: line.key, version: line.version, items });
    }
  }

  /** Where the destination or a deleted connection says that nobody sees to a failed event, those behind it go on. */
  async function passOverFailed(lines: DueLine[]): Promise<void> {
    const failed = lines.flatMap(({ events }) => events.filter(({ status }) => status === "FAILED"));
    const isSkipping = lane.settings().on_order_failure === "skip";
    const passed = failed.filter((event) => isSkipping || !lane.connectionOf(event.connection_id));
    if (passed.length === 0) return;
    await passOver(
      pool,
      lease,
      passed.map(({ id }) => id),
    );
    for (const event of passed) event.ended_because = "skipped_in_order";
    for (const line of lines) line.events = line.events.filter((event) => event.ended_because !== "skipped_in_order");
  }

  /** Puts back in line what waited behind others and has come to the front. */
  async function releaseHeld(lines: DueLine[], now: Date): Promise<Set<string>> {
    const held = lines.flatMap(({ events }) => firstSendable(events, now).filter(({ status }) => status === "HOLD"));
    return held.length === 0
      ? new Set()
      : releaseInOrder(
          pool,
          lease,
          held.map(({ id }) => id),
        );
  }

  /** Writes down when the lines are due that the lane is done with, and holds what is behind those that are blocked. */
  async function closePage(): Promise<void> {
    const closing = order.takeClosing();
    if (closing.length === 0) return;
    const keys = closing.map(({ key }) => key);
    const blocked = await closeLines(pool, lease.destinationId, closing);
    order.forget(keys.filter((key) => !blocked.includes(key)));
    hasNews = true;
    for (const key of blocked) {
      while ((await holdFollowers(pool, lease, key, HOLD_EVENTS)) === HOLD_EVENTS);
      order.forget([key]);
    }
  }

  function lookAgainIn(ms: number): void {
    if (isLookPlanned) return;
    isLookPlanned = true;
    clock.after(ms, () => {
      isLookPlanned = false;
      lane.signal.raise();
    });
  }

  /** Goes back to the first line when there may be something new. */
  function startOverWhenNeeded(): void {
    const nowMs = clock.monotonicMs();
    hasNews ||= lane.takeNews();
    if (hasMore) return;
    const sinceMs = nowMs - readAtMs;
    const pauseMs = hasNews ? MIN_INTERVAL_MS : isWaitingForRouting ? waitMs : REREAD_MS;
    if (sinceMs < pauseMs) {
      if (pauseMs < REREAD_MS) lookAgainIn(pauseMs - sinceMs);
      return;
    }
    waitMs = isWaitingForRouting && !hasNews ? Math.min(waitMs * 2, REREAD_MS) : FIRST_WAIT_MS;
    hasNews = false;
    isWaitingForRouting = false;
    startOver();
  }

  function startOver(): void {
    cursor = FIRST_LINE;
    hasMore = true;
  }

  function isPageWanted(): boolean {
    return hasMore && order.ready() < LOW_WATER_LINES && order.known().length < MAX_LINES;
  }

  async function work(): Promise<void> {
    await closePage();
    startOverWhenNeeded();
    if (!isPageWanted()) return;
    readAtMs = clock.monotonicMs();
    await readPage();
  }

  return {
    async waiting() {
      startOverWhenNeeded();
      if (!working && (order.hasClosing() || isPageWanted())) {
        working = work().finally(() => {
          working = null;
          lane.signal.raise();
        });
        // The next call that finds nothing ready awaits this work, and gets its error.
        working.catch(() => {});
      }
      if (order.ready() === 0 && working) await working;
      return order.ready();
    },
    take: (count, mayGo = () => true) => order.take(count, ({ event }) => mayGo(event)),
    startOver,
    track(eventId, settled, hasLeft = false) {
      tracked.add(eventId);
      const done: Promise<unknown> = settled.then(
        () => {
          settling.delete(done);
          tracked.delete(eventId);
          order.ended(eventId, hasLeft);
          lane.signal.raise();
        },
        // The result could not be stored. This lane sends nothing more of the line.
        () => {
          settling.delete(done);
        },
      );
      settling.add(done);
    },
    leave(eventId) {
      if (!tracked.has(eventId)) order.ended(eventId, false);
    },
    async settled() {
      await Promise.all(settling);
      await working;
      await closePage();
    },
  };
}

/** The events at the front that may go now: up to the first that has to wait, and so makes all behind it wait. */
function firstSendable(events: readonly LineEvent[], now: Date, released?: ReadonlySet<string>): LineEvent[] {
  const firstWaiting = events.findIndex((event) => !isSendable(event, now, released));
  return events.slice(0, firstWaiting === -1 ? events.length : firstWaiting);
}

function isSendable(event: LineEvent, now: Date, released?: ReadonlySet<string>): boolean {
  if (event.waits_for_routing || event.status === "FAILED") return false;
  if (event.status === "HOLD") return event.hold_reason === "waits_for_order" && (!released || released.has(event.id));
  return event.next_attempt_at !== null && event.next_attempt_at <= now;
}
