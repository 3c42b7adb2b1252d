// The bound of one call of a list. A filter that no index serves reads row after row, and one that hardly anything matches would
// read all of its range: the call ends after so many rows, and its page says from where the next one goes on.
import type { Ctx } from "#server/auth/ctx.ts";
import type { PageInput } from "#server/contracts/page.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { inWindow } from "./list-filters.sql.ts";
import { endingAt, type PageWindow } from "./paging.ts";

/** A search in bodies opens each of them. */
const MAX_LOOKED = { rows: 100_000, bodies: 5_000 };

/** States that have an index of their own, alone or with each other. */
const INDEXED_STATUSES = [new Set(["FAILED"]), new Set(["QUEUED", "SCHEDULED", "RETRYING", "HOLD"])];

/** The fields of an input that are no filter on rows. */
const UNFILTERED = new Set<string>([
  ...(["limit", "order_by", "dir", "next", "prev", "from", "to"] satisfies (keyof PageInput)[]),
  "with_body",
]);
/** Filters by which few rows are found, by their keys. */
const KEYS = ["id", "request_id", "event_id"];

type Table = "request" | "event" | "attempt";

/** Undefined: the call finds its rows by an index, or takes each row that it meets. */
export function mostLooked(table: Table, input: PageInput & { body?: unknown; status?: unknown }): number | undefined {
  const names = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const filters = names.filter((name) => !UNFILTERED.has(name));
  if (filters.length === 0 || filters.some((name) => KEYS.includes(name))) return undefined;
  if (filters.includes("body")) return MAX_LOOKED.bodies;
  const statuses = table === "event" && Array.isArray(input.status) ? input.status : [];
  const isIndexed =
    statuses.length > 0 && INDEXED_STATUSES.some((indexed) => statuses.every((status) => indexed.has(status)));
  return isIndexed ? undefined : MAX_LOOKED.rows;
}

/** The part of a page's window that one call looks through. */
export async function withLookBound(ctx: Ctx, table: Table, window: PageWindow, input: PageInput): Promise<PageWindow> {
  const most = mostLooked(table, input);
  if (most === undefined) return window;
  const [last] = await ctx.app.searches.run<{ id: string }>(
    ctx,
    Prisma.sql`select x.id from ${Prisma.raw(table)} x where ${inWindow("x", ctx.teamId, window)}
      order by x.id ${Prisma.raw(window.orderBy.id)} offset ${most - 1} limit 1`,
  );
  return last ? endingAt(window, last.id) : window;
}
