// The slots that lanes of a process work in. There are three pools: of lanes that work, of those that mostly wait, which cost next to
// nothing, and of those that have nothing to do. A lane that has to wait while others want its slot goes to one of the latter, and comes
// back in line when it has something to do. So a receiver that does not answer keeps no slot from one that does. Where no place is
// left for it, it gives its slot to a lane of its team that wants back from there, and takes that one's place.
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

/** How a lane that was aside came to a slot: it left its place, or gave it to the one whose slot it got. `stopped`: it has none. */
type Return = "given" | "exchanged" | "stopped";

interface Returning extends Waiting {
  home: PoolName;
  from: Place;
  comeBack(by: Return): void;
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
  /** Of lanes that wait in a slot which nobody wanted: each leaves it without being woken, or ends its turn soon; null where it cannot. */
  const resting: Record<PoolName, Set<() => "now" | "soon" | null>> = { fast: new Set(), slow: new Set() };
  /** The lanes that want to work again, in order. Each waits in the line of its home. */
  const comingBack = new Map<string, Returning>();
  let isStopping = false;

  function pass(pool: PoolName): void {
    for (let next = pools[pool].next(); next; next = pools[pool].next()) {
      const lane = comingBack.get(next.destinationId);
      if (lane) lane.comeBack("given");
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
    for (const makeRoom of resting[pool]) {
      // More than one may have to go: where teams hold more than the slots together, the first leave theirs to nobody.
      if (makeRoom() === "soon" || !pools[pool].isWaiting(destinationId)) break;
    }
    return false;
  }

  function comesBack(home: PoolName, from: Place, holder: Waiting): Promise<Return> {
    return new Promise((resolve) => {
      const comeBack = (by: Return) => {
        comingBack.delete(holder.destinationId);
        resolve(by);
      };
      comingBack.set(holder.destinationId, { ...holder, home, from, comeBack });
      if (isStopping) comeBack("stopped");
      else if (isGiven(home, holder)) comeBack("given");
    });
  }

  /**
   * Gives a slot to the first lane of the team that wants back from such a place, in exchange for that. What each team holds stays as it
   * is. It overtakes those that have no such place to give: the slot would not come free for them. False where there is none.
   */
  function exchange(home: PoolName, to: Place, teamId: string): boolean {
    for (const lane of comingBack.values()) {
      if (lane.teamId !== teamId || lane.home !== home || lane.from !== to) continue;
      pools[home].withdraw(lane.destinationId);
      lane.comeBack("exchanged");
      return true;
    }
    return false;
  }

  function hold(home: PoolName, holder: Waiting): HeldSlot {
    const { teamId } = holder;
    const rested = Promise.withResolvers<void>();
    let place: Place = home;
    let sinceMs = clock.monotonicMs();
    /** False after an exchange. Lanes that only change places free none, so their turns go on, and end, and others have theirs. */
    let beginsAnew = true;

    function move(to: Place): void {
      const from = place;
      place = to;
      leave(from, teamId);
    }

    function goAside(as: Rest): boolean {
      const to = as === "idle" ? "idle" : "slow";
      if (to === place) return false;
      beginsAnew = pools[to].take(teamId);
      if (beginsAnew) move(to);
      else if (exchange(home, to, teamId)) place = to;
      else return false;
      rested.resolve();
      return true;
    }

    return {
      rested: rested.promise,
      isUsedUp: () => pools[place].isWanted() && clock.monotonicMs() - sinceMs > TURN_MS,
      async rest(signal, timeoutMs, as) {
        if (place === home && pools[home].isWanted() && !goAside(as) && as === "idle") return false;
        const makeRoom = () => {
          const hasGone = goAside(as);
          if (!hasGone && as !== "idle") return null;
          resting[home].delete(makeRoom);
          // It ends its turn.
          if (!hasGone) signal.raise();
          return hasGone ? "now" : "soon";
        };
        if (place === home) resting[home].add(makeRoom);
        await signal.wait(timeoutMs);
        resting[home].delete(makeRoom);
        if (place === home && !pools[home].isWanted()) sinceMs = clock.monotonicMs();
        if (place === home || as === "ending") return true;
        const by = await comesBack(home, place, holder);
        if (by === "stopped") return true;
        if (beginsAnew) sinceMs = clock.monotonicMs();
        if (by === "given") move(home);
        else place = home;
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
      for (const lane of comingBack.values()) lane.comeBack("stopped");
      return left;
    },
  };
}
