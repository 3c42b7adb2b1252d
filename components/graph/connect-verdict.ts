// The verdict on a line that is drawn from a source and let go over something. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { Card, DestinationCard } from "./graph-types.ts";

export type ConnectVerdict =
  /** Over nothing: a new destination is offered. */
  | { kind: "offer"; title: string; note: string }
  | { kind: "refuse"; title: string; note: string }
  | { kind: "connect"; title: string; note: string; to: DestinationCard };

const ordinal = (n: number) => {
  const last = n % 10;
  const isTeen = Math.floor((n % 100) / 10) === 1;
  return `${n}${isTeen ? "th" : last === 1 ? "st" : last === 2 ? "nd" : last === 3 ? "rd" : "th"}`;
};

/** What the new branch will share. */
function shareWords({ limit, connectionIds }: DestinationCard): string {
  if (connectionIds.length === 0) return "It becomes the first branch of this destination.";
  const nth = `It becomes the ${ordinal(connectionIds.length + 1)} branch`;
  if (!limit) return `${nth} of this destination, which has no rate limit.`;
  const under = `${nth} under ${formatCount(limit.max)} a ${limit.period}`;
  if (limit.used === undefined) return `${under}.`;
  return `${under}, of which ${formatCount(Math.max(0, limit.max - limit.used))} are free.`;
}

export function connectVerdict(from: Card | undefined, over: Card | undefined): ConnectVerdict {
  const title = from?.name ?? "This source";
  if (!over || over.id === from?.id) {
    return { kind: "offer", title, note: "Release on a destination to connect, or here to make a new destination." };
  }
  if (over.kind === "source") {
    return { kind: "refuse", title, note: `${over.name} is a source, too. A line ends at a destination.` };
  }
  if (over.kind === "connection") {
    return { kind: "refuse", title, note: `${over.name} has its source already. Release on a destination.` };
  }
  const isAgain = from?.kind === "source" && from.connectionIds.some((id) => over.connectionIds.includes(id));
  const again = isAgain ? " The two are connected already: this one would be a second way." : "";
  return { kind: "connect", title, note: `Release to connect. ${shareWords(over)}${again}`, to: over };
}
