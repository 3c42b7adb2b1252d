// Leases that have run out. Each second a worker holds the endpoints whose lease is over, and removes those whose grace is over too.
// The grace counts from when the lapse was seen: after a standstill of ours everybody has it whole. docs/decisions/082-endpoints.md
import { MAX_GRACE_SECONDS, MIN_GRACE_SECONDS } from "#server/contracts/endpoint-lease.ts";
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { emit, heardSource } from "#server/issues/system-events.sql.ts";
import type { SystemEvent } from "#server/issues/system-request.ts";
import { type RemovedEndpoint, removeEndpoint } from "./remove-endpoint.ts";

/** In one look; more are held or removed a second later. */
const LAPSED_AT_ONCE = 100;
const REMOVED_AT_ONCE = 20;

const LAPSES = "select exists (select from endpoint where lapsed_at is null and lease_until <= $1) as found";

// Whoever changes an endpoint locks its destination first, so nobody waits for another in a circle.
const LAPSE = `
with due as materialized (
  select e.id, e.team_id, e.lease_until, d.name, d.config ->> 'url' as url from endpoint e join destination d on d.id = e.id
  where e.lapsed_at is null and e.lease_until <= $1 order by e.lease_until limit ${LAPSED_AT_ONCE} for update of d skip locked
), lapsed as (
  update endpoint e set lapsed_at = $1 from due where e.id = due.id and e.lapsed_at is null and e.lease_until <= $1 returning e.id
), held as (
  update destination d set endpoint_hold = 'lease_expired' from lapsed where d.id = lapsed.id returning d.id
), noted as (
  insert into audit_entry (team_id, id, actor_kind, actor_id, action, resource_kind, resource_id, before, after, created_at)
  select team_id, ($2::text[])[row_number() over (order by id)], 'system', 'lease', 'pause', 'destination', id, null,
    json_build_object('endpoint', name, 'lease_until', to_char(lease_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, $1
  from due where id in (select id from held)
)
select team_id, id, name, url from due where id in (select id from held)`;

const IS_OVER = `e.lapsed_at <= $1::timestamptz - interval '${MIN_GRACE_SECONDS} seconds'
  and e.lapsed_at <= $1::timestamptz - least(greatest(e.ttl_seconds, ${MIN_GRACE_SECONDS}), ${MAX_GRACE_SECONDS}) * interval '1 second'`;

/** A destination that takes the dead letters of others stays: they would be lost. */
const GONE = `
select e.team_id, e.id from endpoint e where ${IS_OVER}
  and not exists (select from destination o where o.team_id = e.team_id and o.config ->> 'dead_letter_destination_id' = e.id)
order by e.lapsed_at limit ${REMOVED_AT_ONCE}`;

const LOCK = "select from destination where id = $1 for update skip locked";
/** Read under the lock: one that has come back just before it stays. */
const STILL_OVER = `select from endpoint e where ${IS_OVER} and e.id = $2`;

const NOTE = `
insert into audit_entry (team_id, id, actor_kind, actor_id, action, resource_kind, resource_id, before, after, created_at)
values ($1, $2, 'system', 'lease', 'delete', 'destination', $3, $4, $5, $6)`;

interface Named {
  team_id: string;
  id: string;
  name: string;
  url: string | null;
}

/** Holds the endpoints whose lease is over at `now`, and removes those whose grace is. */
export async function lapseEndpoints(pool: Pool, now: Date): Promise<void> {
  const { rows } = await pool.query<{ found: boolean }>({ name: "lapses", text: LAPSES, values: [now] });
  if (rows[0]?.found) await inTransaction(pool, (db) => lapse(db, now));
  const { rows: gone } = await pool.query<{ team_id: string; id: string }>({
    name: "gone-endpoints",
    text: GONE,
    values: [now],
  });
  for (const { team_id, id } of gone) await inTransaction(pool, (db) => remove(db, team_id, id, now));
}

async function lapse(db: Queryable, now: Date): Promise<void> {
  const auditIds = Array.from({ length: LAPSED_AT_ONCE }, () => newId("audit_entry", now.getTime()));
  const { rows } = await db.query<Named>({ name: "lapse-endpoints", text: LAPSE, values: [now, auditIds] });
  for (const [teamId, lapsed] of Map.groupBy(rows, ({ team_id }) => team_id)) {
    await tell(
      db,
      teamId,
      lapsed.map((each) => lapseEvent(each, now)),
    );
  }
}

async function remove(db: Queryable, teamId: string, id: string, now: Date): Promise<void> {
  const { rowCount: locked } = await db.query(LOCK, [id]);
  if (locked === 0) return;
  const { rowCount: over } = await db.query(STILL_OVER, [now, id]);
  if (over === 0) return;
  const removed = await removeEndpoint(async (statement) => (await db.query(statement)).rows, teamId, id);
  if (!removed) return;
  const { waiting, ...before } = removed;
  const after = { because: "lease_ran_out", cancelled: waiting };
  const auditId = newId("audit_entry", now.getTime());
  await db.query(NOTE, [teamId, auditId, id, JSON.stringify(before), JSON.stringify(after), now]);
  await tell(db, teamId, [removalEvent(id, removed, now)]);
}

async function tell(db: Queryable, teamId: string, events: SystemEvent[]): Promise<void> {
  const sourceId = await heardSource(db, teamId);
  if (sourceId !== null) await emit(db, { teamId, sourceId }, events);
}

const lapseEvent = ({ id, name, url }: Named, at: Date): SystemEvent => ({
  key: `${id} lapsed ${at.toISOString()}`,
  type: "endpoint.lapsed",
  at,
  text: `The lease of the endpoint ${name} has run out: its events are held until it renews, and it is removed if it does not.`,
  data: { endpoint_id: id, name, url },
});

const removalEvent = (id: string, { name, url, waiting }: RemovedEndpoint, at: Date): SystemEvent => ({
  key: `${id} removed`,
  type: "endpoint.removed",
  at,
  text: `The endpoint ${name} did not renew its lease and is removed; ${waiting === 1 ? "1 event that waited is" : `${waiting} events that waited are`} cancelled.`,
  data: { endpoint_id: id, name, url, because: "lease_ran_out", cancelled: waiting },
});
