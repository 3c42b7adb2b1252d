// The way back to locked events: how the statement that locks them finds them to change them.

/**
 * Is true where `row`, of a partitioned table, is the row that `other` names by `team_id` and `id`.
 *
 * The id is compared as a list of one, by which Postgres looks rows up and chooses no partitions. Postgres 18 keeps what a
 * running statement needs for that choice in one place, and a second look at a row that somebody has changed meanwhile
 * (EvalPlanQual, under `for update`) leaves freed memory there: the next choice ends the server (decision 077).
 */
export const isSameRow = (row: string, other: string): string =>
  `${row}.team_id = ${other}.team_id and ${row}.id = any (array_append(null::text[], ${other}.id))`;
