// The additions of an operation to the lines of destinations, and their times. Pure.
//
// An operation goes through its window in strands. The main strand is for every destination whose line has room. A destination
// without room gets a strand of its own, which begins where the main one left it, so it delays no other destination. Live
// events wait behind what a strand has put in line: that is as much as the destination has been seen to send in a second.
import { type Line, MAX_COUNTED } from "./lines.sql.ts";

export interface Strand {
  /** Null: the main one. */
  destination_id: string | null;
  /** The last row that it is done with. */
  cursor: string;
  /** At the end of the window. It is kept: the main strand may be behind it, and leaves its destination out. */
  is_done: boolean;
  next_at_ms: number;
  /** How much the destination sends. The line is as long. */
  per_second: number;
  /** How long the line was at the last look, with what was added to it then. */
  fed: { line: number; at_ms: number } | null;
  /** Before it looks at a full line again. */
  wait_ms: number;
}

/** Where nothing is known of a destination yet. */
const FIRST_LINE = 50;
/** A destination with the default concurrency has this much on the wire alone. */
const SHORTEST_LINE = 25;
const AVERAGE_MS = 2_000;
const LOOK_AGAIN_MS = 25;
const LOOK_SELDOM_MS = 1_000;
/** Shares of a rate limit: what an operation may use of it in the long run, and at once. The rest stays for live events. */
const SHARE_OF_RATE = 0.8;
const SHARE_AT_ONCE = 0.1;

export const newStrand = (destinationId: string | null, cursor: string, nowMs: number): Strand => ({
  destination_id: destinationId,
  cursor,
  is_done: false,
  next_at_ms: nowMs,
  per_second: FIRST_LINE,
  fed: null,
  wait_ms: LOOK_AGAIN_MS,
});

/** The strand whose turn it is, if one is due. */
export const dueStrand = (strands: readonly Strand[], nowMs: number): Strand | undefined =>
  strands
    .filter(({ is_done, next_at_ms }) => !is_done && next_at_ms <= nowMs)
    .toSorted((a, b) => a.next_at_ms - b.next_at_ms)[0];

/** How long it is until a strand is due; null when all are done. */
export function untilDueMs(strands: readonly Strand[], nowMs: number): number | null {
  const dueAtMs = strands.filter(({ is_done }) => !is_done).map(({ next_at_ms }) => next_at_ms);
  return dueAtMs.length === 0 ? null : Math.max(0, Math.min(...dueAtMs) - nowMs);
}

/** The main strand adds to a short line. What has a rate limit is paced, by a strand of its own. */
export const roomInMain = (line: Line | undefined): number =>
  line && line.limit === null ? Math.max(0, FIRST_LINE - line.waiting) : 0;

/** The strand with what it learns from its line: how much its destination sends in a second, on average over some seconds. */
export function learn(strand: Strand, { waiting }: Line, nowMs: number): Strand {
  const { fed, per_second } = strand;
  const elapsedMs = fed ? nowMs - fed.at_ms : 0;
  if (!fed || elapsedMs <= 0) return strand;
  const latest = (Math.max(0, fed.line - waiting) * 1_000) / elapsedMs;
  // Results come in groups: a short look at a slow receiver may see many of them.
  const weight = 1 - Math.exp(-elapsedMs / AVERAGE_MS);
  return { ...strand, per_second: per_second + (latest - per_second) * weight, fed: { line: waiting, at_ms: nowMs } };
}

const longest = ({ per_second }: Strand) => Math.min(MAX_COUNTED, Math.max(SHORTEST_LINE, Math.floor(per_second)));

const perMs = ({ limit, periodMs }: Line) =>
  limit === null ? Number.POSITIVE_INFINITY : (limit * SHARE_OF_RATE) / periodMs;

/** How much a destination's own strand may add now. */
export function roomInStrand(strand: Strand, line: Line): number {
  if (line.limit === null) return Math.max(0, longest(strand) - line.waiting);
  const atOnce = Math.max(1, Math.floor(line.limit * SHARE_AT_ONCE));
  if (line.waiting >= atOnce) return 0;
  return strand.fed === null ? atOnce : Math.max(1, Math.min(atOnce, Math.floor(perMs(line) * 1_000)));
}

/** The strand after it has added `count` to its line, which had this much room. */
export const afterFeed = (
  strand: Strand,
  line: Line,
  { count, room }: { count: number; room: number },
  nowMs: number,
): Strand => ({
  ...strand,
  fed: { line: line.waiting + count, at_ms: nowMs },
  wait_ms: LOOK_AGAIN_MS,
  next_at_ms: nowMs + Math.max(count < room ? 0 : LOOK_AGAIN_MS, Math.ceil(count / perMs(line))),
});

/** The strand after it found its line full: it looks again, less often the longer that lasts. */
export const afterFull = (strand: Strand, nowMs: number): Strand => ({
  ...strand,
  next_at_ms: nowMs + strand.wait_ms,
  wait_ms: Math.min(LOOK_SELDOM_MS, strand.wait_ms * 2),
});

/** A row of the window, and where its events go: several for a request, none where nothing is sent. */
export interface FeedTarget {
  id: string;
  skip: string | null;
  destination_ids: readonly string[];
}

interface Taken<T> {
  /** What is done with now, with the destinations that it is sent to. */
  targets: { target: T; destinationIds: string[] }[];
  /** Events that this moves. */
  moves: number;
  /** Rows that were gone through. */
  passed: number;
  /** The last of them. */
  cursor: string;
  /** Destinations that had no room: what lies behind `cursor` is for strands of their own. */
  full: { destinationId: string; cursor: string }[];
  /** More of the page is left. */
  isCut: boolean;
}

interface Reach {
  /** The destination of the strand; null for the main one. */
  own: string | null;
  /** Destinations with strands of their own. */
  others: ReadonlySet<string>;
  /** How many may be added for each destination. One that is not here has no line. */
  rooms: ReadonlyMap<string, number>;
  /** How many events may be moved in all; a row that moves several is never split. */
  mayMove: number;
}

/** What of a page goes now. The rows come in order of id, behind `after`. */
export function takeFrom<T extends FeedTarget>(page: readonly T[], after: string, reach: Reach): Taken<T> {
  const { own, others, mayMove } = reach;
  const taken: Taken<T> = { targets: [], moves: 0, passed: 0, cursor: after, full: [], isCut: false };
  const rooms = new Map(reach.rooms);
  const closed = new Set(others);
  const hasRoom = (id: string) => (rooms.get(id) ?? 1) > 0;
  for (const target of page) {
    // The main strand passes every row, so it alone tells what is left out and does what is for no destination.
    if (target.skip !== null) {
      if (own === null) taken.targets.push({ target, destinationIds: [] });
    } else {
      const isForNobody = target.destination_ids.length === 0;
      const mine = target.destination_ids.filter((id) => (own === null ? !closed.has(id) : id === own));
      const open = mine.filter(hasRoom);
      const moves = isForNobody && own === null ? 1 : open.length;
      const isTooMuch = taken.moves > 0 && taken.moves + moves > mayMove;
      if (isTooMuch || (own !== null && open.length < mine.length)) return { ...taken, isCut: true };
      for (const destinationId of mine) {
        const room = rooms.get(destinationId);
        if (!open.includes(destinationId)) {
          closed.add(destinationId);
          taken.full.push({ destinationId, cursor: taken.cursor });
        } else if (room !== undefined) rooms.set(destinationId, room - 1);
      }
      if (moves > 0) taken.targets.push({ target, destinationIds: open });
      taken.moves += moves;
    }
    taken.passed++;
    taken.cursor = target.id;
  }
  return taken;
}
