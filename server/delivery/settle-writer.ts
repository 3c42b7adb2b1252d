// The settle writer. All lanes of a process share it, so their results commit in groups.

import { makeGroupCommit } from "#server/batch/group-commit.ts";
import { isWorthRepeating, type Pool } from "#server/database/db.ts";
import type { Log } from "#server/process/log.ts";
import { type Settlement, settleBatch } from "./settle.sql.ts";

export interface SettleWriter {
  /** Resolves when the settlement is committed. Waits as long as the database is away, because the attempt was made. */
  settle(settlement: Settlement): Promise<Settlement>;
  idle(): Promise<void>;
}

const MAX_BATCH_ROWS = 500;
/**
 * A batch this large is worth a second core of Postgres beside the one in flight. Smaller batches wait for each other's
 * counts.
 */
const SECOND_BATCH_ROWS = 250;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const ROW_OVERHEAD_BYTES = 3_000;
/** Nobody waits for a result to be recorded, and a flush costs as much as ten results. */
const MIN_INTERVAL_MS = 50;
/** Where the next event waits for the result. */
export const PROMPT_INTERVAL_MS = 5;

/** @param minIntervalMs from the start of one batch to the start of the next */
export function makeSettleWriter(pool: Pool, log: Log, minIntervalMs = MIN_INTERVAL_MS): SettleWriter {
  const group = makeGroupCommit<Settlement>({
    write: (settlements, isRepeat) => settleBatch(pool, settlements, { isRepeat }),
    bytesOf: ({ attempt }) => ROW_OVERHEAD_BYTES + (attempt?.response_body?.length ?? 0),
    maxBatchItems: MAX_BATCH_ROWS,
    secondBatchItems: SECOND_BATCH_ROWS,
    maxBatchBytes: MAX_BATCH_BYTES,
    minIntervalMs,
    patienceMs: Number.POSITIVE_INFINITY,
    isTransient: isWorthRepeating,
    onPoison: ({ event_id }, err) => log.error({ err, event_id }, "The result of an attempt could not be stored"),
  });
  return { settle: group.add, idle: group.idle };
}
