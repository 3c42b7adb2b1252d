// The verdict on a line that is drawn from a source, or back from a destination, and let go over something. Pure.
import { formatCount } from "#components/ui/format.ts";
import type { Card, DestinationCard, SourceCard } from "./graph-types.ts";

export type ConnectVerdict =
  /** Over nothing: a new end is offered. */
  | { kind: "offer"; title: string; note: string }
  | { kind: "refuse"; title: string; note: string }
  | { kind: "connect"; note: string; from: SourceCard; to: DestinationCard };

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

function connect(from: SourceCard, to: DestinationCard): ConnectVerdict {
  const isAgain = from.connectionIds.some((id) => to.connectionIds.includes(id));
  const again = isAgain ? " The two are connected already: this one would be a second way." : "";
  return { kind: "connect", note: `Release to connect. ${shareWords(to)}${again}`, from, to };
}

export function connectVerdict(from: Card | undefined, over: Card | undefined): ConnectVerdict {
  const title = from?.name ?? "This source";
  const isBack = from?.kind === "destination";
  const [here, there] = isBack ? (["destination", "source"] as const) : (["source", "destination"] as const);
  if (!over || over.id === from?.id) {
    const made = isBack ? "a new connection to it" : "a new destination";
    return { kind: "offer", title, note: `Release on a ${there} to connect, or here to make ${made}.` };
  }
  if (from?.kind === "source" && over.kind === "destination") return connect(from, over);
  if (from?.kind === "destination" && over.kind === "source") return connect(over, from);
  if (over.kind === "connection") {
    return { kind: "refuse", title, note: `${over.name} has its ${here} already. Release on a ${there}.` };
  }
  const verb = isBack ? "begins" : "ends";
  return { kind: "refuse", title, note: `${over.name} is a ${here}, too. A line ${verb} at a ${there}.` };
}
