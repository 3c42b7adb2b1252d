// The slots that lanes of a process work in. There are three pools: of lanes that work, of those that mostly wait, which cost next to
// nothing, and of those that have nothing to do. A lane that has to wait while others want its slot goes to one of the latter, and comes
// back in line when it has something to do. So a receiver that does not answer keeps no slot from one that does.
import type { Clock } from "#server/process/clock.ts";
import type { Signal } from "#server/process/signal.ts";
import { type LaneSlots, makeLaneSlots, type Waiting } from "./lane-slots.ts";

/** Lanes whose receivers answer slowly have slots of their own. */
export type PoolName = "fast" | "slow";

/** The slot of one turn of a lane. */
export interface HeldSlot {
  /** Whether others wait for what this lane has had for a whole turn without a rest. */
  isUsedUp(): boolean;
  /**
   * Waits for the signal, outside of its slot where others want that. False, at once, when the lane should end its turn instead: it is idle,
   * others want its slot, and there is no room to wait elsewhere.
   */
  rest(signal: Signal, timeoutMs: number, as: Rest): Promise<boolean>;
  /** Resolves when the lane has rested outside of its slot for the first time. */
  rested: Promise<void>;
  leave(): void;
}

type Place = PoolName | "idle";

/** `idle`: nothing is to be done. `waiting`: for an answer, a pace or a time. `ending`: for answers, after which the turn is over. */
export type Rest = "idle" | "waiting" | "ending";

export interface SlotPools {
  /** A slot for a lane of this destination. Null when it waits now, or waited already: `start` is called when it has one. */
  ask(pool: PoolName, teamId: string, destinationId: string): HeldSlot | null;
  /** A slot that is free; null where there is none, and nothing waits then. */
  askFree(pool: PoolName, teamId: string, destinationId: string): HeldSlot | null;
  /** Whether a destination without a lane waits for a slot. */
  isWaiting(destinationId: string): boolean;
  /** Nobody comes back to a slot from now on. Returns the destinations that waited for one. */
  stop(): string[];
}

/** A lane that has worked this long yields its slot if others wait for one. */
const TURN_MS = 2_000;

/**
 * @param counts how many lanes of each pool one team may run at once when it is alone
 * @param start called with a slot for a destination that waited for it
 */
export function makeSlotPools(
  counts: Record<Place, number>,
  clock: Clock,
  start: (destinationId: string, slot: HeldSlot) => void,
): SlotPools {
  const pools: Record<Place, LaneSlots> = {
    fast: makeLaneSlots(counts.fast),
    slow: makeLaneSlots(counts.slow),
    idle: makeLaneSlots(counts.idle),
  };
  /** Of lanes that wait in a slot which nobody wanted: each leaves it without being woken. True when that makes room, now or soon. */
  const resting: Record<PoolName, Set<() => boolean>> = { fast: new Set(), slow: new Set() };
  /** Of the lanes that want to work again. */
  const comingBack = new Map<string, (hasSlot: boolean) => void>();
  let isStopping = false;

  function pass(pool: PoolName): void {
    for (let next = pools[pool].next(); next; next = pools[pool].next()) {
      const comeBack = comingBack.get(next.destinationId);
      if (comeBack) comeBack(true);
      else start(next.destinationId, hold(pool, next));
    }
  }

  function leave(place: Place, teamId: string): void {
    pools[place].leave(teamId);
    // Nobody waits to be idle.
    if (place !== "idle") pass(place);
  }

  /** False: it waits in line. */
  function isGiven(pool: PoolName, { teamId, destinationId }: Waiting): boolean {
    if (pools[pool].ask(teamId, destinationId)) return true;
    for (const makeRoom of resting[pool]) if (makeRoom()) break;
    return false;
  }

  function comesBack(home: PoolName, holder: Waiting): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      comingBack.set(holder.destinationId, resolve);
      if (isStopping) resolve(false);
      else if (isGiven(home, holder)) resolve(true);
    }).finally(() => comingBack.delete(holder.destinationId));
  }

  function hold(home: PoolName, holder: Waiting): HeldSlot {
    const { teamId } = holder;
    const rested = Promise.withResolvers<void>();
    let place: Place = home;
    let sinceMs = clock.monotonicMs();

    function move(to: Place): void {
      const from = place;
      place = to;
      leave(from, teamId);
    }

    function goAside(as: Rest): boolean {
      const to = as === "idle" ? "idle" : "slow";
      if (to === place || !pools[to].take(teamId)) return false;
      move(to);
      rested.resolve();
      return true;
    }

    return {
      rested: rested.promise,
      isUsedUp: () => pools[place].isWanted() && clock.monotonicMs() - sinceMs > TURN_MS,
      async rest(signal, timeoutMs, as) {
        if (place === home && pools[home].isWanted() && !goAside(as) && as === "idle") return false;
        const makeRoom = () => {
          if (goAside(as)) return resting[home].delete(makeRoom);
          // It ends its turn.
          if (as === "idle") signal.raise();
          return as === "idle" && resting[home].delete(makeRoom);
        };
        if (place === home) resting[home].add(makeRoom);
        await signal.wait(timeoutMs);
        resting[home].delete(makeRoom);
        if (place === home && !pools[home].isWanted()) sinceMs = clock.monotonicMs();
        if (place === home || as === "ending" || !(await comesBack(home, holder))) return true;
        sinceMs = clock.monotonicMs();
        move(home);
        return true;
      },
      leave: () => leave(place, teamId),
    };
  }

  return {
    ask: (pool, teamId, destinationId) =>
      isGiven(pool, { teamId, destinationId }) ? hold(pool, { teamId, destinationId }) : null,
    askFree: (pool, teamId, destinationId) => (pools[pool].take(teamId) ? hold(pool, { teamId, destinationId }) : null),
    isWaiting: (destinationId) => pools.fast.isWaiting(destinationId) || pools.slow.isWaiting(destinationId),
    stop() {
      isStopping = true;
      const left = [...pools.fast.giveUp(), ...pools.slow.giveUp()].filter((id) => !comingBack.has(id));
      for (const comeBack of comingBack.values()) comeBack(false);
      return left;
    },
  };
}
