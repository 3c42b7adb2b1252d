// Pauses whose time is over. Each second every worker asks; the row's lock lets one of them end it.
import type { Queryable } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { jobs } from "#server/jobs.ts";

/** More than these end a second later. */
const AT_ONCE = 100;

// What a person's Resume does: the switch, the entry of the log and the release in one transaction. A row that somebody
// changes at this moment is left alone: it may have got another end.
const END = `
with due as materialized (
  select team_id, id, paused_until from connection where paused_until <= $1::timestamptz order by paused_until
  limit ${AT_ONCE} for update skip locked
), ended as (
  update connection c set paused_at = null, paused_until = null, updated_at = greatest($1::timestamptz, c.updated_at + interval '1 millisecond')
  from due where c.id = due.id returning c.team_id, c.id, c.updated_at
), noted as (
  insert into audit_entry (team_id, id, actor_kind, actor_id, action, resource_kind, resource_id, before, after, created_at)
  select team_id, ($2::text[])[row_number() over (order by id)], 'system', 'pause_until', 'unpause', 'connection', id,
    format('{"paused_until":"%s"}', to_char(due.paused_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    '{"paused_at":null,"paused_until":null}', updated_at
  from ended join due using (team_id, id)
)
select graphile_worker.add_job('release-held', payload := json_build_object('connectionId', id), job_key := 'release-held:' || id,
  max_attempts := ${jobs["release-held"].maxAttempts}) from ended`;

/** Resumes the connections that were paused until now, and records that the product itself did. */
export async function endPauses(db: Queryable, now: Date): Promise<void> {
  const auditIds = Array.from({ length: AT_ONCE }, () => newId("audit_entry", now.getTime()));
  await db.query({ name: "end-pauses", text: END, values: [now, auditIds] });
}
