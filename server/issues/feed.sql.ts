// The reads behind the feed of a team's system source: changes of its configuration, and ends of its events.
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { Queryable } from "#server/database/db.ts";

/** How far a team's happenings were told. */
export interface FeedProgress {
  auditSeq: number;
  attemptsUntil: Date;
}

const LOAD = `
select coalesce(f.audit_seq, h.seq, 0)::float8 as audit_seq, coalesce(f.attempts_until, $2::timestamptz) as attempts_until
from team t left join system_feed f on f.team_id = t.id left join audit_head h on h.team_id = t.id where t.id = $1`;

/** Whoever has just begun to listen hears what comes from now on. */
export async function loadProgress(db: Queryable, teamId: string, from: Date): Promise<FeedProgress> {
  const { rows } = await db.query<{ audit_seq: number; attempts_until: Date }>({
    name: "feed-load",
    text: LOAD,
    values: [teamId, from],
  });
  const [row] = rows;
  return { auditSeq: row?.audit_seq ?? 0, attemptsUntil: row?.attempts_until ?? from };
}

/** Nobody listens: what happens meanwhile is not told later. */
export async function forgetProgress(db: Queryable, teamId: string): Promise<void> {
  await db.query({ name: "feed-forget", text: "delete from system_feed where team_id = $1", values: [teamId] });
}

const SAVE = `
insert into system_feed as f (team_id, audit_seq, attempts_until, sent_count, skipped_count) values ($1, $2, $3, $4, $5)
on conflict (team_id) do update set audit_seq = $2, attempts_until = $3, sent_count = f.sent_count + $4, skipped_count = f.skipped_count + $5`;

export async function saveProgress(
  db: Queryable,
  teamId: string,
  { auditSeq, attemptsUntil }: FeedProgress,
  counts: { sent: number; skipped: number },
): Promise<void> {
  const values = [teamId, auditSeq, attemptsUntil, counts.sent, counts.skipped];
  await db.query({ name: "feed-save", text: SAVE, values });
}

export interface AuditRow {
  seq: string;
  id: string;
  action: string;
  actor_kind: string;
  actor_id: string;
  resource_kind: string;
  resource_id: string;
  created_at: Date;
}
const CHANGES = `
select seq, id, action, actor_kind, actor_id, resource_kind, resource_id, created_at from audit_entry
where team_id = $1 and seq > $2 and created_at > $4::timestamptz - interval '1 day'
order by seq limit $3`;

/** Entries of the audit log after one. */
export async function changesAfter(db: Queryable, teamId: string, seq: number, limit: number, now: Date) {
  const { rows } = await db.query<AuditRow>({ name: "feed-changes", text: CHANGES, values: [teamId, seq, limit, now] });
  return rows;
}

export interface EndRow {
  id: string;
  event_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
  status: "DELIVERED" | "FAILED";
  event_type: string | null;
  attempts: number;
  response_status: number | null;
  error_code: string | null;
  ended_because: string | null;
  created_at: Date;
  total: number;
}
/** Beyond so many in a look, what is left out is said to be at least that. */
const MAX_LOOKED_AT = 5_000;
const ENDS = `
select *, count(*) over ()::int as total from (
  select a.id, a.event_id, a.source_id, a.connection_id, a.destination_id, e.status, e.event_type, e.attempts, e.response_status,
    e.error_code, e.ended_because, a.created_at
  from attempt a join event e on e.team_id = a.team_id and e.id = a.event_id
  where a.team_id = $1 and a.id >= $2 and a.id < $3 and a.source_id <> $4 and a.connection_id <> '${DEBUG_COPIES}' and e.status in ('DELIVERED', 'FAILED') and e.attempts = a.number
  limit ${MAX_LOOKED_AT}
) as ended order by status desc, id limit $5`;

/** Events that ended with an attempt in a range of attempts' ids, failed ones first. None of the system source's own, and no debug copies. */
export async function endsBetween(
  db: Queryable,
  teamId: string,
  range: { from: string; to: string; systemSourceId: string; limit: number },
): Promise<EndRow[]> {
  const values = [teamId, range.from, range.to, range.systemSourceId, range.limit];
  return (await db.query<EndRow>({ name: "feed-ends", text: ENDS, values })).rows;
}
