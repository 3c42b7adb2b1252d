// One page of a bulk operation. The work of a page and its progress commit together, so a worker may die at any time. The
// next worker goes on behind the last page that was committed, and each event is queued exactly once.
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { requeueStatement } from "#server/events/moves.sql.ts";
import {
  claimOperation,
  isRoutingBusy,
  noteFailure,
  type PageResult,
  type RunningOperation,
  savePage,
} from "./operations.sql.ts";
import { type Page, pageStatement, readsRequests, routeStatement, type Target } from "./targets.sql.ts";

/** Rows that a page looks at, and events or requests that it moves. */
const LOOK_AT = 2_000;
const MOVE = 500;
/** With this many branches of a team in routing's list, an operation waits. */
const MAX_ROUTING = 1_000;
const ROUTING_WAIT_MS = 200;

export interface PageTools {
  pool: Pool;
  now: () => Date;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Set<string>) => Promise<void>;
  /** Called after the commit with a team that has new branches to route. */
  wakeRouting: (teamId: string) => void;
  /** Called after each page with the team of the operation, for the pages that show it. */
  changed: (teamId: string) => void;
}

export type PageOutcome =
  | { kind: "idle" }
  | { kind: "turned"; operationId: string }
  | { kind: "failed"; operationId: string; err: unknown };

/** Turns one page of the operation whose turn it is. */
export async function runPage(tools: PageTools): Promise<PageOutcome> {
  let operation: RunningOperation | undefined;
  const woken = new Set<string>();
  let routed = 0;
  try {
    await inTransaction(tools.pool, async (db) => {
      operation = await claimOperation(db);
      if (!operation) return;
      const page = await turnPage(db, operation, tools.now(), woken);
      routed = page.routed;
      await savePage(db, operation, page);
    });
  } catch (err) {
    if (!operation || isDatabaseAway(err)) throw err;
    await noteFailure(tools.pool, operation);
    return { kind: "failed", operationId: operation.id, err };
  }
  if (!operation) return { kind: "idle" };
  tools.changed(operation.teamId);
  if (woken.size > 0) await tools.wakeLanes(woken);
  if (routed > 0) tools.wakeRouting(operation.teamId);
  return { kind: "turned", operationId: operation.id };
}

async function turnPage(
  db: Queryable,
  operation: RunningOperation,
  now: Date,
  woken: Set<string>,
): Promise<PageResult> {
  const result = { ...NOTHING, skipped: {}, cursor: operation.cursor };
  if (readsRequests(operation) && (await isRoutingBusy(db, operation.teamId, MAX_ROUTING))) {
    return { ...result, waitMs: ROUTING_WAIT_MS };
  }
  const page = await readPage(db, operation);
  const { taken, isCut } = take(page, operation.perSecond);
  const moved = await move(db, operation, taken, now, woken);
  return {
    ...moved,
    cursor: (isCut ? taken.at(-1)?.id : page.lastId) ?? operation.cursor,
    isLast: !isCut && page.lookedAt < LOOK_AT,
    lookedAt: isCut ? taken.length : page.lookedAt,
    waitMs: waitAfter(taken.filter(({ skip }) => skip === null).length, operation.perSecond),
  };
}

const NOTHING: PageResult = {
  cursor: "",
  isLast: false,
  lookedAt: 0,
  queued: 0,
  held: 0,
  routed: 0,
  skipped: {},
  waitMs: 0,
};

async function readPage(db: Queryable, operation: RunningOperation): Promise<Page> {
  const { rows } = await db.query(pageStatement(operation, operation.cursor, LOOK_AT));
  const targets = (rows as Target[]).filter(({ id }) => id !== null);
  return { targets, lookedAt: rows[0]?.looked_at ?? 0, lastId: rows[0]?.last_id ?? null };
}

/** The targets of a page that may be moved at once. A capped operation moves what one second allows. */
function take({ targets }: Page, perSecond: number | null): { taken: Target[]; isCut: boolean } {
  const mayMove = perSecond === null ? MOVE : Math.max(1, Math.min(MOVE, Math.floor(perSecond)));
  let moves = 0;
  const end = targets.findIndex(({ skip }) => skip === null && ++moves > mayMove);
  return end === -1 ? { taken: targets, isCut: false } : { taken: targets.slice(0, end), isCut: true };
}

const waitAfter = (moves: number, perSecond: number | null): number =>
  perSecond === null ? 0 : Math.ceil((moves * 1_000) / perSecond);

async function move(
  db: Queryable,
  operation: RunningOperation,
  taken: Target[],
  now: Date,
  woken: Set<string>,
): Promise<Pick<PageResult, "queued" | "held" | "routed" | "skipped">> {
  const chosen = taken.filter(({ skip }) => skip === null);
  const eventIds = chosen.flatMap(({ event_id }) => event_id ?? []);
  const requestIds = chosen.flatMap(({ request_id }) => request_id ?? []);
  const moved = eventIds.length === 0 ? [] : await requeue(db, operation, eventIds, now);
  for (const { status, destination_id } of moved) if (status === "QUEUED") woken.add(destination_id);
  const routed = requestIds.length === 0 ? 0 : await route(db, operation, requestIds);
  const queued = moved.filter(({ status }) => status === "QUEUED").length;
  return { queued, held: moved.length - queued, routed, skipped: skips(taken, eventIds.length - moved.length) };
}

async function requeue(db: Queryable, { teamId, id }: RunningOperation, eventIds: string[], now: Date) {
  const statement = requeueStatement(teamId, eventIds, { trigger: "BULK", now, bulkId: id });
  const { rows } = await db.query<{ status: string; destination_id: string }>(statement);
  return rows;
}

const route = async (db: Queryable, operation: RunningOperation, requestIds: string[]): Promise<number> =>
  (await db.query(routeStatement(operation, requestIds))).rowCount ?? 0;

/** `overtaken`: targets that somebody else queued between the look and the move. */
function skips(taken: Target[], overtaken: number): Record<string, number> {
  const counts: Record<string, number> = overtaken > 0 ? { in_line: overtaken } : {};
  for (const { skip } of taken) if (skip !== null) counts[skip] = (counts[skip] ?? 0) + 1;
  return counts;
}
