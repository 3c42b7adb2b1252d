// What a fault works with: the instance, its receivers and wiring, and the logs in which it writes.
import type { Instance, Slot } from "./instance.ts";
import type { FaultEntry, Quiet, Replay } from "./logs.ts";
import type { Receivers } from "./receivers.ts";
import type { Fault } from "./schedule.ts";
import type { Place, Wiring } from "./wiring.ts";

export interface Hands {
  instance: Instance;
  receivers: Receivers;
  wiring: Wiring;
  faults: FaultEntry[];
  quiets: Quiet[];
  replays: Replay[];
  /** A provider sends one event so many times at once, over all gateways. */
  burst(copies: number): Promise<void>;
  /** Nothing is broken any more: the load is over, a fault has failed, or whoever looks on has had enough. */
  isOver(): boolean;
  /** Runs alone among those that want the same thing: nobody kills what is frozen. */
  alone<T>(things: readonly string[], run: () => Promise<T>): Promise<T>;
}

/** Does one fault from its beginning to its end; whoever it hits is whole again then. */
export type Strike = (hands: Hands, fault: Fault) => Promise<void>;

const pickOf = <T>(items: readonly T[], { pick }: Fault): T => {
  const item = items[Math.floor(pick * items.length)];
  if (item === undefined) throw new Error("There is nothing that this fault could hit.");
  return item;
};

/**
 * Notes a fault from now until `run` has ended, also while it is under way: a run that breaks off has it in its log. One that had to wait
 * for others until the load was over is left out.
 */
export async function noted(hands: Hands, { kind }: Fault, target: string, run: () => Promise<void>): Promise<void> {
  if (hands.isOver()) return;
  const entry: FaultEntry = { kind, target, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
  hands.faults.push(entry);
  await run();
  entry.toMs = Date.now();
}

/** A fault that hits one of these, alone. */
export const onOne =
  (
    choose: (hands: Hands) => readonly Slot[],
    strike: (slot: Slot, hands: Hands, fault: Fault) => Promise<void>,
  ): Strike =>
  (hands, fault) => {
    const slot = pickOf(choose(hands), fault);
    return hands.alone([slot.name], () => noted(hands, fault, slot.name, () => strike(slot, hands, fault)));
  };

/** A fault that hits one of the destinations whose network and receiver may be broken. */
export const onPlace =
  (strike: (place: Place, hands: Hands, fault: Fault) => Promise<void>): Strike =>
  (hands, fault) => {
    const place = pickOf(
      hands.wiring.places.filter(({ proxy }) => proxy !== null),
      fault,
    );
    return hands.alone([place.name], () => noted(hands, fault, place.name, () => strike(place, hands, fault)));
  };

/** Locks by name. Those that want several take them in one order, so nobody waits in a circle. */
export function makeAlone(): Hands["alone"] {
  const tails = new Map<string, Promise<unknown>>();
  return async (things, run) => {
    const mine = Promise.withResolvers<void>();
    const before = things.map((thing) => tails.get(thing));
    for (const thing of things) tails.set(thing, mine.promise);
    await Promise.all(before);
    try {
      return await run();
    } finally {
      mine.resolve();
    }
  };
}
