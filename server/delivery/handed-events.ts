// Events that routing hands to a reader in memory, from the moment at which room is kept for them. docs/decisions/099-handed-over-in-memory.md
import type { HandedOver } from "#server/events/handed-over.ts";

/** The part of a reader to which routing hands events over. */
export interface Inbox {
  /** Whether `reserve` would keep room. */
  isOpen(): boolean;
  /**
   * Keeps room for an event that is about to be committed. It is not read from here on. False where other events may be due
   * before it, or enough is ready.
   */
  reserve(eventId: string): boolean;
  /** Makes an event ready for which room was kept. */
  handOver(item: HandedOver): void;
  /** The event for which room was kept may be read, at the next news. */
  giveUp(eventId: string): void;
}

/** Of a reader that takes nothing: where lines say what goes first, they are in the table. */
export const CLOSED_INBOX: Inbox = {
  isOpen: () => false,
  reserve: () => false,
  handOver() {},
  giveUp() {},
};

export interface HandedEvents extends Inbox {
  /** Takes out what waits to be made ready. */
  takeAll(): HandedOver[];
}

/**
 * @param taken the events that the reader skips; room is kept by a place among them
 * @param isOpen whether room may be kept, beside so many that are not ready yet
 */
export function makeHandedEvents(taken: Set<string>, isOpen: (count: number) => boolean): HandedEvents {
  const expected = new Set<string>();
  let handed: HandedOver[] = [];
  const hasRoom = () => isOpen(expected.size + handed.length);
  return {
    isOpen: hasRoom,
    reserve(eventId) {
      if (!hasRoom() || taken.has(eventId)) return false;
      taken.add(eventId);
      expected.add(eventId);
      return true;
    },
    handOver(item) {
      expected.delete(item.event.id);
      handed.push(item);
    },
    giveUp(eventId) {
      if (expected.delete(eventId)) taken.delete(eventId);
    },
    takeAll() {
      const items = handed;
      handed = [];
      return items;
    },
  };
}
