// The door's news for routing. A small batch is told to a worker of this machine with all that it needs; of any other routing is
// told that it is there. docs/decisions/111-told-with-what-came.md
import { encodeHandOff, isTellable, type WrittenHandOff } from "#server/events/direct-hand-off.ts";
import type { Place, Telling } from "#server/process/local-line.ts";
import type { Arrival } from "./arrival.ts";

const goesOn = ({ is_kept, status, test }: Arrival): boolean => is_kept && status === "accepted" && test !== "unrouted";

/** The arrivals that go on to routing, in the order of their ids. */
export const toHandOff = (arrivals: readonly Arrival[]): Arrival[] =>
  arrivals.filter(goesOn).sort((a, b) => (a.id < b.id ? -1 : 1));

export const isMarked = ({ rejection_cause }: Arrival): boolean => rejection_cause === "NO_CONNECTION";

/** Takes a place at a worker before the batch is written. Null where none has one, or the batch is better read, or goes nowhere. */
export function reserveFor(line: Pick<Telling, "reserve"> | undefined, arrivals: readonly Arrival[]): Place | null {
  const handed = arrivals.filter(goesOn);
  const isWorthIt = isTellable(handed.map(({ body }) => body)) && !handed.every(isMarked);
  return line && isWorthIt ? line.reserve() : null;
}

/** Tells the worker what was committed. False where it could not be told. */
export function tellRouting(place: Place, written: WrittenHandOff, arrivals: readonly Arrival[]): boolean {
  const handed = toHandOff(arrivals);
  return place.give(encodeHandOff({ ...written, requests: handed.map(toStored), marks: handed.map(isMarked) }));
}

const toStored = (arrival: Arrival) => ({
  ...{ team_id: arrival.team_id, id: arrival.id, source_id: arrival.source_id, status: arrival.status },
  ...{ verified: arrival.verified, method: arrival.method, path: arrival.path, query: arrival.query },
  ...{ headers: arrival.headers, body: arrival.body, body_bytes: arrival.body_bytes },
  content_type: arrival.content_type,
  event_type: arrival.event_type ?? null,
  provider_event_id: arrival.provider_event_id ?? null,
  has_masks: arrival.masks !== undefined,
  is_masked: false,
  created_at: arrival.created_at,
});
