// The lanes of one process: starts them as the slots of their teams allow, tells them of new work and renews their leases.
import type { LaneInboxes, Reservation } from "#server/events/handed-over.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { addJobStatement } from "#server/jobs.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { nextDueAt } from "./due-events.sql.ts";
import type { Inbox } from "./handed-events.ts";
import { type HeldLease, holdLease } from "./held-lease.ts";
import { runLane } from "./lane.ts";
import { databaseClock } from "./lane-clock.ts";
import { type LaneSlots, makeLaneSlots } from "./lane-slots.ts";
import type { LaneTools, LaneTurn } from "./lane-tools.ts";
import { acquireLease, LEASE_MS, releaseLease, renewLeases } from "./lease.sql.ts";
import { nextLineDueAt } from "./order-lines.sql.ts";

/** Lanes whose receivers answer slowly have slots of their own. */
type PoolName = "fast" | "slow";

export interface Lanes extends LaneInboxes {
  /**
   * Gives a destination a turn, unless another lane serves it. Resolves when the turn is over and the next one is arranged;
   * at once where no slot is free for its team: it then waits for one here.
   */
  drain(destinationId: string, pool: PoolName): Promise<void>;
  /** Announces new work that was committed for these destinations to their lanes, here or elsewhere. */
  wake(destinationIds: Iterable<string>): Promise<void>;
  /** Announces new work to a lane of this process only. True when there is one. */
  wakeHere(destinationId: string): boolean;
  running(): number;
  /** Attempts that are under way here, or whose results are not written yet. */
  onWire(): number;
  /** Stops all sends that have not begun. Resolves when nothing is on the wire and every lease is given back. */
  stop(): Promise<void>;
}

/** A lane that has worked this long yields its slot if others wait for one. */
const TURN_MS = 2_000;
const RENEW_MS = LEASE_MS / 5;

interface Running {
  lease: HeldLease;
  signal: Signal;
  hasNews: boolean;
  inbox: Inbox | null;
}

