// The write-ahead log of Postgres. A commit that reaches the end of a segment makes the next one while all others wait; a
// segment that a checkpoint has finished with is reused at no cost. So a few are made ahead, once.
import { statfs } from "node:fs/promises";
import type { Client } from "pg";

/** Making one takes 24 ms at the usual 16 MB on a virtual disk, more than a sender should wait in all. */
const SEGMENT_MB = 4;
/** The amount that a burst may fill before another segment has to be made. */
const RESERVE_MB = 512;
const MIN_FREE_TIMES_RESERVE = 8;

export const SEGMENT_FLAG = `--wal-segsize=${SEGMENT_MB}`;

export const WAL_SETTINGS = {
  min_wal_size: `${RESERVE_MB}MB`,
  // Redo after a crash takes 10 s for 1.5 GB on two cores: more WAL would be a longer outage.
  max_wal_size: "2GB",
  wal_compression: "off",
};

const USE_SEGMENTS = `
do $$ begin
  for i in 1 .. ${RESERVE_MB / SEGMENT_MB} loop
    perform pg_logical_emit_message(false, 'switchyard', 'reserve');
    perform pg_switch_wal();
  end loop;
end $$`;

/** Fills the reserve of a new cluster, in 3 s or so. A disk with little room left keeps it. */
export async function reserveSegments(superuser: Client, clusterDir: string): Promise<void> {
  const { bavail, bsize } = await statfs(clusterDir);
  if (bavail * bsize < MIN_FREE_TIMES_RESERVE * RESERVE_MB * 2 ** 20) return;
  await superuser.query(USE_SEGMENTS);
  await superuser.query("checkpoint");
}
