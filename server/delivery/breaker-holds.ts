// The part of a lane that its breaker needs beside sending: it writes the breaker down before anything follows from it, and it
// puts what is held back in line. One event as a probe; after that pages, each when the one before is nearly sent, so that a
// breaker that opens again finds little to hold again, and a drain is one short statement at a time.
import type { Pool } from "#server/database/db.ts";
import { releaseFromBreaker } from "#server/events/breaker-holds.sql.ts";
import type { Clock } from "#server/process/clock.ts";
import { toKeep } from "./breaker.ts";
import type { DueItem, DueReader } from "./due-reader.ts";
import type { HeldLease } from "./held-lease.ts";
import { type KeptBreaker, recordBreaker } from "./lease.sql.ts";
import type { Pace } from "./pace.ts";

interface HoldingLane {
  pool: Pool;
  lease: HeldLease;
  clock: Clock;
  /** The time of probes. */
  sharedClock: Clock;
}

export interface BreakerHolds {
  /** Writes the breaker down when it has changed, before events are held for it. False when the lease is lost. */
  keep(): Promise<boolean>;
  /** To be awaited before events are held for the breaker: no lane may then think that it holds none. */
  willHold(): Promise<boolean>;
  /** Puts held events back in line when it is time. True when it did. */
  release(waiting: number): Promise<boolean>;
  /** These events are about to be sent, or moved on. */
  took(due: readonly DueItem[]): void;
  kept(): KeptBreaker;
}

const PAGE_EVENTS = 200;
const LOW_WATER_EVENTS = 50;
/** What was put back in line may have been cancelled there: after so long nobody waits for it. */
const PATIENCE_MS = 10_000;

export function makeBreakerHolds(
  { pool, lease, clock, sharedClock }: HoldingLane,
  pace: Pace,
  reader: DueReader,
): BreakerHolds {
  let { holdsEvents } = lease;
  let writtenRevision = pace.breaker().revision;
  /** Put back in line by this lane, and still there. */
  const released = new Set<string>();
  let releasedAtMs = Number.NEGATIVE_INFINITY;

  function kept(): KeptBreaker {
    const breaker = pace.breaker();
    const isOpen = breaker.state === "open" || breaker.state === "half_open";
    const next = pace.next(sharedClock.nowMs());
    const isOff = next.kind === "hold" && next.because !== "breaker_open";
    const mayGoMs = isOff ? next.untilMs : sharedClock.nowMs();
    const wakeMs = isOpen ? breaker.next_probe : sharedClock.nowMs();
    const breakerWakeAt =
      holdsEvents && wakeMs !== null && mayGoMs !== undefined ? new Date(Math.max(wakeMs, mayGoMs)) : null;
    return { breaker: toKeep(breaker), holdsEvents, breakerWakeAt };
  }

  async function write(): Promise<boolean> {
    const { revision } = pace.breaker();
    const isOurs = await recordBreaker(pool, lease, kept());
    if (isOurs) writtenRevision = revision;
    else lease.lose();
    return isOurs;
  }

  async function releaseUpTo(after: string, limit: number): Promise<boolean> {
    let ids = await releaseFromBreaker(pool, lease, after, limit);
    if (ids.length === 0 && after !== "") ids = await releaseFromBreaker(pool, lease, "", limit);
    for (const id of ids) released.add(id);
    if (ids.length === 0) return false;
    releasedAtMs = clock.monotonicMs();
    reader.startOver();
    return true;
  }

  /** There may be holds of this lane that are not committed yet. */
  async function releaseSurely(after: string, limit: number): Promise<boolean> {
    if (await releaseUpTo(after, limit)) return true;
    await reader.settled();
    if (await releaseUpTo(after, limit)) return true;
    holdsEvents = false;
    await write();
    return false;
  }

  return {
    kept,
    async keep() {
      const { revision, state } = pace.breaker();
      if (revision === writtenRevision) return true;
      holdsEvents ||= state === "open" || state === "half_open";
      return write();
    },
    async willHold() {
      if (holdsEvents) return true;
      holdsEvents = true;
      return write();
    },
    async release(waiting) {
      if (!holdsEvents) return false;
      const next = pace.next(sharedClock.nowMs());
      if (next.kind === "hold") return false;
      if (next.kind === "send" && next.isProbe) return waiting === 0 && releaseSurely(pace.breaker().probed, 1);
      if (pace.breaker().state === "open" || pace.breaker().state === "half_open") return false;
      const isPatient = clock.monotonicMs() - releasedAtMs < PATIENCE_MS;
      if (waiting > 0 && released.size >= LOW_WATER_EVENTS && isPatient) return false;
      released.clear();
      return releaseSurely("", PAGE_EVENTS);
    },
    took(due) {
      for (const { event } of due) released.delete(event.id);
    },
  };
}
