// The accept writer of a door with a spool. As long as the database commits, nothing else happens. When it has not committed for a
// second, arrivals go to the spool and are answered when that has them, until the spool is empty and the database commits again.
//
// - An arrival is stored once, though both ways may have it: what comes out of the spool is stored only where its id is not there yet.
// - The order of a gateway's requests is kept: it stores nothing directly while something that it put into the spool is still there.
//   The switch back therefore holds new arrivals for the moment in which the last ones are drained.
import type { AcceptWriter, Stored } from "#server/ingest/accept-writer.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { type Clock, systemClock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";

/** How long the database may take for a commit before the spool is asked. */
export const DATABASE_PATIENCE_MS = 1_000;
/** From the first request that was spooled. Older ones would fall out of what is kept, and somebody has to look by then. */
export const MAX_AWAY_MS = 24 * 3_600_000;

type Mode = "direct" | "spooling" | "closing";

export interface SpoolingWriter extends AcceptWriter {
  isSpooling(): boolean;
  /** Whether the database has been away for so long that nothing more is put aside. */
  isOver(): boolean;
  /** Requests that the spool took, and those that it refused or was away for. */
  counts(): { spooled: number; refused: number };
  /** From now on: as when something of this gateway is in the spool. */
  beginSpooling(reason: string): void;
  /**
   * Holds new arrivals while `drain` empties the spool of what this gateway has put there. True from `drain` ends the spooling, false
   * goes on with it.
   */
  tryToEnd(drain: () => Promise<boolean>): Promise<void>;
}

export interface SpoolingOptions {
  writer: AcceptWriter;
  /** Resolves once the spool has it; rejects when it has no room for it or is away. */
  put: (arrival: Arrival) => Promise<void>;
  log: Log;
  clock?: Clock;
  /** Called when arrivals begin to go to the spool. */
  onBegin?: () => void;
}

const NEW: Stored = { duplicateOf: null };

/** What was rejected is evidence, which may be lost; what brings its owner something, or tests the way in, has to be there at once. */
const mayBeSpooled = ({ status, test }: Arrival) => status === "accepted" && test === undefined;

export function makeSpoolingWriter(options: SpoolingOptions): SpoolingWriter {
  const { writer, put, log, clock = systemClock, onBegin } = options;
  let mode: Mode = "direct";
  let sinceMs = 0;
  let spooledAtStart = 0;
  const counts = { spooled: 0, refused: 0 };
  let reopened = Promise.withResolvers<void>();
  const underWay = new Set<Promise<void>>();
  /** Of arrivals that wait for the database, in their order. */
  const waiting = new Set<(outcome: "late") => void>();

  const isOver = () => mode !== "direct" && clock.monotonicMs() - sinceMs > MAX_AWAY_MS;

  async function putAside(arrival: Arrival): Promise<Stored> {
    if (isOver()) throw new Error("The database has been away for too long.");
    const putting = put(arrival);
    const ended = putting.catch(() => {});
    underWay.add(ended);
    try {
      await putting;
      counts.spooled++;
      return NEW;
    } catch (error) {
      counts.refused++;
      throw error;
    } finally {
      underWay.delete(ended);
    }
  }

  async function storeDirectly(arrival: Arrival) {
    const stored = writer.store(arrival);
    const late = Promise.withResolvers<"late">();
    waiting.add(late.resolve);
    const cancel = clock.after(DATABASE_PATIENCE_MS, () => begin("The database has not committed for a second"));
    const outcome = await Promise.race([stored, late.promise]).finally(() => {
      cancel();
      waiting.delete(late.resolve);
    });
    if (outcome !== "late") return outcome;
    return firstOf(putAside(arrival), stored);
  }

  /** Both may have it: whichever says so first, while the other one still reads it. The error is that of the database. */
  async function firstOf(spooled: Promise<Stored>, stored: Promise<Stored>): Promise<Stored> {
    const { duplicateOf } = await Promise.any([spooled, stored]).catch(() => stored);
    return { duplicateOf };
  }

  function begin(reason: string) {
    if (mode !== "direct") return;
    mode = "spooling";
    sinceMs = clock.monotonicMs();
    spooledAtStart = counts.spooled;
    // They go before those that come from now on.
    for (const goThere of waiting) goThere("late");
    onBegin?.();
    log.warn(`${reason}: requests go to the spool.`);
  }

  async function store(arrival: Arrival): Promise<Stored> {
    if (!mayBeSpooled(arrival)) return writer.store(arrival);
    while (mode === "closing") await reopened.promise;
    if (mode === "direct") return storeDirectly(arrival);
    const startedAtMs = clock.monotonicMs();
    return putAside(arrival).catch((error: unknown) => {
      // Nobody waits for both in full.
      if (clock.monotonicMs() - startedAtMs > DATABASE_PATIENCE_MS) throw error;
      return writer.store(arrival);
    });
  }

  return {
    store,
    waiting: writer.waiting,
    idle: writer.idle,
    isSpooling: () => mode !== "direct",
    isOver,
    counts: () => counts,
    beginSpooling: begin,
    async tryToEnd(drain) {
      if (mode !== "spooling") return;
      mode = "closing";
      let isDone = false;
      try {
        await Promise.all(underWay);
        isDone = await drain();
      } finally {
        mode = isDone ? "direct" : "spooling";
        reopened.resolve();
        reopened = Promise.withResolvers();
        if (isDone) {
          const seconds = Math.round((clock.monotonicMs() - sinceMs) / 100) / 10;
          log.info(
            { spooled: counts.spooled - spooledAtStart, seconds },
            "The database commits again and the spool is drained: requests are stored directly.",
          );
        }
      }
    },
  };
}
