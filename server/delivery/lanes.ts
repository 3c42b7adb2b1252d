// The lanes of one process: starts them as the slots of their teams allow, tells them of new work and renews their leases.
import type { Pool } from "#server/database/db.ts";
import type { LaneInboxes, Reservation } from "#server/events/handed-over.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { addJobStatement } from "#server/jobs.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { makeAskedLeases } from "./asked-leases.ts";
import { nextDueAt } from "./due-events.sql.ts";
import type { Inbox } from "./handed-events.ts";
import { type HeldLease, holdLease } from "./held-lease.ts";
import { runLane } from "./lane.ts";
import { databaseClock } from "./lane-clock.ts";
import type { LaneTools, LaneTurn } from "./lane-tools.ts";
import { LEASE_MS, releaseLease, renewLeases } from "./lease.sql.ts";
import { nextLineDueAt } from "./order-lines.sql.ts";
import { type HeldSlot, makeSlotPools, type PoolName } from "./slot-pools.ts";

export interface Lanes extends LaneInboxes {
  /**
   * Gives a destination a turn, unless another lane serves it. Resolves when the turn is over and the next one is arranged, or when the lane
   * first waits outside of its slot; at once where no slot is free for its team: it then waits for one here.
   */
  drain(destinationId: string, pool: PoolName): Promise<void>;
  /** From now on new work may start a lane here, without a job. */
  startAtOnce(): void;
  /** Announces new work that was committed for these destinations to their lanes, here or elsewhere. */
  wake(destinationIds: Iterable<string>): Promise<void>;
  /** Announces new work to a lane of this process only. True when there is one. */
  wakeHere(destinationId: string): boolean;
  running(): number;
  /** Attempts that are under way here, or whose results are not written yet. */
  onWire(): number;
  /** Stops all sends that have not begun. Resolves when nothing is on the wire and every lease is given back. */
  stop(): Promise<void>;
  /**
   * Called before the pool ends, where nobody waits for `stop` any more. A turn that ends after this gives nothing back: its lease
   * runs out, or is freed once this process is gone.
   */
  abandon(): void;
}

const RENEW_MS = LEASE_MS / 5;

interface Running {
  lease: HeldLease;
  signal: Signal;
  hasNews: boolean;
  inbox: Inbox | null;
  holdsBack: () => boolean;
}

interface LanesOptions {
  holder: string;
  /** How many lanes of each pool one team may run at once when it is alone. */
  slots: Parameters<typeof makeSlotPools>[0];
}

export function makeLanes(tools: LaneTools, options: LanesOptions): Lanes {
  const running = new Map<string, Running>();
  const turns = new Set<Promise<void>>();
  const leases = makeAskedLeases(tools.pool, options.holder);
  /** Destinations whose last turn here was slow. */
  const slow = new Set<string>();
  const slots = makeSlotPools(options.slots, tools.clock, runAlone);
  let [startsAtOnce, isStopping, isAbandoned] = [false, false, false];
  const { clock } = tools;
  const dueClock = { ...clock, nowMs: tools.databaseTime.latestMs, earliestMs: tools.databaseTime.earliestMs };
  const stopRenewing = startRenewing(tools, () => [...running.values()].map(({ lease }) => lease));
  // A lane that waits for its rate or for room must learn at once of a limit that was raised. The others are let alone: there may be a
  // thousand of them, and ten changes a second.
  let { destinations: known } = tools.config.current();
  const stopFollowing = tools.config.onChange(({ destinations }) => {
    for (const [id, { signal }] of running) if (destinations.get(id) !== known.get(id)) signal.raise();
    known = destinations;
  });

  /**
   * Runs a lane that has a slot, and gives the slot to those that wait.
   * @param isTold whether new work was announced to nobody but this lane
   */
  async function run(destinationId: string, slot: HeldSlot, isTold: boolean): Promise<void> {
    const turn = takeTurn(destinationId, slot, isTold).finally(() => {
      turns.delete(turn);
      slot.leave();
    });
    turns.add(turn);
    await turn;
  }

  /** No job is left that would be tried again: the sweep finds what is due. */
  function runAlone(destinationId: string, slot: HeldSlot): void {
    warnIfFails(tools, destinationId, run(destinationId, slot, true));
  }

  function startHere(destinationId: string): boolean {
    if (!startsAtOnce || isStopping || slow.has(destinationId)) return false;
    const destination = tools.config.current().destinations.get(destinationId);
    const slot = destination && slots.askFree("fast", destination.teamId, destinationId);
    if (slot) runAlone(destinationId, slot);
    return Boolean(slot);
  }

  async function takeTurn(destinationId: string, slot: HeldSlot, isTold: boolean): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    const acquired = await leases.ask(destinationId, isTold);
    if (!acquired) return;
    tools.databaseTime.heard(acquired.databaseNowMs, askedAtMs);
    const sharedClock = databaseClock(clock, acquired.databaseNowMs, clock.monotonicMs());
    const lease = holdLease(acquired, askedAtMs, clock);
    const entry: Running = { lease, signal: makeSignal(clock), hasNews: false, inbox: null, holdsBack: () => false };
    running.set(destinationId, entry);
    let turn: LaneTurn;
    try {
      turn = await runLane({
        ...tools,
        dueClock,
        sharedClock,
        lease,
        signal: entry.signal,
        onReader: (inbox, holdsBack) => Object.assign(entry, { inbox, holdsBack }),
        takeNews: () => takeNews(entry),
        slot,
        shouldYield: () => isStopping || slot.isUsedUp(),
      });
      if (isAbandoned) return;
      await releaseLease(tools.pool, lease, turn);
    } finally {
      running.delete(destinationId);
    }
    if (turn.isSlow) slow.add(destinationId);
    else slow.delete(destinationId);
    if (isAbandoned) return;
    // The lane is not woken at once: its job waits longer after each failure, and the sweep looks as well.
    if (turn.failure) throw turn.failure.error;
    await arrangeNext(tools.pool, lease, turn, dueClock.nowMs());
  }

  function wakeHere(destinationId: string): boolean {
    const entry = running.get(destinationId);
    if (!entry) return leases.tell(destinationId);
    entry.hasNews = true;
    announce(entry);
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
        announce(entry);
        return true;
      },
      giveUp: () => inbox.giveUp(eventId),
    };
  }

  return {
    isOpen: (destinationId) => openInbox(destinationId) !== null,
    reserve,
    async drain(destinationId, pool) {
      const known = tools.config.current().destinations.get(destinationId);
      const destination = known ?? (await tools.config.upToDate()).destinations.get(destinationId);
      if (isStopping || wakeHere(destinationId) || slots.isWaiting(destinationId)) return;
      // Of a deleted one nobody knows the team any more: its lane has only to cancel what is left.
      const slot = slots.ask(pool, destination?.teamId ?? "", destinationId);
      if (!slot) return;
      const turn = run(destinationId, slot, false);
      await Promise.race([turn, slot.rested.then(() => warnIfFails(tools, destinationId, turn))]);
    },
    startAtOnce() {
      startsAtOnce = true;
    },
    async wake(destinationIds) {
      const elsewhere = [...destinationIds].filter((id) => !wakeHere(id) && !slots.isWaiting(id) && !startHere(id));
      if (elsewhere.length > 0) await tools.pool.query(wakeLanesStatement(elsewhere));
    },
    wakeHere,
    running: () => running.size,
    onWire: () => [...running.values()].reduce((sum, { lease }) => sum + lease.inFlight(), 0),
    async stop() {
      isStopping = true;
      const left = slots.stop();
      for (const { signal } of running.values()) signal.raise();
      // Others may serve them while turns end here. Where the database is away, another worker's sweep finds them.
      const wake = left.length > 0 && tools.pool.query(wakeLanesStatement(left)).catch(() => {});
      await Promise.allSettled([...turns, wake]);
      stopRenewing();
      stopFollowing();
    },
    abandon() {
      isAbandoned = true;
      stopRenewing();
      stopFollowing();
    },
  };
}

