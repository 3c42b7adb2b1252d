import { Waterfall } from "#components/data/waterfall.tsx";
import { useNow } from "#components/ui/clock.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { eventWay, leftOut } from "./event-way.ts";

const asItIs = (nowMs: number) => nowMs;

/** The way of an event in time; its present moves on by itself. */
export function EventTimeline({ event }: { event: EventDetail }) {
  const nowMs = useNow(asItIs);
  const count = leftOut(event);
  return (
    <>
      {count === 0 ? null : (
        <p className="text-muted text-xs">
          The last attempts are drawn; {count === 1 ? "1 earlier one stands" : `${count} earlier ones stand`} under
          Attempts.
        </p>
      )}
      <Waterfall event={eventWay(event, nowMs)} />
    </>
  );
}
