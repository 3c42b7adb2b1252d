// The losses that come of deleting a connection or a destination, in numbers. Pure.
import type { Waiting } from "#components/live/live-state.ts";
import { formatCount } from "#components/ui/format.ts";

export const counted = (count: number, one: string, many = `${one}s`) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const NOTHING: Waiting = { queued: 0, scheduled: 0, retrying: 0, held: 0, failed: 0 };

interface Affected {
  waiting: Waiting | undefined;
  perMinute: number;
  /** The names of the connections that go with a destination; none for a connection itself. */
  branches?: readonly string[];
}

const TOLD_BRANCHES = 5;

/** Sentences: what stops, what is cancelled, what can no longer be replayed. */
export function affectedWords({ waiting = NOTHING, perMinute, branches = [] }: Affected): string {
  const { queued, scheduled, retrying, held, failed } = waiting;
  const waits = queued + scheduled + retrying + held;
  const more = branches.length - TOLD_BRANCHES;
  const names = `${branches.slice(0, TOLD_BRANCHES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const sentences = [
    branches.length > 0
      ? `${counted(branches.length, "connection")} go${branches.length === 1 ? "es" : ""} with it: ${names}.`
      : "",
    perMinute > 0 ? `Stops ${counted(Math.round(perMinute), "event")} a minute.` : "Nothing flows here now.",
    waits > 0
      ? `${counted(waits, "waiting event")} ${waits === 1 ? "is" : "are"} cancelled${held > 0 ? `, ${formatCount(held)} of them held` : ""}.`
      : "No event waits.",
    failed > 0 ? `${formatCount(failed)} failed in 24 h can no longer be replayed.` : "",
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}
