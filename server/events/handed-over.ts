// The direct way from routing to a lane of the same process: an event that was just committed goes to its lane in memory, and
// nobody reads it back. The table stays the truth. What is not handed over, or is lost with the process, is found there.
import type { BranchIds } from "#server/contracts/branch.ts";
import type { RequestHead, SendableRequest } from "./stored-request.sql.ts";

/** Bodies up to this size go along, bytes. Larger ones are read one by one, just before they are sent. */
export const HANDED_BODY_BYTES = 16 * 1024;

/** An event as a lane would have read it. */
export interface RoutedEvent extends BranchIds {
  event_type: string | null;
  turn_key: string | null;
  next_attempt_at: Date;
  attempts: 0;
  retries_counted_from: 0;
  trigger: "INITIAL";
  object_batch_id: null;
  transformed: RequestHead | null;
  has_own_body: false;
  transformed_body: null;
}

/** What a lane needs to send. */
export interface HandedOver {
  event: RoutedEvent;
  request: SendableRequest;
}

/** Room for one event at its lane. It ends with one of the two calls. */
export interface Reservation {
  /** The event is committed by a statement that inserted it. False when the lane has ended: it is to be woken like any other. */
  handOver(item: HandedOver): boolean;
  /** The event is not committed, or was there before: the lane may read it. */
  giveUp(): void;
}

export interface LaneInboxes {
  /** Whether a lane of this process would take an event now. */
  isOpen(destinationId: string): boolean;
  /**
   * Asks a lane of this process for room, before the event is committed: from here on the lane does not read the event, so
   * nothing is sent twice however late the commit is heard of. Null where the event has to be read like any other.
   */
  reserve(destinationId: string, eventId: string): Reservation | null;
}
