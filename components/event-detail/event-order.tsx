import Link from "next/link";
import { shortenId } from "#components/ui/id.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { orderWords } from "./order-words.ts";

/** What an event waits for in the order of its destination, and the value that it shares with that one. */
export function EventOrder({ event }: { event: EventDetail }) {
  const words = orderWords(event);
  if (words === undefined) return null;
  const { value, waitsFor } = words;
  return (
    <p className="mt-2 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-ink-2 text-xs">
      {waitsFor ? (
        <span>
          Waits for{" "}
          <Link
            href={`/events/${waitsFor.id}`}
            prefetch={false}
            title={waitsFor.id}
            className="font-mono underline underline-offset-2"
          >
            {shortenId(waitsFor.id)}
          </Link>
          , {waitsFor.state}
        </span>
      ) : null}
      {value === undefined ? null : (
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
          Order key <code className="text-ink-2">{value}</code>
        </span>
      )}
    </p>
  );
}
