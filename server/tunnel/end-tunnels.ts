// Ends listeners that are gone: a laptop that was shut must not fill the queue for ever. What waited for them is cancelled,
// as it is when somebody deletes their destination.
import { inTransaction, type Pool, type Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { newId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";

/** The time of a break, or of a change of trains. */
export const AWAY_MS = 15 * 60_000;
/** Events that wait for one listener, whether it is away or too slow. */
const MAX_WAITING = 5_000;
/** More of them end a minute later. */
const AT_ONCE = 50;

const GONE = `
select t.team_id, t.destination_id as id, d.name from tunnel t join destination d on d.id = t.destination_id
where t.seen_at < $1 or (
  select sum(queued_count + scheduled_count + retrying_count + hold_count) from (${BRANCH_COUNT_ROWS}) as counts
  where counts.team_id = t.team_id and counts.destination_id = t.destination_id) > $2
order by t.destination_id limit ${AT_ONCE} for update of t skip locked`;

interface Gone {
  team_id: string;
  id: string;
  name: string;
}

/** Runs once a minute. */
export async function endTunnels(pool: Pool, now: Date): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<Gone>(GONE, [new Date(now.getTime() - AWAY_MS), MAX_WAITING]);
    for (const gone of rows) await endTunnel(tx, gone, now);
  });
}

async function endTunnel(tx: Queryable, { team_id, id, name }: Gone, now: Date): Promise<void> {
  const connections = await tx.query<{ id: string; name: string }>(
    "delete from connection where team_id = $1 and destination_id = $2 returning id, name",
    [team_id, id],
  );
  await tx.query("delete from destination where team_id = $1 and id = $2", [team_id, id]);
  for (const connection of connections.rows) {
    await note(tx, team_id, "connection", connection, now);
    for (const job of [
      addJobStatement("release-held", { connectionId: connection.id }),
      addJobStatement("cancel-waiting", { connectionId: connection.id, destinationId: id }),
    ])
      await tx.query(job.text, job.values);
  }
  await note(tx, team_id, "destination", { id, name }, now);
}

async function note(tx: Queryable, teamId: string, kind: string, deleted: { id: string; name: string }, now: Date) {
  await tx.query(
    `insert into audit_entry (team_id, id, actor_kind, actor_id, action, resource_kind, resource_id, before, created_at)
     values ($1, $2, 'system', 'end_tunnels', 'delete', $3, $4, $5, $6)`,
    [teamId, newId("audit_entry", now.getTime()), kind, deleted.id, JSON.stringify({ name: deleted.name }), now],
  );
}
