// Paging by id: ids sort by time, so "after this id" is a range of the primary key and never skips or repeats a row,
// whatever is added meanwhile. Pure: the caller runs the query.
import type { Page, PageInput } from "#server/contracts/page.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";
import { type IdKind, idTimeMs, isId, lowestId } from "#server/ids.ts";

const DAY_MS = 86_400_000;

/** The range of ids of a page, in Prisma's words; every bound that is absent is open. */
export interface IdRange {
  gte?: string;
  gt?: string;
  lte?: string;
  lt?: string;
  in?: string[];
}

/** The query of a page. `take` is one row more than the page holds, which tells whether there is another. */
export interface PageWindow {
  where: { id: IdRange };
  orderBy: { id: "asc" | "desc" };
  take: number;
  /** Whether the rows come in the reverse of the page's order, because they were read backwards from `prev`. */
  isBackward: boolean;
  /** Whether the page starts at a cursor. */
  isContinued: boolean;
  limit: number;
  dir: "asc" | "desc";
  /** The last row that the call looks at, where it may not look through all of the range. */
  stopsAt?: string;
}

/**
 * The window of ids that `input` asks for at `now`. `from` and `to` (both inclusive, to the millisecond) become bounds of
 * ids, so that days outside are never read. A cursor that is not of this list and direction is UNPROCESSABLE.
 */
export function pageWindow(kind: IdKind, input: PageInput, now: Date): PageWindow {
  if (input.next !== undefined && input.prev !== undefined) {
    throw new AppError("UNPROCESSABLE", "Give next or prev, not both.", [{ path: "prev", message: "Leave one out." }]);
  }
  const isBackward = input.prev !== undefined;
  const cursor = readCursor(kind, input);
  const order = isBackward ? opposite(input.dir) : input.dir;
  const range: IdRange = {};
  if (input.id) range.in = input.id;
  if (input.from !== undefined) range.gte = lowestId(kind, resolveTime(input.from, now.getTime()));
  if (input.to !== undefined) range.lt = lowestId(kind, resolveTime(input.to, now.getTime()) + 1);
  if (cursor !== null && order === "asc") range.gt = cursor;
  if (cursor !== null && order === "desc" && (range.lt === undefined || cursor < range.lt)) range.lt = cursor;
  return {
    where: { id: range },
    orderBy: { id: order },
    take: input.limit + 1,
    isBackward,
    isContinued: cursor !== null,
    limit: input.limit,
    dir: input.dir,
  };
}

/** The same window as far as the row `id`, which it still has. */
export function endingAt(window: PageWindow, id: string): PageWindow {
  const end = window.orderBy.id === "desc" ? { gte: id } : { lte: id };
  return { ...window, where: { id: { ...window.where.id, ...end } }, stopsAt: id };
}

/** The envelope of the rows that a window's query gave. */
export function toPage<T extends { id: string }>(rows: T[], window: PageWindow): Page<T> {
  const hasMore = rows.length > window.limit;
  const data = rows.slice(0, window.limit);
  if (window.isBackward) data.reverse();
  const goesOn = hasMore || window.stopsAt !== undefined;
  const hasNext = window.isBackward || goesOn;
  const hasPrev = window.isBackward ? goesOn : window.isContinued;
  const stopsAt = hasMore ? undefined : window.stopsAt;
  // Beyond the last row that was looked at, or else beyond the last one that was found.
  const [first, last] = [
    window.isBackward && stopsAt !== undefined ? stopsAt : data.at(0)?.id,
    !window.isBackward && stopsAt !== undefined ? stopsAt : data.at(-1)?.id,
  ];
  return {
    data,
    pagination: {
      limit: window.limit,
      order_by: "created_at",
      dir: window.dir,
      next: last && hasNext ? encodeCursor("next", window.dir, last) : null,
      prev: first && hasPrev ? encodeCursor("prev", window.dir, first) : null,
      ...(stopsAt === undefined ? {} : { stopped_at: new Date(idTimeMs(stopsAt)).toISOString() }),
    },
  };
}

/** A search in bodies reads every row of its range: without a start of its own (or ids) it looks back one day from its end. */
export function withSearchRange<T extends PageInput & { body?: unknown }>(input: T, now: Date): T {
  if (input.body === undefined || input.from !== undefined || input.id !== undefined) return input;
  const toMs = resolveTime(input.to ?? "now", now.getTime());
  return { ...input, from: new Date(toMs - DAY_MS).toISOString() };
}

const opposite = (dir: "asc" | "desc") => (dir === "asc" ? "desc" : "asc");

/** Bound to its parameter and direction, because the same id means another page under the other. */
function encodeCursor(parameter: "next" | "prev", dir: "asc" | "desc", id: string): string {
  return Buffer.from(`${parameter}:${dir}:${id}`).toString("base64url");
}

function readCursor(kind: IdKind, input: PageInput): string | null {
  const parameter = input.prev === undefined ? "next" : "prev";
  const text = input[parameter];
  if (text === undefined) return null;
  const [wanted, dir, id] = Buffer.from(text, "base64url").toString("utf8").split(":");
  if (wanted === parameter && dir === input.dir && id !== undefined && isId(kind, id)) return id;
  const message = `Use pagination.${parameter} of an earlier answer to this list with the same dir, unchanged.`;
  throw new AppError("UNPROCESSABLE", `The cursor in ${parameter} is not one of this list.`, [
    { path: parameter, message },
  ]);
}
