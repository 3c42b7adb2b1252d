// Reads ahead what a lane will send: pages of due events with their requests, each event once until it is settled.
//
// The reader is in one of four modes, and `waiting()` moves it on:
// - Reading: a page is on its way. Nothing else is asked of the database meanwhile.
// - Ahead: the last page was full, so more is due behind the cursor. The next page is read when fewer than `LOW_WATER_EVENTS`
//   are ready. The reader begins here.
// - Drained: the last page was not full, so nothing more was due. Two things end it: news, a little after the last look where that
//   took its time, or `REREAD_MS` without a look. The cursor then goes back by `REWIND_MS`, and the reader is ahead.
// - Starting over, from any mode but reading, every `START_OVER_MS` and when it is told to: the cursor goes back to the
//   beginning. Events that were released or committed late lie behind the cursor, and a long backlog would keep them there for
//   hours.
// An event that was read is skipped until it is settled, so no mode hands one out twice.
//
// Drained, the reader also takes what routing hands over in memory. Such an event is skipped from the moment at which room was kept
// for it, before its commit. While more may be due before it, none is taken: it waits in the table like the others. So it does while
// results are not stored: a lane that cannot say what it has sent is not given more past the database that it cannot reach.
//
// What is ready goes out in turns (`turns.ts`). Where a destination has several turn keys, a page that is full may be all of one of
// them. The reader then walks from turn key to turn key instead (`turn-walk.ts`), and looks for news though enough is ready, until
// a walk finds nothing more and nothing is ready.
import { intervalAfter } from "#server/batch/work-share.ts";
import type { Pool } from "#server/database/db.ts";
import { loadSendableRequests, type SendableRequest } from "#server/events/stored-request.sql.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Signal } from "#server/process/signal.ts";
import { type DueEvent, INLINE_BODY_BYTES, LANE_START, type LaneCursor, readDueEvents } from "./due-events.sql.ts";
import { type Inbox, makeHandedEvents } from "./handed-events.ts";
import type { HeldLease } from "./held-lease.ts";
import { makeLookAgain } from "./look-again.ts";
import { MANY_READY, makeTurnWalk, placeOf, REREAD_MS, type WalkedRows } from "./turn-walk.ts";
import { readDueOfKeys, readTurnKeys } from "./turns.sql.ts";
import { makeTurns } from "./turns.ts";

/** The part of a lane that reading needs. */
interface ReadingLane {
  pool: Pool;
  lease: Pick<HeldLease, "destinationId">;
  /** Raised when a page was read. */
  signal: Signal;
  clock: Clock;
  /** Whether new work was announced since the last call. Asking clears the news. */
  takeNews: () => boolean;
  /** Whether events of today's configuration may have to take turns. */
  hasTurns: () => boolean;
  /** Whether no event with this turn key may go now, whatever the pace of the destination. */
  isBlocked: (turnKey: string) => boolean;
  /** Gives events the turn keys of today's groups. */
  regroup: (events: readonly DueEvent[]) => Promise<void>;
}

export interface DueItem {
  event: DueEvent;
  /** Null when the request is gone: the event can then never be sent. */
  request: SendableRequest | null;
}

export interface DueReader extends Inbox {
  /**
   * Returns the number of events that are ready to be taken. Reads the next page when one is due, and waits for it only
   * when nothing is ready.
   */
  waiting(): Promise<number>;
  /** @param mayGo asked once for each event that could be the next of its turn key or line */
  take(count: number, mayGo?: (event: DueEvent) => boolean): DueItem[];
  /** Whether events are being held because the one before them is stuck. */
  isHolding(): boolean;
  /** Reads from the beginning: events came back in line that were due before those read last. */
  startOver(): void;
  /**
   * The event is not read again before `settled` resolves.
   * @param hasLeft whether the result lets the next event of its line go, where there are lines
   */
  track(eventId: string, settled: Promise<unknown>, hasLeft?: boolean): void;
  /** The event was taken and no result follows: its lane was interrupted. */
  leave(eventId: string): void;
  /** Resolves when everything that was tracked is settled. */
  settled(): Promise<void>;
}

