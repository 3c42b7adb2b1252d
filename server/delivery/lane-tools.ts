// The tools of a lane, and the outcome of its turn.
import type { ConfigCache } from "#server/config/config-cache.ts";
import type { DatabaseTime } from "#server/database/database-time.ts";
import type { Pool } from "#server/database/db.ts";
import type { Senders } from "#server/delivery/senders/make-senders.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import type { Signal } from "#server/process/signal.ts";
import type { BodyLoader } from "./body-loader.ts";
import type { Inbox } from "./handed-events.ts";
import type { HeldLease } from "./held-lease.ts";
import type { KeptBreaker } from "./lease.sql.ts";
import type { RateLog } from "./rate-window.ts";
import type { SettleWriter } from "./settle-writer.ts";
import type { HeldSlot } from "./slot-pools.ts";
import type { ReadValue } from "./sort-order.ts";

/** The tools that all lanes of a process share. */
export interface LaneTools {
  pool: Pool;
  config: ConfigCache;
  senders: Senders;
  bodies: BodyLoader;
  settleWriter: SettleWriter;
  /** For destinations that keep an order: there the next event waits until the result before it is stored. */
  promptSettleWriter: SettleWriter;
  readValue: ReadValue;
  log: Log;
  clock: Clock;
  databaseTime: DatabaseTime;
  random: () => number;
}

export interface Lane extends LaneTools {
  lease: HeldLease;
  /** The time by which events are due, now and after another try: that of the database, or a moment later. */
  dueClock: Clock & Pick<DatabaseTime, "earliestMs">;
  /** The time in which lanes of a destination that follow each other count what they sent. */
  sharedClock: Clock;
  signal: Signal;
  /**
   * Called with the reader of the turn, to which routing may hand events over.
   * @param holdsBack whether what comes is held for the breaker: then nobody waits for it
   */
  onReader: (reader: Inbox, holdsBack: () => boolean) => void;
  /** Whether new work was announced since the last call. Asking clears the news. */
  takeNews: () => boolean;
  slot: Pick<HeldSlot, "rest">;
  /** Whether the lane should end its turn: others wait for its slot, or the process stops. */
  shouldYield: () => boolean;
}

/** The outcome of a turn, as the next one needs it. */
export interface LaneTurn extends KeptBreaker {
  /** Whether the next turn is among those that mostly wait. */
  isSlow: boolean;
  rateLog: RateLog | null;
  /** The order of the destination has changed, and what is in line has to be sorted. */
  isOrderOld: boolean;
  /** Until then what was collected for a file waits; null when nothing was. */
  nextFileAt: Date | null;
  /** The failure that stopped the turn: a database that is away, or a bug. */
  failure: { error: unknown } | null;
}
