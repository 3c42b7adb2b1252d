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