const PAGE_EVENTS = 200;
const LOW_WATER_EVENTS = 100;
/** With so many ready no turn key is looked for besides. */
const MAX_READY_EVENTS = 600;
/** Commits come out of order by milliseconds, so a look for news begins a little before the last event that was read. */
const REWIND_MS = 1_000;
/** A result that waits so long to be stored closes the way in memory. */
const LATE_RESULT_MS = 1_000;
/** Starting over finds what rewinding missed. */
const START_OVER_MS = 5_000;

export function makeDueReader(lane: ReadingLane): DueReader {
  const { clock } = lane;
  const ready = makeTurns<DueItem>(({ event }) => placeOf(event));
  const walk = makeTurnWalk(walkedEvents(lane), lane.isBlocked);
  /** Read and not yet settled. */
  const taken = new Set<string>();
  const lookAgainIn = makeLookAgain(lane);
  /** Since when each result waits to be stored, the oldest first. */
  const settling = new Map<Promise<unknown>, number>();
  /** Events that were settled while a page was being read: the page may show them as they were before. */
  const settledMeanwhile = new Set<string>();
  let cursor: LaneCursor = LANE_START;
  const handed = makeHandedEvents(taken, (count) => {
    return isDrained && !isWalking && !mustStartOver && !isStoringLate() && ready.size() + count < LOW_WATER_EVENTS;
  });
  let isWalking = false;
  let hasMore = true;
  let isDrained = false;
  let hasNews = false;
  let isLookWanted = false;
  let mustStartOver = false;
  let reading: Promise<void> | null = null;
  const look = { startedAtMs: clock.monotonicMs(), tookMs: 0 };
  let startedOverAtMs = clock.monotonicMs();

  function isStoringLate(): boolean {
    const [sinceMs] = settling.values();
    return sinceMs !== undefined && clock.monotonicMs() - sinceMs >= LATE_RESULT_MS;
  }

  async function readPage(): Promise<void> {
    const now = new Date(clock.nowMs());
    if (isWalking) return walkOn(now);
    const page = await readDueEvents(lane.pool, lane.lease.destinationId, { now, cursor, limit: PAGE_EVENTS });
    const fresh = await makeReady(page);
    const last = page.at(-1);
    if (last) cursor = { dueAt: last.next_attempt_at, id: last.id };
    hasMore = page.length === PAGE_EVENTS;
    isWalking = hasMore && (lane.hasTurns() ? fresh.length > 0 : fresh.some(({ turn_key }) => turn_key !== null));
    isLookWanted = isWalking;
    isDrained = !hasMore;
    if (isWalking) walk.startOver();
  }

  async function walkOn(now: Date): Promise<void> {
    isLookWanted = false;
    await makeReady(await walk.read(now, ready, taken));
    hasMore = walk.hasMore();
    if (hasMore || ready.size() > 0) return;
    isWalking = false;
    hasMore = true;
    cursor = LANE_START;
  }

  async function makeReady(page: DueEvent[]): Promise<DueEvent[]> {
    const fresh = page.filter((event) => !taken.has(event.id));
    await lane.regroup(fresh);
    const requests = await loadSendableRequests(lane.pool, fresh.map(toRequestKey), INLINE_BODY_BYTES);
    for (const event of fresh) {
      // Room may have been kept for it meanwhile.
      if (taken.has(event.id)) continue;
      taken.add(event.id);
      ready.add({ event, request: requests.get(event.request_id) ?? null });
    }
    return fresh;
  }

  function isPageWanted(): boolean {
    const goesOn = hasMore && (!isWalking || walk.isFruitful());
    return ready.size() < (isLookWanted ? MAX_READY_EVENTS : goesOn ? LOW_WATER_EVENTS : 0);
  }

  /** What has to wait would leave no room for what may go. */
  function letGoOfBlocked(): void {
    for (const { event } of ready.drop(lane.isBlocked)) taken.delete(event.id);
    walk.startOver();
  }

  function rewindWhenNeeded(): void {
    const nowMs = clock.monotonicMs();
    hasNews ||= lane.takeNews();
    // This also happens in the middle of a backlog: events that were released or came late lie behind the cursor, and the
    // end may be hours off.
    if ((mustStartOver || nowMs - startedOverAtMs > START_OVER_MS) && !reading) {
      mustStartOver = false;
      startedOverAtMs = nowMs;
      cursor = LANE_START;
      walk.startOver();
      hasMore = true;
      return;
    }
    const sinceMs = nowMs - look.startedAtMs;
    if (reading || (hasMore && !isWalking)) return;
    const pauseMs = isWalking ? walk.pauseMs(hasNews) : hasNews ? intervalAfter(look.tookMs) : REREAD_MS;
    if (sinceMs < pauseMs) {
      if (pauseMs < REREAD_MS) lookAgainIn(pauseMs - sinceMs);
      return;
    }
    hasMore = true;
    hasNews = false;
    // Enough is ready, but it may be all of one turn key.
    isWalking ||= lane.hasTurns() && ready.size() >= LOW_WATER_EVENTS;
    isLookWanted = isWalking;
    if (isWalking) isDrained = false;
    if (isLookWanted && ready.size() > MANY_READY) letGoOfBlocked();
    if (!isWalking && cursor.dueAt instanceof Date) {
      cursor = rewound(cursor.dueAt);
    }
  }

  return {
    ...handed,
    async waiting() {
      const items = handed.takeAll();
      if (items.length > 0) await lane.regroup(items.map(({ event }) => event));
      for (const item of items) ready.add(item);
      rewindWhenNeeded();
      if (!reading && isPageWanted()) {
        look.startedAtMs = clock.monotonicMs();
        reading = readPage().finally(() => {
          reading = null;
          look.tookMs = clock.monotonicMs() - look.startedAtMs;
          if (isWalking) walk.looked(look.tookMs);
          for (const id of settledMeanwhile) taken.delete(id);
          settledMeanwhile.clear();
          lane.signal.raise();
        });
        // The next call that finds nothing ready awaits this read, and gets its error.
        reading.catch(() => {});
      }
      if (ready.size() === 0 && reading) await reading;
      return ready.size();
    },
    isHolding: () => false,
    take(count, mayGo = () => true) {
      const items = ready.take(count, ({ event }) => mayGo(event));
      if (items.length > 0) walk.took();
      // The others that are ready may be all of groups that have to wait.
      hasNews ||= isWalking && items.length > 0 && items.length < count;
      return items;
    },
    startOver() {
      mustStartOver = true;
      isDrained = false;
    },
    track(eventId, settled) {
      const done: Promise<unknown> = settled.then(
        () => {
          settling.delete(done);
          if (reading) settledMeanwhile.add(eventId);
          else taken.delete(eventId);
        },
        // The result could not be stored, and its failure was logged there. This lane does not send the event again.
        () => {
          settling.delete(done);
        },
      );
      settling.set(done, clock.monotonicMs());
    },
    leave: () => {},
    async settled() {
      await Promise.all(settling.keys());
    },
  };
}

const rewound = (dueAt: Date): LaneCursor => ({ dueAt: new Date(dueAt.getTime() - REWIND_MS), id: "" });

const toRequestKey = (event: DueEvent) => [event.team_id, event.request_id] as const;

const walkedEvents = ({ pool, lease: { destinationId } }: ReadingLane): WalkedRows<DueEvent> => ({
  readKeys: (query) => readTurnKeys(pool, destinationId, query),
  readOf: (query) => readDueOfKeys(pool, destinationId, query),
  readKeyless: (query) => readDueEvents(pool, destinationId, { ...query, isWithoutTurnKey: true }),
  keyOf: ({ turn_key }) => turn_key ?? "",
  placeOf: ({ next_attempt_at, id }) => ({ dueAt: next_attempt_at, id }),
  afterLast: ({ next_attempt_at }) => rewound(next_attempt_at),
});
