// The removal of an endpoint: its connections, its destination, and with that its lease and its keys. The events stay to be read;
// those that wait are cancelled as those of any deleted connection.

import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import type { Statement } from "#server/events/moves.sql.ts";
import { jobs } from "#server/jobs.ts";

/** Runs a statement in the transaction of the caller. */
export type Run = <Row>(statement: Statement) => Promise<Row[]>;

export interface RemovedEndpoint {
  name: string;
  url: string | null;
  event_types: string[];
  ttl: number | null;
  lease_until: string | null;
  /** The events that waited. */
  waiting: number;
}

const FIND = `
select d.name, d.config ->> 'url' as url, e.event_types, e.ttl_seconds as ttl, to_char(e.lease_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as lease_until,
  (select greatest(0, coalesce(sum(queued_count + scheduled_count + retrying_count + hold_count), 0))::integer
   from (${BRANCH_COUNT_ROWS}) as counts where counts.team_id = e.team_id and counts.destination_id = e.id) as waiting
from endpoint e join destination d on d.id = e.id where e.team_id = $1 and e.id = $2`;

const cutting = (which: string) => `
with cut as (delete from connection where team_id = $1 and ${which} returning id, destination_id)
select graphile_worker.add_job('release-held', payload := json_build_object('connectionId', id), job_key := 'release-held:' || id,
    max_attempts := ${jobs["release-held"].maxAttempts}),
  graphile_worker.add_job('cancel-waiting', payload := json_build_object('connectionId', id, 'destinationId', destination_id),
    job_key := 'cancel-waiting:' || id, max_attempts := ${jobs["cancel-waiting"].maxAttempts}) from cut`;

const CUT = cutting("destination_id = $2");
const CUT_FROM_SOURCE = cutting(
  "source_id = $2 and destination_id in (select id from endpoint where team_id = $1 and is_of_every_source)",
);

/** Cuts a source that goes from the endpoints that take events of every source. Returns how many connections there were. */
export const cutFromSource = async (run: Run, teamId: string, sourceId: string): Promise<number> =>
  (await run({ text: CUT_FROM_SOURCE, values: [teamId, sourceId] })).length;

/** Removes an endpoint whose destination the caller has locked. Null: the team has none of this id. */
export async function removeEndpoint(run: Run, teamId: string, id: string): Promise<RemovedEndpoint | null> {
  const values = [teamId, id];
  const [found] = await run<RemovedEndpoint>({ text: FIND, values });
  if (!found) return null;
  await run({ text: CUT, values });
  await run({ text: "delete from destination where team_id = $1 and id = $2", values });
  return found;
}
