// The statements of a tunnel. Its listener has the lane of the destination: the lease with its token is the one that every
// other lane takes, so nobody else sends or holds there meanwhile.
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { AttemptTrigger } from "#server/contracts/attempt.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import { CLI_DEFAULTS, type CliDestinationConfig } from "#server/contracts/cli-destination.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { Queryable } from "#server/database/db.ts";
import { LEASE_MS } from "#server/delivery/lease.sql.ts";
import { releaseStatement } from "#server/events/moves.sql.ts";

const HOLDER = "cli:";

/** A destination of type CLI with its listener, and what leads there. */
export interface TunnelState {
  id: string;
  teamId: string;
  name: string;
  config: CliDestinationConfig;
  isDisabled: boolean;
  connections: ReadonlyMap<string, CachedConnection>;
  sourceNames: ReadonlyMap<string, string>;
}

const STATE = `
select d.id, d.team_id, d.name, d.config, d.disabled_at is not null as is_disabled,
  (select coalesce(json_agg(json_build_object('id', c.id, 'teamId', c.team_id, 'name', c.name, 'sourceId', c.source_id,
     'destinationId', c.destination_id, 'rules', c.rules, 'quietHours', null, 'isPaused', c.paused_at is not null,
     'isDisabled', c.disabled_at is not null, 'sourceName', s.name)), '[]')
   from connection c join source s on s.id = c.source_id where c.destination_id = d.id) as connections
from tunnel t join destination d on d.id = t.destination_id where t.team_id = $1 and t.destination_id = $2`;

/** Null where the team has no such tunnel. */
export async function readTunnel(db: Queryable, teamId: string, id: string): Promise<TunnelState | null> {
  const { rows } = await db.query({ name: "tunnel-state", text: STATE, values: [teamId, id] });
  const [row] = rows;
  if (!row) return null;
  const connections: (CachedConnection & { sourceName: string })[] = row.connections;
  return {
    id: row.id,
    teamId: row.team_id,
    name: row.name,
    // A row may be older than a setting.
    config: { ...CLI_DEFAULTS, ...row.config },
    isDisabled: row.is_disabled,
    connections: new Map(connections.map((one) => [one.id, one])),
    sourceNames: new Map(connections.map((one) => [one.sourceId, one.sourceName])),
  };
}

// A worker's lane only holds what is due here. So its lease can be taken at any moment: its token is then stale, and moves nothing.
const TAKE = `
insert into lane (destination_id, holder, token, lease_expires_at)
values ($1, '${HOLDER}' || $2, 1, now() + $3 * interval '1 millisecond')
on conflict (destination_id) do update set holder = excluded.holder,
  token = lane.token + case when lane.holder = excluded.holder then 0 else 1 end, lease_expires_at = excluded.lease_expires_at
where lane.lease_expires_at is null or lane.lease_expires_at <= now() or lane.holder not like '${HOLDER}%' or lane.holder = excluded.holder
returning token::text`;

/** Takes or renews the lease for a listener, and returns its token; null while another listener has it. */
export async function takeTunnel(db: Queryable, id: string, session: string, now: Date): Promise<string | null> {
  const { rows } = await db.query({ name: "take-tunnel", text: TAKE, values: [id, session, LEASE_MS] });
  if (!rows[0]) return null;
  await db.query({
    name: "tunnel-seen",
    text: "update tunnel set session = $2, seen_at = $3 where destination_id = $1 and (session <> $2 or seen_at < $3::timestamptz - interval '5 seconds')",
    values: [id, session, now],
  });
  return rows[0].token;
}

const HELD = `
select c.id from unnest($1::text[]) as c(id)
where exists (select from event e where e.status = 'HOLD' and e.connection_id = c.id
  and coalesce(e.hold_reason, '') = 'not_connected' and e.destination_id = $2)`;
/** So short that a statement of others waits for none of these. */
const RELEASED_AT_ONCE = 500;

/** Puts events back in line that were held while nobody listened, some of each connection at a time. */
export async function releaseTunnel(db: Queryable, id: string, connectionIds: string[]): Promise<void> {
  const { rows } = await db.query({ name: "tunnel-held", text: HELD, values: [connectionIds, id] });
  for (const { id: connection_id } of rows) {
    const group = { connection_id, reason: "not_connected", destination_id: id };
    await db.query(releaseStatement(group, RELEASED_AT_ONCE));
  }
}

/** The part of an event that its attempt is settled by. */
export interface AnsweredEvent extends BranchIds {
  attempts: number;
  retries_counted_from: number;
  trigger: AttemptTrigger;
}

const ANSWERED = `
select team_id, id, request_id, source_id, connection_id, destination_id, attempts, retries_counted_from, trigger
from event where team_id = $1 and id = $2 and destination_id = $3`;

/** Null where no such event was to be sent there. */
export async function readAnswered(
  db: Queryable,
  { teamId, id, destinationId }: { teamId: string; id: string; destinationId: string },
): Promise<AnsweredEvent | null> {
  const { rows } = await db.query<AnsweredEvent>({
    name: "tunnel-answered",
    text: ANSWERED,
    values: [teamId, id, destinationId],
  });
  return rows[0] ?? null;
}

export async function readStatus(db: Queryable, teamId: string, id: string): Promise<EventStatus | null> {
  const { rows } = await db.query({
    name: "tunnel-event-status",
    text: "select status from event where team_id = $1 and id = $2",
    values: [teamId, id],
  });
  return rows[0]?.status ?? null;
}

/** Gives the lease back, so that a worker's lane holds or ends what is left. */
export async function leaveTunnel(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update lane set holder = null, lease_expires_at = null where destination_id = $1 and holder like '${HOLDER}%'`,
    [id],
  );
}
