// Which faults may lead to what. A kind that is not named here excuses nothing.
import type { FaultEntry } from "./logs.ts";

/** The likeliest first. A worker whose result is lost, or not heard of, sends again. An orderly stop is no excuse, nor is anything at the door. */
const LOSES_RESULTS = [
  ...["worker-kill", "everything-kill", "worker-freeze", "postgres-kill", "postgres-stop", "postgres-freeze"],
  ...["fail-over", "standby-kill", "disk-full", "worker-freeze-long", "postgres-freeze-long", "connections-taken"],
  ...["database-cut", "database-refuse", "database-delay", "database-slow", "database-half-open", "database-deaf"],
  "database-answers-cut",
];
/** The worker did not read the answer that its receiver gave. */
const LOSES_ANSWERS = [
  ...["receiver-cut", "receiver-refuse", "receiver-delay", "receiver-slow", "receiver-half-open", "receiver-deaf"],
  ...["receiver-break-off", "receiver-trickle"],
];
/** A worker that is cut off does not hear of a pause until it is back. */
const DEAFENS = LOSES_RESULTS;

/** From the send to the stored result, on a machine that others use as well. */
const SETTLE_MS = 5_000;
/** A result waits so long in a worker that cannot store it, which may then die for another reason. */
const BEFORE_MS = 5_000;
/** Until everybody has connected again. */
const RECONNECT_MS = 10_000;

const touches = (fault: FaultEntry, fromMs: number, toMs: number) => fault.fromMs <= toMs && fault.toMs >= fromMs;
const lasted = (fault: FaultEntry) => ({ ...fault, toMs: fault.toMs + RECONNECT_MS });

/** The fault by which what arrived at `destination` from `fromMs` to `toMs` may have been sent again; undefined: there was none. */
export function findCauseOfRepeat(
  faults: readonly FaultEntry[],
  { destination, fromMs, toMs }: { destination: string; fromMs: number; toMs: number },
): FaultEntry | undefined {
  const near = faults.filter((fault) => touches(fault, fromMs - BEFORE_MS, toMs + SETTLE_MS));
  const lostAnswer = near.find(({ kind, target }) => LOSES_ANSWERS.includes(kind) && target === destination);
  if (lostAnswer) return lostAnswer;
  const kind = LOSES_RESULTS.find((one) => near.some((fault) => fault.kind === one));
  return near.find((fault) => fault.kind === kind);
}

/** Whether a worker may not have heard of a pause, given that it should have by `atMs`. */
export const isDeafened = (faults: readonly FaultEntry[], fromMs: number, atMs: number): boolean =>
  faults.some((fault) => DEAFENS.includes(fault.kind) && touches(lasted(fault), fromMs, atMs));

/** How long a worker stood still between the two. */
export const frozenMs = (faults: readonly FaultEntry[], fromMs: number, toMs: number): number =>
  faults
    .filter((fault) => fault.kind.startsWith("worker-freeze") && touches(fault, fromMs, toMs))
    .reduce((longest, fault) => Math.max(longest, fault.toMs - fault.fromMs), 0);
