// The days of all teams on the disk of the database, indexes included.
import { BIG_TABLE_NAMES } from "./partitions.ts";

export interface DayOnDisk {
  /** As `20261126`. */
  day: string;
  bytes: number;
}

/** Reads the sizes of files, and no row. */
export const DAYS_ON_DISK = {
  text: `
select right(child.relname, 8) as day, sum(coalesce(pg_total_relation_size(child.oid), 0))::float8 as bytes
from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
where parent.relname = any ($1) and parent.relkind = 'p' group by 1 order by 1`,
  values: [BIG_TABLE_NAMES],
};
