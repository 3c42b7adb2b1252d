// One page of a bulk operation. The work of a page and its progress commit together, so a worker may die at any time. The
// next worker goes on behind the last page that was committed, and each event is queued exactly once.
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { type CancelledEvent, cancelStatement, requeueStatement } from "#server/events/moves.sql.ts";
import {
  afterFeed,
  afterFull,
  dueStrand,
  learn,
  newStrand,
  roomInMain,
  roomInStrand,
  type Strand,
  takeFrom,
  untilDueMs,
} from "./feed.ts";
import { readLines } from "./lines.sql.ts";
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
const MAX_ROUTING = 200;
const ROUTING_WAIT_MS = 50;

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
  const nowMs = now.getTime();
  const begun = operation.strands.length > 0 ? operation.strands : [newStrand(null, operation.cursor, nowMs)];
  const nothing = { ...NOTHING, skipped: {}, cursor: operation.cursor, strands: begun };
  if (readsRequests(operation) && (await isRoutingBusy(db, operation.teamId, MAX_ROUTING))) {
    return { ...nothing, waitMs: ROUTING_WAIT_MS };
  }
  const strand = dueStrand(begun, nowMs);
  if (!strand) return { ...nothing, waitMs: untilDueMs(begun, nowMs) ?? 0 };
  const others = begun.filter((one) => one !== strand);
  const turned = await turnStrand(db, operation, { strand, others, now });
  const moved = await move(db, operation, turned.taken, now, woken);
  const strands = [...others, ...turned.strands];
  const capWaitMs = waitAfter(turned.moves, operation.perSecond);
  return {
    ...moved,
    cursor: strand.destination_id === null ? turned.cursor : operation.cursor,
    strands,
    lookedAt: strand.destination_id === null ? turned.lookedAt : 0,
    waitMs: Math.max(capWaitMs, untilDueMs(strands, nowMs) ?? 0),
  };
}

const NOTHING = { lookedAt: 0, queued: 0, held: 0, routed: 0, cancelled: 0 };

interface Turned {
  taken: { target: Target; destinationIds: string[] }[];
  moves: number;
  /** The strand as it is now, and those that branched off. */
  strands: Strand[];
  cursor: string;
  lookedAt: number;
}

/** Looks at what lies behind the cursor of a strand, and takes of it what its lines have room for. */
async function turnStrand(
  db: Queryable,
  operation: RunningOperation,
  { strand, others, now }: { strand: Strand; others: Strand[]; now: Date },
): Promise<Turned> {
  const nowMs = now.getTime();
  const own = strand.destination_id;
  const ownLine = own === null ? undefined : (await readLines(db, operation.teamId, [own], now)).get(own);
  const learnt = ownLine ? learn(strand, ownLine, nowMs) : strand;
  const ownRoom = ownLine ? roomInStrand(learnt, ownLine) : MOVE;
  const idle = { taken: [], moves: 0, cursor: strand.cursor, lookedAt: 0 };
  if (ownRoom === 0) return { ...idle, strands: [afterFull(learnt, nowMs)] };
  const page = await readPage(db, operation, strand.cursor);
  const rooms = own === null ? await roomsInMain(db, operation, page, now) : new Map([[own, ownRoom]]);
  const perSecond = operation.perSecond ?? MOVE;
  const { targets, moves, passed, cursor, full, isCut } = takeFrom(page.targets, strand.cursor, {
    own,
    others: new Set(others.flatMap(({ destination_id }) => destination_id ?? [])),
    rooms,
    mayMove: Math.min(MOVE, Math.floor(perSecond)),
  });
  const reached = isCut ? cursor : (page.lastId ?? strand.cursor);
  const fed =
    ownLine && moves > 0
      ? afterFeed(learnt, ownLine, { count: moves, room: ownRoom }, nowMs)
      : { ...learnt, next_at_ms: nowMs };
  return {
    taken: targets,
    moves,
    cursor: reached,
    lookedAt: isCut ? passed : page.lookedAt,
    strands: [
      { ...fed, cursor: reached, is_done: !isCut && page.lookedAt < LOOK_AT },
      ...full.map((one) => newStrand(one.destinationId, one.cursor, nowMs)),
    ],
  };
}

async function roomsInMain(db: Queryable, operation: RunningOperation, { targets }: Page, now: Date) {
  const ids = targets.flatMap(({ skip, destination_ids }) => (skip === null ? destination_ids : []));
  const lines = await readLines(db, operation.teamId, [...new Set(ids)], now);
  return new Map([...lines].map(([id, line]) => [id, roomInMain(line)]));
}

async function readPage(db: Queryable, operation: RunningOperation, after: string): Promise<Page> {
  const { rows } = await db.query(pageStatement(operation, after, LOOK_AT));
  const targets = (rows as Target[]).filter(({ id }) => id !== null);
  return { targets, lookedAt: rows[0]?.looked_at ?? 0, lastId: rows[0]?.last_id ?? null };
}

const waitAfter = (moves: number, perSecond: number | null): number =>
  perSecond === null ? 0 : Math.ceil((moves * 1_000) / perSecond);

async function move(
  db: Queryable,
  operation: RunningOperation,
  taken: Turned["taken"],
  now: Date,
  woken: Set<string>,
): Promise<Pick<PageResult, "queued" | "held" | "routed" | "cancelled" | "skipped">> {
  const chosen = taken.filter(({ target }) => target.skip === null);
  const eventIds = chosen.flatMap(({ target }) => target.event_id ?? []);
  const ways = chosen.flatMap(({ target: { request_id }, destinationIds }) =>
    request_id === null ? [] : destinationIds.map((destinationId) => ({ requestId: request_id, destinationId })),
  );
  const isCancel = operation.kind === "events_cancel";
  const moved = eventIds.length === 0 ? [] : await moveEvents(db, operation, eventIds, now);
  for (const { status, is_in_line, destination_id } of moved)
    if (status === "QUEUED" || is_in_line) woken.add(destination_id);
  const routed = ways.length === 0 ? 0 : ((await db.query(routeStatement(operation, ways))).rowCount ?? 0);
  const queued = moved.filter(({ status }) => status === "QUEUED").length;
  const overtaken = { [isCancel ? "finished" : "in_line"]: eventIds.length - moved.length };
  const skipped = countSkips(
    taken.map(({ target }) => target),
    overtaken,
  );
  return isCancel
    ? { queued: 0, held: 0, routed: 0, cancelled: moved.length, skipped }
    : { queued, held: moved.length - queued, routed, cancelled: 0, skipped };
}

async function moveEvents(db: Queryable, { teamId, id, kind }: RunningOperation, eventIds: string[], now: Date) {
  const statement =
    kind === "events_cancel"
      ? cancelStatement(teamId, eventIds)
      : requeueStatement(teamId, eventIds, { trigger: "BULK", now, bulkId: id });
  const { rows } = await db.query<Pick<CancelledEvent, "status" | "destination_id"> & Partial<CancelledEvent>>(
    statement,
  );
  return rows;
}

/** @param overtaken what somebody else has moved between the look and the move, by the reason that it has now */
function countSkips(targets: Target[], overtaken: Record<string, number>): Record<string, number> {
  const counts = Object.fromEntries(Object.entries(overtaken).filter(([, count]) => count > 0));
  for (const { skip } of targets) if (skip !== null) counts[skip] = (counts[skip] ?? 0) + 1;
  return counts;
}
