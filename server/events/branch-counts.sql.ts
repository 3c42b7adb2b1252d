// The numbers of events of each branch in line, held and failed. Statements that move events append what they change, in
// the same transaction, so none waits for another's counter; a worker adds the changes up. The count is the sum of both
// tables.
import type { EventStatus } from "#server/contracts/event.ts";
import type { Queryable } from "#server/database/db.ts";

/** The states that are counted: those that events stay in and that somebody may have to look at. */
const COUNTED = {
  QUEUED: "queued_count",
  SCHEDULED: "scheduled_count",
  RETRYING: "retrying_count",
  HOLD: "hold_count",
  FAILED: "failed_count",
} as const satisfies Partial<Record<EventStatus, string>>;
export const BRANCH_COUNTS = Object.values(COUNTED);
export type BranchCount = (typeof BRANCH_COUNTS)[number];

const KEY = "team_id, source_id, connection_id, destination_id";
const COUNTS = BRANCH_COUNTS.join(", ");

/** To stand in the `set` of a statement that moves events: from here `countMoves` reads what the move takes away. */
export const statusBefore = (row: string): string => `status_before = ${row}.status`;

/**
 * The part of a statement that moves events which notes what it changes.
 * @param moved a select with `team_id`, `source_id`, `connection_id`, `destination_id`, `status`, `status_before` (null for a
 *   new event) and `n`, how many moved so
 */
export function countMoves(moved: string): string {
  const changes = Object.entries(COUNTED).map(
    ([status, count]) =>
      `sum(n * ((status = '${status}')::integer - coalesce(status_before = '${status}', false)::integer)) as ${count}`,
  );
  return `insert into branch_count_delta (${KEY}, ${COUNTS})
  select ${KEY}, ${COUNTS} from (
    select ${KEY}, ${changes.join(",\n      ")}
    from (${moved}) as moves group by ${KEY}
  ) as changes where ${BRANCH_COUNTS.map((count) => `${count} <> 0`).join(" or ")}`;
}

/** Both tables, to be summed by whoever reads them. */
export const BRANCH_COUNT_ROWS = `
  select ${KEY}, ${COUNTS} from branch_count union all select ${KEY}, ${COUNTS} from branch_count_delta`;

// Each by itself: a count that is wrong until it is corrected hides no other.
const IN_LINE_AT = `
select destination_id from (${BRANCH_COUNT_ROWS}) as counted where connection_id = $1
group by destination_id having sum(queued_count) > 0 or sum(scheduled_count) > 0 or sum(retrying_count) > 0`;

/** The destinations at which events of a connection are in line: where it leads, where it led when they were made, and those of its dead letters. */
export async function destinationsInLine(db: Queryable, connectionId: string): Promise<string[]> {
  const { rows } = await db.query<{ destination_id: string }>(IN_LINE_AT, [connectionId]);
  return rows.map((row) => row.destination_id);
}

const SUMS = BRANCH_COUNTS.map((count) => `sum(${count}) as ${count}`).join(", ");

const FOLD = `
with taken as (delete from branch_count_delta returning ${KEY}, ${COUNTS})
insert into branch_count as b (${KEY}, ${COUNTS})
select ${KEY}, ${SUMS} from taken group by ${KEY} order by ${KEY}
on conflict (${KEY}) do update set ${BRANCH_COUNTS.map((count) => `${count} = b.${count} + excluded.${count}`).join(", ")}`;

/** Adds up what was noted. Whatever is noted meanwhile stays for the next time; two at once take what the other left. */
export async function foldBranchCounts(db: Queryable): Promise<void> {
  await db.query({ name: "fold-branch-counts", text: FOLD });
}

const OF_ROWS = Object.entries(COUNTED).map(
  ([status, count]) => `count(*) filter (where status = '${status}') as ${count}`,
);
const STATES = Object.keys(COUNTED).map((status) => `'${status}'`);

// One statement sees rows and counts as of one moment, so what others do meanwhile is in neither.
const CORRECT = `
insert into branch_count_delta (${KEY}, ${COUNTS})
select ${KEY}, ${COUNTS} from (
  select ${KEY}, ${SUMS} from (
    select ${KEY}, ${OF_ROWS.join(", ")} from event where status in (${STATES.join(", ")}) group by ${KEY}
    union all
    select ${KEY}, ${BRANCH_COUNTS.map((count) => `-${count}`).join(", ")} from (${BRANCH_COUNT_ROWS}) as counted
  ) as both_sides group by ${KEY}
) as differences where ${BRANCH_COUNTS.map((count) => `${count} <> 0`).join(" or ")}
returning ${KEY}, ${COUNTS}`;

export type BranchCountRow = Record<BranchCount, number> & {
  team_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
};

/**
 * Makes the counts what the rows say, after rows were deleted, and forgets branches of which nothing is left. Returns what was
 * changed.
 */
export async function correctBranchCounts(db: Queryable): Promise<BranchCountRow[]> {
  const { rows } = await db.query<BranchCountRow>(CORRECT);
  await foldBranchCounts(db);
  await db.query(`delete from branch_count where ${BRANCH_COUNTS.map((count) => `${count} = 0`).join(" and ")}`);
  return rows;
}
