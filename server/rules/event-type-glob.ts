import { BETWEEN_TYPES } from "#server/contracts/event-facts.ts";

/**
 * Whether an event type matches a glob such as `payment.*`. A `*` stands for any run of characters, an empty one and dots
 * too; every other character for itself. Each literal piece is sought once, from the left, so nothing backtracks.
 */
export function matchesGlob(glob: string, eventType: string): boolean {
  const [head = "", ...pieces] = glob.split("*");
  const tail = pieces.pop();
  if (tail === undefined) return eventType === glob;
  if (!eventType.startsWith(head) || !eventType.endsWith(tail)) return false;
  const end = eventType.length - tail.length;
  let from = head.length;
  for (const piece of pieces) {
    const found = eventType.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from <= end;
}

/** Behind the types of a list where not all had room: the event may be of any. */
const AND_MORE = / \(\+\d+\)$/;

/**
 * What an event type stands for: itself, and each type of a list. Null: a list with more types than it names, which may be of any, since
 * a filter that takes too much is seen and one that loses events is not.
 */
export function listedTypes(eventType: string): string[] | null {
  if (AND_MORE.test(eventType)) return null;
  return eventType.includes(BETWEEN_TYPES) ? [eventType, ...eventType.split(BETWEEN_TYPES)] : [eventType];
}

/** Whether an event type fits a glob: as it stands, or one of the types of a list. */
export const fitsEventType = (glob: string, eventType: string): boolean =>
  listedTypes(eventType)?.some((type) => matchesGlob(glob, type)) ?? true;