/** A lane that only holds what comes looks once a second, at all of it together: a flood for a dead receiver is no work for others to wait for. */
function announce({ signal, holdsBack }: Running): void {
  if (!holdsBack()) signal.raise();
}

function takeNews(entry: Running): boolean {
  if (!entry.hasNews || entry.holdsBack()) return false;
  entry.hasNews = false;
  return true;
}

function warnIfFails({ log }: LaneTools, destinationId: string, turn: Promise<void>): void {
  turn.catch((err) =>
    log.warn({ err, destination_id: destinationId }, "A lane's turn failed; the sweep starts the next"),
  );
}

/** Looks once more after the lease is released: work that came during the release has woken nobody. */
async function arrangeNext(pool: Pool, { destinationId, order }: HeldLease, turn: LaneTurn, nowMs: number) {
  const { isSlow, breakerWakeAt, isOrderOld, nextFileAt } = turn;
  const next = order.of === null ? nextDueAt : nextLineDueAt;
  const inLine = nextFileAt ?? (await next(pool, destinationId));
  const due = [order.sortAt, order.groupSortAt, breakerWakeAt].reduce(earlier, inLine);
  if (!due && !isOrderOld) return;
  if (!due || isOrderOld || due.getTime() <= nowMs) await pool.query(wakeLanesStatement([destinationId]));
  else await pool.query(addJobStatement(isSlow ? "deliver-slow" : "deliver", { destinationId }, due));
}

const earlier = (a: Date | null, b: Date | null): Date | null => (!a || (b && b < a) ? b : a);

function startRenewing(tools: LaneTools, held: () => HeldLease[]): () => void {
  const again = () => {
    stop = tools.clock.after(RENEW_MS, again);
    renew(tools, held()).catch((error: Error) =>
      tools.log.warn({ error: error.message }, "Leases could not be renewed"),
    );
  };
  let stop = tools.clock.after(RENEW_MS, again);
  return () => stop();
}

async function renew(tools: LaneTools, leases: HeldLease[]): Promise<void> {
  if (leases.length === 0) return;
  const sentAtMs = tools.clock.monotonicMs();
  const held = leases.map(({ destinationId, token, inFlight }) => ({
    destinationId,
    token,
    inFlightCount: inFlight(),
  }));
  const { kept, databaseNowMs } = await renewLeases(tools.pool, held);
  if (databaseNowMs !== null) tools.databaseTime.heard(databaseNowMs, sentAtMs);
  for (const lease of leases) {
    if (kept.has(lease.destinationId)) lease.renewed(sentAtMs);
    else lease.lose();
  }
}