/** @param slots how many lanes of each pool one team may run at once when it is alone */
export function makeLanes(tools: LaneTools, options: { holder: string; slots: Record<PoolName, number> }): Lanes {
  const running = new Map<string, Running>();
  const turns = new Set<Promise<void>>();
  const slots: Record<PoolName, LaneSlots> = {
    fast: makeLaneSlots(options.slots.fast),
    slow: makeLaneSlots(options.slots.slow),
  };
  let isStopping = false;
  const { clock } = tools;

  let stopRenewing = clock.after(RENEW_MS, renewAll);
  function renewAll(): void {
    stopRenewing = clock.after(RENEW_MS, renewAll);
    renew(
      tools,
      [...running.values()].map(({ lease }) => lease),
    ).catch((error: Error) => tools.log.warn({ error: error.message }, "Leases could not be renewed"));
  }

  // A lane that waits for its rate or for room must learn at once of a limit that was raised.
  const stopFollowing = tools.config.onChange(() => {
    for (const { signal } of running.values()) signal.raise();
  });

  const isWaiting = (destinationId: string) =>
    slots.fast.isWaiting(destinationId) || slots.slow.isWaiting(destinationId);

  /** Runs a lane that has a slot, and gives the slot to those that wait. */
  async function run(destinationId: string, teamId: string, pool: PoolName): Promise<void> {
    const turn = takeTurn(destinationId, pool).finally(() => {
      turns.delete(turn);
      slots[pool].leave(teamId);
      runNext(pool);
    });
    turns.add(turn);
    await turn;
  }

  function runNext(pool: PoolName): void {
    for (let next = slots[pool].next(); next; next = slots[pool].next()) {
      const { destinationId } = next;
      // No job of its own is left that would be tried again: the sweep finds what is due.
      run(destinationId, next.teamId, pool).catch((err) =>
        tools.log.warn({ err, destination_id: destinationId }, "A lane's turn failed; the sweep starts the next"),
      );
    }
  }

  async function takeTurn(destinationId: string, pool: PoolName): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    const acquired = await acquireLease(tools.pool, destinationId, options.holder);
    if (!acquired) return;
    const sharedClock = databaseClock(clock, acquired.databaseNowMs, clock.monotonicMs());
    const lease = holdLease(acquired, askedAtMs, clock);
    const entry: Running = { lease, signal: makeSignal(clock), hasNews: true, inbox: null };
    running.set(destinationId, entry);
    const startedAtMs = clock.monotonicMs();
    let turn: LaneTurn;
    try {
      turn = await runLane({
        ...tools,
        sharedClock,
        lease,
        signal: entry.signal,
        onReader(reader) {
          entry.inbox = reader;
        },
        takeNews: () => {
          const { hasNews } = entry;
          entry.hasNews = false;
          return hasNews;
        },
        isWanted: slots[pool].isWanted,
        shouldYield: () => isStopping || (slots[pool].isWanted() && clock.monotonicMs() - startedAtMs > TURN_MS),
      });
      await releaseLease(tools.pool, lease, turn);
    } finally {
      running.delete(destinationId);
    }
    // The lane is not woken at once: its job waits longer after each failure, and the sweep looks as well.
    if (turn.failure) throw turn.failure.error;
    await arrangeNext(lease, turn);
  }

  /** Looks once more after the lease is released: work that came during the release has woken nobody. */
  async function arrangeNext({ destinationId, order }: HeldLease, turn: LaneTurn): Promise<void> {
    const { isSlow, breakerWakeAt, isOrderOld, nextFileAt } = turn;
    const next = order.of === null ? nextDueAt : nextLineDueAt;
    const inLine = nextFileAt ?? (await next(tools.pool, destinationId));
    const due = [order.sortAt, order.groupSortAt, breakerWakeAt].reduce(earlier, inLine);
    if (!due && !isOrderOld) return;
    if (!due || isOrderOld || due.getTime() <= clock.nowMs()) {
      await tools.pool.query(wakeLanesStatement([destinationId]));
      return;
    }
    await tools.pool.query(addJobStatement(isSlow ? "deliver-slow" : "deliver", { destinationId }, due));
  }

  function wakeHere(destinationId: string): boolean {
    const entry = running.get(destinationId);
    if (!entry) return false;
    entry.hasNews = true;
    entry.signal.raise();
    return true;
  }

  function openInbox(destinationId: string): { entry: Running; inbox: Inbox } | null {
    const entry = running.get(destinationId);
    return entry?.inbox?.isOpen() && !isStopping && entry.lease.isHeld() ? { entry, inbox: entry.inbox } : null;
  }

  function reserve(destinationId: string, eventId: string): Reservation | null {
    const open = openInbox(destinationId);
    if (!open?.inbox.reserve(eventId)) return null;
    const { entry, inbox } = open;
    return {
      // A turn that ends now looks into the table once more after this.
      handOver(item) {
        if (running.get(destinationId) !== entry) return false;
        inbox.handOver(item);
        entry.signal.raise();
        return true;
      },
      giveUp: () => inbox.giveUp(eventId),
    };
  }

  return {
    isOpen: (destinationId) => openInbox(destinationId) !== null,
    reserve,
    async drain(destinationId, pool) {
      if (isStopping || wakeHere(destinationId) || isWaiting(destinationId)) return;
      const known = tools.config.current().destinations.get(destinationId);
      const destination = known ?? (await tools.config.upToDate()).destinations.get(destinationId);
      // Of a deleted one nobody knows the team any more: its lane has only to cancel what is left.
      const teamId = destination?.teamId ?? "";
      const isWanted = slots[pool].isWanted();
      if (slots[pool].ask(teamId, destinationId)) await run(destinationId, teamId, pool);
      // Those that have nothing to do learn that their slots are wanted.
      else if (!isWanted) for (const { signal } of running.values()) signal.raise();
    },
    async wake(destinationIds) {
      const elsewhere = [...destinationIds].filter((id) => !wakeHere(id) && !isWaiting(id));
      if (elsewhere.length > 0) await tools.pool.query(wakeLanesStatement(elsewhere));
    },
    wakeHere,
    running: () => running.size,
    onWire: () => [...running.values()].reduce((sum, { lease }) => sum + lease.inFlight(), 0),
    async stop() {
      isStopping = true;
      const left = [...slots.fast.giveUp(), ...slots.slow.giveUp()];
      for (const { signal } of running.values()) signal.raise();
      await Promise.allSettled(turns);
      // Where the database is away, another worker's sweep finds them.
      if (left.length > 0) await tools.pool.query(wakeLanesStatement(left)).catch(() => {});
      stopRenewing();
      stopFollowing();
    },
  };
}

const earlier = (a: Date | null, b: Date | null): Date | null => (!a || (b && b < a) ? b : a);

async function renew(tools: LaneTools, leases: HeldLease[]): Promise<void> {
  if (leases.length === 0) return;
  const sentAtMs = tools.clock.monotonicMs();
  const held = leases.map(({ destinationId, token, inFlight }) => ({
    destinationId,
    token,
    inFlightCount: inFlight(),
  }));
  const kept = await renewLeases(tools.pool, held);
  for (const lease of leases) {
    if (kept.has(lease.destinationId)) lease.renewed(sentAtMs);
    else lease.lose();
  }
}
