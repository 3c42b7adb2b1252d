// The lanes of one process: starts them, tells them of new work, renews their leases and passes on their slots.
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { addJobStatement } from "#server/jobs.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { nextDueAt } from "./due-events.sql.ts";
import { type HeldLease, holdLease } from "./held-lease.ts";
import { runLane } from "./lane.ts";
import type { LaneTools, LaneTurn } from "./lane-tools.ts";
import { acquireLease, LEASE_MS, releaseLease, renewLeases } from "./lease.sql.ts";
import { nextLineDueAt } from "./order-lines.sql.ts";

export interface Lanes {
  /**
   * Gives a destination a turn, unless another lane serves it. Resolves when the turn is over and the next one is arranged.
   */
  drain(destinationId: string, pool: "fast" | "slow"): Promise<void>;
  /** Announces new work that was committed for these destinations to their lanes, here or elsewhere. */
  wake(destinationIds: Iterable<string>): Promise<void>;
  /** Announces new work to a lane of this process only. True when there is one. */
  wakeHere(destinationId: string): boolean;
  running(): number;
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
}

/** @param slots how many lanes of each pool the process runs at once */
export function makeLanes(
  tools: LaneTools,
  options: { holder: string; slots: Record<"fast" | "slow", number> },
): Lanes {
  const running = new Map<string, Running>();
  const turns = new Set<Promise<void>>();
  const taken = { fast: 0, slow: 0 };
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

  async function takeTurn(destinationId: string, pool: "fast" | "slow"): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    const acquired = await acquireLease(tools.pool, destinationId, options.holder);
    if (!acquired) return;
    const lease = holdLease(acquired, askedAtMs, clock);
    const entry: Running = { lease, signal: makeSignal(clock), hasNews: true };
    running.set(destinationId, entry);
    taken[pool]++;
    const startedAtMs = clock.monotonicMs();
    let turn: LaneTurn;
    try {
      turn = await runLane({
        ...tools,
        lease,
        signal: entry.signal,
        takeNews: () => {
          const { hasNews } = entry;
          entry.hasNews = false;
          return hasNews;
        },
        shouldYield: () =>
          isStopping || (taken[pool] >= options.slots[pool] && clock.monotonicMs() - startedAtMs > TURN_MS),
      });
      await releaseLease(tools.pool, lease, turn);
    } finally {
      running.delete(destinationId);
      taken[pool]--;
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
    const due = earlier(earlier(inLine, order.sortAt), breakerWakeAt);
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

  return {
    async drain(destinationId, pool) {
      if (isStopping || wakeHere(destinationId)) return;
      const turn = takeTurn(destinationId, pool).finally(() => turns.delete(turn));
      turns.add(turn);
      await turn;
    },
    async wake(destinationIds) {
      const elsewhere = [...destinationIds].filter((id) => !wakeHere(id));
      if (elsewhere.length > 0) await tools.pool.query(wakeLanesStatement(elsewhere));
    },
    wakeHere,
    running: () => running.size,
    async stop() {
      isStopping = true;
      for (const { signal } of running.values()) signal.raise();
      await Promise.allSettled(turns);
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
