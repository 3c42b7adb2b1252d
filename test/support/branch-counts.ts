// What the counters of branches must say at every moment: as much as the rows of events do.

import type { Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS, BRANCH_COUNTS } from "#server/events/branch-counts.sql.ts";

const KEY = "source_id, connection_id, destination_id";
const STATES = {
  queued_count: "QUEUED",
  scheduled_count: "SCHEDULED",
  retrying_count: "RETRYING",
  hold_count: "HOLD",
  failed_count: "FAILED",
};
const COUNTS = BRANCH_COUNTS.join(", ");

const DIFFERENCES = `
select ${KEY}, row_to_json(c) as counted, row_to_json(r) as in_rows
from (select ${KEY}, ${BRANCH_COUNTS.map((count) => `sum(${count}) as ${count}`).join(", ")} from (${BRANCH_COUNT_ROWS}) as counts group by ${KEY}) as c
full join (
  select ${KEY}, ${BRANCH_COUNTS.map((count) => `count(*) filter (where status = '${STATES[count]}') as ${count}`).join(", ")}
  from event group by ${KEY}
) as r using (${KEY})
where (${BRANCH_COUNTS.map((count) => `coalesce(c.${count}, 0)`).join(", ")})
  is distinct from (${BRANCH_COUNTS.map((count) => `coalesce(r.${count}, 0)`).join(", ")}) and ($1::text is null or source_id = $1)`;

/** Branches whose counters differ from their rows, as of one moment; with `sourceId` those of one source. */
export async function findMiscounted(db: Queryable, sourceId: string | null = null): Promise<unknown[]> {
  return (await db.query(DIFFERENCES, [sourceId])).rows;
}

/** How many events of a branch are in each state by the counters. */
export async function countedOf(db: Queryable, connectionId: string): Promise<Record<string, number>> {
  const { rows } = await db.query(
    `select ${BRANCH_COUNTS.map((count) => `coalesce(sum(${count}), 0)::int as ${count}`).join(", ")}
     from (select connection_id, ${COUNTS} from (${BRANCH_COUNT_ROWS}) as counts) as of_branches where connection_id = $1`,
    [connectionId],
  );
  return rows[0];
}
