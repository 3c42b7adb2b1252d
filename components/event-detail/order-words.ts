// An event's place in the order of its destination, in words.

import type { EventDetail, EventStatus } from "#server/contracts/event.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

export interface OrderWords {
  /** Of its key; undefined where the destination keeps no order by key. */
  value: string | undefined;
  waitsFor: { id: string; state: string } | undefined;
}

/** How the event stands that another one waits for. */
const STATES: Record<EventStatus, string> = {
  QUEUED: "which is queued.",
  SCHEDULED: "which is scheduled.",
  HOLD: "which is held.",
  RETRYING: "which is retrying.",
  DELIVERED: "which is delivered.",
  FAILED: "which has failed: retry or cancel that one, and this one goes on.",
  CANCELLED: "which is cancelled.",
};

/** Undefined where there is nothing to say. */
export function orderWords({
  order_value,
  waits_for,
}: Pick<EventDetail, "order_value" | "waits_for">): OrderWords | undefined {
  if (order_value === null && waits_for === null) return undefined;
  return {
    value: order_value === null ? undefined : visibleText(order_value) || "none",
    waitsFor: waits_for === null ? undefined : { id: waits_for.id, state: STATES[waits_for.status] },
  };
}
