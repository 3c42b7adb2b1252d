import { intervalAfter } from "#server/batch/work-share.ts";
import { loadSendableRequests } from "#server/events/stored-request.sql.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Signal } from "#server/process/signal.ts";
import { INLINE_BODY_BYTES, LANE_START } from "./due-events.sql.ts";
import type { DueItem, DueReader } from "./due-reader.ts";
import { makeFollowers } from "./followers.ts";
import { CLOSED_INBOX } from "./handed-events.ts";
import { type FrontLane, firstSendable, passOverFailed, releaseHeld } from "./line-front.ts";
import { makeLookAgain } from "./look-again.ts";
import { makeOrder } from "./order.ts";
import { closeLines, type DueLine, type LineEvent, readDueLines, readDueLinesOfKeys } from "./order-lines.sql.ts";
import { MANY_READY, makeTurnWalk, placeOf, REREAD_MS, type WalkedRows } from "./turn-walk.ts";
import { readTurnKeys } from "./turns.sql.ts";

/** The part of a lane that reading lines needs. */
export interface OrderedLane extends FrontLane {
  /** Raised when something was read. */
  signal: Signal;
  clock: Clock;
  /** Whether new work was announced since the last call. Asking clears the news. */
  takeNews: () => boolean;
  hasTurns: () => boolean;
  isBlocked: (turnKey: string) => boolean;
  /** Gives events the turn keys of today's groups. */
  regroup: (events: readonly LineEvent[]) => Promise<void>;
}

const PAGE = { fifo: { lines: 4, events: 100 }, by_key: { lines: 200, events: 5 } };
const LOW_WATER_LINES = 100;
/** With so many lines in hand none is read besides. */
const MAX_LINES = 600;
/** With so many ready no turn key is looked for besides. */
const MAX_READY_LINES = 500;
/** Events that wait for routing are looked at again after this long, and then after twice as long each time. */
const FIRST_WAIT_MS = 20;

