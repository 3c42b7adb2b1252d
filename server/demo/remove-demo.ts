// Deletes what a removed demo has left. Its resources went when somebody asked; what was on its way then may still come, so
// the job looks again until it finds nothing. docs/decisions/046-a-demo-that-leaves-no-trace.md
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { type IdKind, lowestId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";

/** A process that missed the notice of the change asks for it after 10 seconds: by then no door knows the sources. */
const QUIET_MS = 12_000;
const EVERY_MS = 1_000;
/** Clocks of two processes differ: a row may look a little older than the demo that it came of. */
const SLACK_MS = 600_000;
const BATCH = 5_000;

interface Removed {
  source_ids: string[];
  destination_ids: string[];
  /** Nothing of the demo is older. */
  since: Date;
  removed_at: Date;
}

/** Rows of the big tables, whose ids begin with their time. An event's id has the time of its request. */
const BIG: readonly IdKind[] = ["attempt", "ignored_event", "event", "request"];

/** Everything else that is counted or remembered of a source. `$1` team, `$2` sources, `$3` since. */
const SMALL = [
  "rollup_minute where team_id = $1 and bucket >= date_trunc('minute', $3::timestamptz) and source_id = any ($2)",
  "rollup_hour where team_id = $1 and bucket >= date_trunc('hour', $3::timestamptz, 'UTC') and source_id = any ($2)",
  "rollup_day where team_id = $1 and bucket >= date_trunc('day', $3::timestamptz, 'UTC') and source_id = any ($2)",
  "queue_sample where team_id = $1 and bucket >= date_trunc('minute', $3::timestamptz) and source_id = any ($2)",
  "provider_event where team_id = $1 and source_id = any ($2) and created_at >= $3::timestamptz",
  "deferred_branch where team_id = $1 and source_id = any ($2) and $3::timestamptz is not null",
  // With the events go their counts, those that are summed and those that still will be.
  "branch_count where team_id = $1 and source_id = any ($2) and $3::timestamptz is not null",
  "branch_count_delta where team_id = $1 and source_id = any ($2) and $3::timestamptz is not null",
];

/** The keys of deduplicate rules hang on connections that are gone: those of the demo's events and ignored events. */
const DEDUPE_KEYS = `delete from dedupe_key k where team_id = $1 and exists (
  select from request r where r.team_id = k.team_id and r.id = k.request_id and r.source_id = any ($2))`;

/** Operations that name nothing but the demo: its ends, its connections, or events and requests of it. */
const OPERATIONS = `
with named as (
  select o.id, v.value from bulk_operation o, lateral (
    select jsonb_array_elements_text(coalesce(filter::jsonb -> 'source_id', '[]') || coalesce(filter::jsonb -> 'connection_id', '[]')
      || coalesce(filter::jsonb -> 'destination_id', '[]') || coalesce(filter::jsonb -> 'id', '[]')) as value) v
  where o.team_id = $1 and o.created_at >= $4
), judged as (
  select n.id, bool_and(n.value = any ($2) or n.value = any ($3)
    or exists (select from event e where e.team_id = $1 and (e.id = n.value or e.connection_id = n.value and e.id >= $5) and e.source_id = any ($2))
    or exists (select from ignored_event i where i.team_id = $1 and i.connection_id = n.value and i.id >= $6 and i.source_id = any ($2))
    or exists (select from request r where r.team_id = $1 and r.id = n.value and r.source_id = any ($2))) as is_demo
  from named n group by n.id
)
delete from bulk_operation where team_id = $1 and id in (select id from judged where is_demo)`;

const IS_BUSY = `
select exists (select from lane where destination_id = any ($3) and lease_expires_at > now())
  or exists (select from hand_off, json_array_elements(requests) as r where r ->> 0 = $1 and r ->> 2 = any ($2)) as busy`;

async function deleteRows(pool: Pool, kind: IdKind, teamId: string, { source_ids, since }: Removed): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from ${kind} where team_id = $1 and id = any (array(
         select id from ${kind} where team_id = $1 and id >= $2 and source_id = any ($3) limit ${BATCH}))`,
      [teamId, lowestId(kind, since.getTime()), source_ids],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}

const countOf = async (db: Queryable, text: string, values: unknown[]) => (await db.query(text, values)).rowCount ?? 0;

/** Deletes what there is now. Returns the number of rows. */
async function sweep(pool: Pool, teamId: string, removed: Removed): Promise<number> {
  const { source_ids, destination_ids, since } = removed;
  const [events, ignored] = [lowestId("event", since.getTime()), lowestId("ignored_event", since.getTime())];
  let deleted = await countOf(pool, OPERATIONS, [teamId, source_ids, destination_ids, since, events, ignored]);
  deleted += await countOf(pool, DEDUPE_KEYS, [teamId, source_ids]);
  for (const kind of BIG) deleted += await deleteRows(pool, kind, teamId, removed);
  await inTransaction(pool, async (client) => {
    for (const rows of SMALL) deleted += await countOf(client, `delete from ${rows}`, [teamId, source_ids, since]);
  });
  return deleted;
}

/** Half of what comes late comes soon: the looks are further and further apart until there is quiet, and then one a second. */
const nextLookMs = (elapsedMs: number): number => Math.max(EVERY_MS, Math.min(elapsedMs, QUIET_MS - elapsedMs));

/** Deletes what a removed demo has left; when that was nothing, and nothing can come any more, the demo itself. */
export async function removeDemoRows(
  { pool, now }: { pool: Pool; now: () => Date },
  { teamId }: { teamId: string },
): Promise<void> {
  const { rows } = await pool.query<Removed>(
    `select source_ids, destination_ids, created_at - $2 * interval '1 millisecond' as since, removed_at
       from demo where team_id = $1 and removed_at is not null`,
    [teamId, SLACK_MS],
  );
  const removed = rows[0];
  if (!removed) return;
  const at = now();
  const { source_ids, destination_ids, removed_at } = removed;
  const elapsedMs = at.getTime() - removed_at.getTime();
  const isQuiet = elapsedMs >= QUIET_MS;
  // Asked before the sweep: what was busy then may have written behind it.
  const { rows: busy } = await pool.query<{ busy: boolean }>(IS_BUSY, [teamId, source_ids, destination_ids]);
  const deleted = await sweep(pool, teamId, removed);
  if (isQuiet && deleted === 0 && busy[0]?.busy === false) {
    await pool.query("delete from lane where destination_id = any ($1)", [destination_ids]);
    await pool.query("delete from demo where team_id = $1", [teamId]);
    return;
  }
  const next = addJobStatement("remove-demo", { teamId }, new Date(at.getTime() + nextLookMs(elapsedMs)));
  await pool.query(next.text, next.values);
}
