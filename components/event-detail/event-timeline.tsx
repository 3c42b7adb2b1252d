import { Waterfall } from "#components/data/waterfall.tsx";
import { useNow } from "#components/ui/clock.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { eventWay } from "./event-way.ts";

const asItIs = (nowMs: number) => nowMs;

/** The way of an event in time; its present moves on by itself. */
export function EventTimeline({ event }: { event: EventDetail }) {
  const nowMs = useNow(asItIs);
  return <Waterfall event={eventWay(event, nowMs)} />;
}
