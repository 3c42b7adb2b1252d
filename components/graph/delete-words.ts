// The effects of deleting something, in numbers. Pure.
import type { Waiting } from "#components/live/live-state.ts";
import { formatCount } from "#components/ui/format.ts";
import type { Card, ConnectionCard } from "./graph-types.ts";

export interface DeleteWords {
  title: string;
  affects: string;
  confirmLabel: string;
}

const counted = (count: number, one: string, many = `${one}s`) => `${formatCount(count)} ${count === 1 ? one : many}`;

const waitingSum = ({ queued, scheduled, retrying, held }: Waiting) => queued + scheduled + retrying + held;

function waitingWords(waiting: readonly Waiting[]): string {
  const waits = waiting.reduce((sum, one) => sum + waitingSum(one), 0);
  const held = waiting.reduce((sum, one) => sum + one.held, 0);
  if (waits === 0) return "No event waits on the way.";
  const ofWhich = held > 0 ? `, of which ${formatCount(held)} ${held === 1 ? "is" : "are"} held,` : "";
  return `${counted(waits, "waiting event")}${ofWhich} will be cancelled.`;
}

function stops(branches: readonly ConnectionCard[]): string {
  const perMinute = Math.round(branches.reduce((sum, card) => sum + (card.perMinute ?? 0), 0));
  return perMinute > 0 ? ` ${counted(perMinute, "event")} a minute will not be delivered any more.` : "";
}

const KEPT = "What came in and went out so far stays in the lists until its retention ends.";

/**
 * @param branches the connections that go with it: itself, or those that end at it
 * @param waiting what waits on each of these
 */
export function deleteWords(card: Card, branches: readonly ConnectionCard[], waiting: readonly Waiting[]): DeleteWords {
  const title = `Delete ${card.name}?`;
  if (card.kind !== "connection" && branches.length === 0) {
    const gone =
      card.kind === "source" ? "Requests to its URL will be answered with 404." : "Nothing is sent to it now.";
    return { title, affects: `No connection uses it. ${gone}`, confirmLabel: `Delete the ${card.kind}` };
  }
  if (card.kind === "connection") {
    return {
      title,
      affects: `${waitingWords(waiting)}${stops(branches)} ${KEPT}`,
      confirmLabel: "Delete the connection",
    };
  }
  const lost = counted(branches.length, "connection");
  const own = card.kind === "source" ? " Requests to its URL will be answered with 404." : "";
  return {
    title,
    affects: `${lost} will be deleted with it: ${branches
      .slice(0, 5)
      .map(({ name }) => name)
      .join(
        ", ",
      )}${branches.length > 5 ? ` and ${formatCount(branches.length - 5)} more` : ""}. ${waitingWords(waiting)}${stops(branches)}${own} ${KEPT}`,
    confirmLabel: `Delete with ${lost}`,
  };
}
