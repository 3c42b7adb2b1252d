// A destination's lease: at most one lane in the cluster delivers to it. Each acquisition raises the fencing token, and a
// statement with an older token changes no state.
import type { Queryable } from "#server/database/db.ts";
import type { BreakerRecord } from "#server/events/breaker-record.ts";
import type { RateLog } from "./rate-window.ts";

/** Longer than any pause of a healthy process. After it the destinations of a dead worker are free again. */
export const LEASE_MS = 15_000;

export interface Lease {
  destinationId: string;
  token: string;
  /** Whether the receiver answered slowly in the last turn. */
  isSlow: boolean;
  rateLog: RateLog | null;
  breaker: BreakerRecord | null;
  /** Whether events may be held for the breaker. */
  holdsEvents: boolean;
  order: SortedOrder;
  /** Unix time by the clock of the database, at which the lease was acquired. */
  databaseNowMs: number;
}

/** The order that the keys of a destination's events are made for, and when to look for stragglers of the one before. */
export interface SortedOrder {
  of: string | null;
  sortAt: Date | null;
  /** The groups that the turn keys are made for, likewise. */
  groupOf: string | null;
  groupSortAt: Date | null;
}

const ACQUIRE = {
  name: "acquire-lease",
  text: `
insert into lane (destination_id, holder, token, lease_expires_at)
values ($1, $2, 1, now() + $3 * interval '1 millisecond')
on conflict (destination_id) do update set
  holder = excluded.holder, token = lane.token + 1, lease_expires_at = excluded.lease_expires_at
where lane.lease_expires_at is null or lane.lease_expires_at <= now()
returning token::text, is_slow, rate_log, breaker, breaker_holds, order_of, order_sort_at, group_of, group_sort_at,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
};

/** Acquires the lease; null while another lane holds it. */
export async function acquireLease(db: Queryable, destinationId: string, holder: string): Promise<Lease | null> {
  const { rows } = await db.query({ ...ACQUIRE, values: [destinationId, holder, LEASE_MS] });
  const [row] = rows;
  if (!row) return null;
  const { token, is_slow: isSlow, rate_log: rateLog, breaker, breaker_holds: holdsEvents } = row;
  const order = {
    ...{ of: row.order_of, sortAt: row.order_sort_at },
    ...{ groupOf: row.group_of, groupSortAt: row.group_sort_at },
  };
  return { destinationId, token, isSlow, rateLog, breaker, holdsEvents, order, databaseNowMs: row.now_ms };
}

const RENEW = {
  name: "renew-leases",
  text: `
update lane set lease_expires_at = now() + $3 * interval '1 millisecond', in_flight_count = held.in_flight_count
from unnest($1::text[], $2::bigint[], $4::int[]) as held(destination_id, token, in_flight_count)
where lane.destination_id = held.destination_id and lane.token = held.token and lane.lease_expires_at > now()
returning lane.destination_id, extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
};

interface Renewed {
  /** The destinations that are still of this process; the others were taken over. */
  kept: Set<string>;
  /** Unix time by the clock of the database; null where nothing was kept. */
  databaseNowMs: number | null;
}

/** Renews the leases of this process, and notes how much is under way. */
export async function renewLeases(
  db: Queryable,
  held: { destinationId: string; token: string; inFlightCount: number }[],
): Promise<Renewed> {
  const sorted = held.toSorted((a, b) => (a.destinationId < b.destinationId ? -1 : 1));
  const values = [
    ...[sorted.map(({ destinationId }) => destinationId), sorted.map(({ token }) => token)],
    ...[LEASE_MS, sorted.map(({ inFlightCount }) => inFlightCount)],
  ];
  const { rows } = await db.query({ ...RENEW, values });
  return { kept: new Set(rows.map((row) => row.destination_id)), databaseNowMs: rows[0]?.now_ms ?? null };
}

/** Releases the lease, unless it was taken over meanwhile. */
export async function releaseLease(
  db: Queryable,
  lease: { destinationId: string; token: string },
  { isSlow, rateLog, breaker, holdsEvents, breakerWakeAt }: Pick<Lease, "isSlow" | "rateLog"> & KeptBreaker,
): Promise<void> {
  await db.query({
    name: "release-lease",
    text: `update lane set holder = null, lease_expires_at = null, is_slow = $3, rate_log = $4::json,
             in_flight_count = 0, breaker = $5::json, breaker_holds = $6, breaker_wake_at = $7
           where destination_id = $1 and token = $2::bigint`,
    values: [
      ...[lease.destinationId, lease.token, isSlow, rateLog && JSON.stringify(rateLog)],
      ...[breaker && JSON.stringify(breaker), holdsEvents, breakerWakeAt],
    ],
  });
}

/** The breaker of a lane as it is written down. */
export interface KeptBreaker {
  breaker: BreakerRecord | null;
  holdsEvents: boolean;
  /** When a lane must look at what is held, though nothing is due. */
  breakerWakeAt: Date | null;
}

/** Writes down the breaker, for a lane that takes over. False when the lease is lost. */
export async function recordBreaker(
  db: Queryable,
  lease: { destinationId: string; token: string },
  { breaker, holdsEvents, breakerWakeAt }: KeptBreaker,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "record-breaker",
    text: `update lane set breaker = $3::json, breaker_holds = $4, breaker_wake_at = $5
           where destination_id = $1 and token = $2::bigint and lease_expires_at > now()`,
    values: [lease.destinationId, lease.token, breaker && JSON.stringify(breaker), holdsEvents, breakerWakeAt],
  });
  return rowCount === 1;
}

/** Records sends before they are made, so that a lane that takes over counts them. False when the lease is lost. */
export async function recordSends(
  db: Queryable,
  lease: { destinationId: string; token: string },
  rateLog: RateLog,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "record-sends",
    text: "update lane set rate_log = $3::json where destination_id = $1 and token = $2::bigint and lease_expires_at > now()",
    values: [lease.destinationId, lease.token, JSON.stringify(rateLog)],
  });
  return rowCount === 1;
}
