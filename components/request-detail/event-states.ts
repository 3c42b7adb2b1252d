import type { EventStatus } from "#server/contracts/event.ts";

const ENDED: ReadonlySet<EventStatus> = new Set(["DELIVERED", "FAILED", "CANCELLED"]);

/** Whether nothing more happens to an event by itself. */
export const hasEnded = (status: EventStatus) => ENDED.has(status);
