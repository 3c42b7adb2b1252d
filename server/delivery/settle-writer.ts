// The settle writers: the lanes of a process share them, so that their results commit in groups.
import { isDatabaseAway, isUniqueViolation, type Pool } from "../db.ts";
import { makeGroupCommit } from "../group-commit.ts";
import type { Log } from "../log.ts";
import { type Settlement, settleBatch } from "./settle.sql.ts";

export interface SettleWriter {
  /** Resolves when the settlement is committed. Waits for a database that is away as long as it takes: the attempt was made. */
  settle(settlement: Settlement): Promise<Settlement>;
}

export interface SettleWriters {
  /**
   * The writer with the fewest lanes. A lane keeps to one until it gives it back: the counts of a destination are rows that
   * two statements at once would wait for.
   */
  take(): { writer: SettleWriter; giveBack(): void };
  idle(): Promise<void>;
}

/** One alone keeps one core of Postgres busy and falls behind what lanes deliver. */
const WRITERS = 2;
const MAX_BATCH_ROWS = 500;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const ROW_OVERHEAD_BYTES = 3_000;
/** Nobody waits for a result to be recorded, and the fixed cost of a flush is that of ten results. */
const MIN_INTERVAL_MS = 50;

export function makeSettleWriters(pool: Pool, log: Log): SettleWriters {
  const writers = Array.from({ length: WRITERS }, () => ({ lanes: 0, group: makeWriter(pool, log) }));
  return {
    take() {
      const least = writers.reduce((a, b) => (b.lanes < a.lanes ? b : a));
      least.lanes++;
      return {
        writer: { settle: least.group.add },
        giveBack: () => {
          least.lanes--;
        },
      };
    },
    async idle() {
      await Promise.all(writers.map(({ group }) => group.idle()));
    },
  };
}

const makeWriter = (pool: Pool, log: Log) =>
  makeGroupCommit<Settlement>({
    write: (settlements, isRepeat) => settleBatch(pool, settlements, { isRepeat }),
    bytesOf: ({ attempt }) => ROW_OVERHEAD_BYTES + (attempt?.response_body?.length ?? 0),
    maxBatchItems: MAX_BATCH_ROWS,
    maxBatchBytes: MAX_BATCH_BYTES,
    minIntervalMs: MIN_INTERVAL_MS,
    patienceMs: Number.POSITIVE_INFINITY,
    isTransient: (error) => isDatabaseAway(error) || isUniqueViolation(error),
    onPoison: ({ event_id }, err) => log.error({ err, event_id }, "The result of an attempt could not be stored"),
  });
