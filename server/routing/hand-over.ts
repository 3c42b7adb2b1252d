// Hands events over to the lanes of this process as their commit is heard of. Room at the lanes is asked for before the write, and
// only what the write inserted goes there: what was there before may be on its way already.
import type { HandedOver, LaneInboxes, Reservation } from "#server/events/handed-over.ts";
import { HANDED_BODY_BYTES } from "#server/events/handed-over.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import type { NewEvent } from "./route.sql.ts";

export interface HandOver {
  /** Whether the write has to tell which events it inserted. */
  isAsked: boolean;
  /** Hands over what was inserted. Returns the destinations of the events that have to be read. */
  inserted(eventIds: ReadonlySet<string>): Set<string>;
  /** Nothing was written. */
  failed(): void;
}

/** @param requests those that were loaded, by id */
export function prepareHandOver(
  inboxes: LaneInboxes,
  events: readonly NewEvent[],
  requests: ReadonlyMap<string, StoredRequest>,
  now: Date,
): HandOver {
  const reserved: { item: HandedOver; reservation: Reservation }[] = [];
  const toRead = new Set<string>();
  for (const event of events) {
    if (event.status === "HOLD") continue;
    const stored = requests.get(event.request_id);
    const item = stored && isPlain(event, now) ? toItem(event, stored) : null;
    const reservation = item && inboxes.reserve(event.destination_id, event.id);
    if (reservation) reserved.push({ item, reservation });
    else toRead.add(event.destination_id);
  }
  return {
    isAsked: reserved.length > 0,
    inserted(eventIds) {
      for (const { item, reservation } of reserved) {
        if (eventIds.has(item.event.id) && reservation.handOver(item)) continue;
        reservation.giveUp();
        toRead.add(item.event.destination_id);
      }
      return toRead;
    },
    failed() {
      for (const { reservation } of reserved) reservation.giveUp();
    },
  };
}

/** Due now, and nothing of it is stored otherwise than it is in memory. */
const isPlain = ({ status, next_attempt_at, order_key, transformed, body }: NewEvent, now: Date): boolean =>
  status === "QUEUED" && next_attempt_at <= now && order_key === undefined && transformed === null && body === null;

/** Null where the body should go along and was not loaded. */
function toItem(event: NewEvent, stored: StoredRequest): HandedOver | null {
  const isInline = stored.body_bytes <= HANDED_BODY_BYTES;
  if (isInline && stored.body === null) return null;
  const { team_id, id, verified, method, path, query, headers, body_bytes, is_masked } = stored;
  return {
    event: {
      ...{ team_id: event.team_id, id: event.id, request_id: event.request_id, source_id: event.source_id },
      ...{ connection_id: event.connection_id, destination_id: event.destination_id, event_type: event.event_type },
      ...{ turn_key: event.turn_key ?? null, next_attempt_at: event.next_attempt_at, transformed: null },
      ...{ attempts: 0, retries_counted_from: 0, trigger: "INITIAL", object_batch_id: null },
      ...{ has_own_body: false, transformed_body: null },
    },
    request: {
      ...{ team_id, id, verified, method, path, query, headers, body_bytes, is_masked },
      body: isInline ? stored.body : null,
    },
  };
}