export function makeOrderedReader(lane: OrderedLane): DueReader {
  const { pool, lease, clock } = lane;
  const order = makeOrder<DueItem>(idOfItem, placeOfItem);
  const walk = makeTurnWalk(walkedLines(lane), lane.isBlocked);
  const followers = makeFollowers(pool, lease);
  const lookAgainIn = makeLookAgain(lane);
  const settling = new Set<Promise<unknown>>();
  const tracked = new Set<string>();
  let cursor = LANE_START;
  let isWalking = false;
  let isLookWanted = false;
  let isReading = false;
  let hasMore = true;
  let hasNews = false;
  let working: Promise<void> | null = null;
  const look = { startedAtMs: Number.NEGATIVE_INFINITY, tookMs: 0 };
  let waitMs = FIRST_WAIT_MS;
  let isWaitingForRouting = false;

  async function readPage(): Promise<void> {
    const now = new Date(clock.nowMs());
    const lines = isWalking ? await walkOn(now) : await readNext(now);
    await passOverFailed(lane, lines);
    const released = await releaseHeld(lane, lines, now);
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

  async function readNext(now: Date): Promise<DueLine[]> {
    const { ordering } = lane.settings();
    const limit = PAGE[ordering === "fifo" ? "fifo" : "by_key"];
    const lines = await readDueLines(pool, lease.destinationId, { now, cursor, except: order.known(), limit });
    const last = lines.at(-1);
    if (last) cursor = { dueAt: last.dueAt, id: last.key };
    hasMore = lines.length === limit.lines;
    isWalking = hasMore && lane.hasTurns();
    isLookWanted = isWalking;
    if (isWalking) walk.startOver();
    return lines;
  }

  async function walkOn(now: Date): Promise<DueLine[]> {
    isLookWanted = false;
    const ready = { size: order.ready, sizeOf: order.readyOf };
    const lines = await walk.read(now, ready, new Set(order.known()));
    hasMore = walk.hasMore();
    if (hasMore || lines.length > 0 || order.ready() > 0) return lines;
    isWalking = false;
    startOver();
    return lines;
  }

  /** Writes down when the lines are due that the lane is done with. */
  async function closePage(): Promise<void> {
    const closing = order.takeClosing();
    if (closing.length === 0) return;
    const keys = closing.map(({ key }) => key);
    const blocked = await closeLines(pool, lease.destinationId, closing);
    order.forget(keys.filter((key) => !blocked.includes(key)));
    hasNews = true;
    followers.add(blocked);
  }

  /** Goes back to the first line when there may be something new. */
  function startOverWhenNeeded(): void {
    hasNews ||= lane.takeNews();
    if (isReading || (hasMore && !isWalking)) return;
    const sinceMs = clock.monotonicMs() - look.startedAtMs;
    const quietMs = isWaitingForRouting ? waitMs : REREAD_MS;
    const walkMs = isWaitingForRouting && !hasNews ? Math.max(waitMs, walk.pauseMs(true)) : walk.pauseMs(hasNews);
    const pauseMs = isWalking ? walkMs : hasNews ? intervalAfter(look.tookMs) : quietMs;
    if (sinceMs < pauseMs) {
      if (pauseMs < REREAD_MS) lookAgainIn(pauseMs - sinceMs);
      return;
    }
    waitMs = isWaitingForRouting && !hasNews ? Math.min(waitMs * 2, REREAD_MS) : FIRST_WAIT_MS;
    hasNews = false;
    isWaitingForRouting = false;
    // Enough is ready, but it may be all of one turn key.
    isLookWanted = isWalking || (lane.hasTurns() && order.ready() >= LOW_WATER_LINES);
    if (!isWalking) startOver();
    isWalking = isLookWanted;
    hasMore = true;
    // What has to wait would leave no room for what may go.
    if (isLookWanted && order.ready() > MANY_READY) order.drop(lane.isBlocked);
  }

  function startOver(): void {
    cursor = LANE_START;
    walk.startOver();
    hasMore = true;
  }

  function isPageWanted(): boolean {
    const goesOn = hasMore && (!isWalking || walk.isFruitful());
    const enough = isLookWanted ? MAX_READY_LINES : goesOn ? LOW_WATER_LINES : 0;
    return order.ready() < enough && order.known().length < MAX_LINES;
  }

  async function work(): Promise<void> {
    await closePage();
    order.forget(await followers.holdSome());
    startOverWhenNeeded();
    if (!isPageWanted()) return;
    look.startedAtMs = clock.monotonicMs();
    isReading = true;
    await readPage().finally(() => {
      isReading = false;
      look.tookMs = clock.monotonicMs() - look.startedAtMs;
      if (isWalking) walk.looked(look.tookMs);
    });
  }

  return {
    ...CLOSED_INBOX,
    async waiting() {
      startOverWhenNeeded();
      if (!working && (order.hasClosing() || followers.areLeft() || isPageWanted())) {
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
    isHolding: followers.areLeft,
    take(count, mayGo = () => true) {
      const items = order.take(count, ({ event }) => mayGo(event));
      if (items.length > 0) walk.took();
      // The others that are ready may be all of groups that have to wait.
      hasNews ||= isWalking && items.length > 0 && items.length < count;
      return items;
    },
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
      while (followers.areLeft()) await followers.holdSome();
    },
  };
}

const idOfItem = ({ event }: DueItem) => event.id;
const placeOfItem = ({ event }: DueItem) => placeOf(event);

const walkedLines = ({ pool, lease: { destinationId } }: OrderedLane): WalkedRows<DueLine> => ({
  readKeys: (query) => readTurnKeys(pool, destinationId, { of: "order_line", ...query }),
  readOf: (query) => readDueLinesOfKeys(pool, destinationId, query, PAGE.by_key.events),
  keyOf: ({ turnKey }) => turnKey,
  placeOf: ({ dueAt, key }) => ({ dueAt, id: key }),
  // A line comes back with the time of its next event, which may lie long before.
  afterLast: () => LANE_START,
});
