// The numbers on cards besides counts and rates, read seldom and only while somebody looks at cards.
import { percentile } from "#server/batch/histogram.ts";
import type { LiveChange, LiveKind } from "#server/contracts/live.ts";
import { RATE_PERIOD_MS } from "#server/contracts/rate-period.ts";
import type { Queryable } from "#server/database/db.ts";
import { readBreaker } from "#server/events/breaker-record.ts";
import {
  type BreakerRow,
  type DestinationCardRow,
  destinationCards,
  knownBreakers,
  type LaneRow,
  lanesNow,
  type SourceCardRow,
  sourceCards,
} from "./cards.sql.ts";

type RowOf<K extends "sources" | "destinations"> = { id: string } & NonNullable<NonNullable<LiveChange[K]>[string]>;
export interface CardRows {
  sources: RowOf<"sources">[];
  destinations: RowOf<"destinations">[];
}

/** Between two looks at all but what the lanes note. */
const INTERVAL_MS = 15_000;
/** Of the time, what the looks at one team's cards may take on one connection. */
const MOST_SHARE = 1 / 50;

const KINDS: readonly LiveKind[] = ["sources", "destinations"];
/** Whether a page shows cards; one that names no kinds hears all. */
export const showsCards = (kinds: readonly LiveKind[] | undefined): boolean =>
  kinds === undefined || KINDS.some((kind) => kinds.includes(kind));

interface Seldom {
  sources: CardRows["sources"];
  destinations: { id: string; oldest_at: string | null; latency_p95: number | null }[];
}

async function lookSeldom(db: Queryable, teamId: string, now: Date): Promise<Seldom> {
  const sources = await db.query<SourceCardRow>(sourceCards(teamId, now));
  const destinations = await db.query<DestinationCardRow>(destinationCards(teamId, now));
  return {
    sources: sources.rows.map((row) => ({ ...row, last_request_at: row.last_request_at.toISOString() })),
    destinations: destinations.rows.map(({ id, oldest_at, latencies }) => ({
      id,
      oldest_at: oldest_at?.toISOString() ?? null,
      latency_p95: latencies && percentile(latencies.map(Number), 0.95),
    })),
  };
}

/** How much of its limit is used up in the period that ends now. */
const usedOf = ({ period, rate_log }: LaneRow, nowMs: number): number | null =>
  rate_log?.reduce((sum, [untilMs, count]) => {
    const isOver = untilMs !== null && untilMs + RATE_PERIOD_MS[period] <= nowMs;
    return isOver ? sum : sum + count;
  }, 0) ?? null;

type DestinationRow = CardRows["destinations"][number];
const unknown = (id: string): DestinationRow => ({
  id,
  oldest_at: null,
  latency_p95: null,
  limit_used_count: null,
  in_flight_count: 0,
  breaker: null,
});

interface OfNow {
  lanes: readonly LaneRow[];
  breakers: readonly BreakerRow[];
}

function withNow({ sources, destinations }: Seldom, { lanes, breakers }: OfNow, nowMs: number): CardRows {
  const known = new Map<string, DestinationRow>();
  for (const row of destinations) known.set(row.id, { ...unknown(row.id), ...row });
  const add = (id: string, more: Partial<DestinationRow>) =>
    known.set(id, { ...(known.get(id) ?? unknown(id)), ...more });
  for (const lane of lanes) {
    add(lane.id, { limit_used_count: usedOf(lane, nowMs), in_flight_count: lane.in_flight_count });
  }
  for (const { id, breaker, settings, holds } of breakers) {
    add(id, { breaker: readBreaker(breaker, settings ?? undefined, { holds, nowMs }) });
  }
  return { sources, destinations: [...known.values()] };
}

/**
 * Looks at the cards of one team again and again; `nowMs` is the time of day. Null: they could not be read yet. A look that
 * fails or takes long is not taken again before its time, so no team takes more than a share of the connections.
 */
export function makeCardLook(teamId: string): (db: Queryable, nowMs: number) => Promise<CardRows | null> {
  let seldom: Seldom | undefined;
  let nextAtMs = 0;
  return async (db, nowMs) => {
    if (nowMs >= nextAtMs) {
      const startedAtMs = performance.now();
      try {
        seldom = await lookSeldom(db, teamId, new Date(nowMs));
      } finally {
        nextAtMs = nowMs + Math.max(INTERVAL_MS, (performance.now() - startedAtMs) / MOST_SHARE);
      }
    }
    if (!seldom) return null;
    const lanes = await db.query<LaneRow>(lanesNow(teamId));
    const breakers = await db.query<BreakerRow>(knownBreakers(teamId));
    return withNow(seldom, { lanes: lanes.rows, breakers: breakers.rows }, nowMs);
  };
}
