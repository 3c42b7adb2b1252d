// Commits arrivals in groups. Only when `store` resolves is a request in Postgres, and only then may it be answered.
import { isWorthRepeating, type Pool } from "../db.ts";
import { makeGroupCommit } from "../group-commit.ts";
import type { Log } from "../log.ts";
import { makeSeldom } from "../shares/seldom.ts";
import { type Arrival, acceptBatch } from "./accept.sql.ts";

/** What a sender is made to wait for a database that is away; then it gets a 503 and tries again later. */
export const PATIENCE_MS = 4_000;
const MAX_BATCH_ROWS = 500;
/** One batch is prepared and answered here while Postgres works on the other. */
const SECOND_BATCH_ROWS = 40;
/**
 * From the start of one batch to the start of the next: a statement costs some 0.7 ms before its first row. An arrival after
 * a longer pause waits for nobody.
 */
const MIN_INTERVAL_MS = 4;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const ROW_OVERHEAD_BYTES = 1_500;

interface Item {
  arrival: Arrival;
  duplicateOf: string | null;
}

export interface AcceptWriter {
  /** Resolves when the arrival is committed, with the request it repeats, if any. Rejects when it is not known to be stored. */
  store(arrival: Arrival): Promise<{ duplicateOf: string | null }>;
  waiting(): { items: number; bytes: number };
  idle(): Promise<void>;
}

/** @param onHandOff called after a commit that handed something over to routing */
export function makeAcceptWriter(pool: Pool, log: Log, onHandOff: () => void): AcceptWriter {
  const poisoned = makeSeldom();
  const group = makeGroupCommit<Item>({
    write: async (items, isRepeat) => {
      const duplicates = await acceptBatch(
        pool,
        items.map(({ arrival }) => arrival),
        { isRepeat },
      );
      for (const item of items) item.duplicateOf = duplicates.get(item.arrival.id) ?? null;
      if (items.some(({ arrival, duplicateOf }) => arrival.status === "accepted" && !duplicateOf)) onHandOff();
    },
    bytesOf: ({ arrival }) => arrival.body.length + ROW_OVERHEAD_BYTES,
    maxBatchItems: MAX_BATCH_ROWS,
    maxBatchBytes: MAX_BATCH_BYTES,
    secondBatchItems: SECOND_BATCH_ROWS,
    minIntervalMs: MIN_INTERVAL_MS,
    patienceMs: PATIENCE_MS,
    isTransient: isWorthRepeating,
    onPoison(item, err) {
      const times = poisoned(performance.now());
      if (times !== null) log.error({ err, request_id: item.arrival.id, times }, "A request could not be stored");
    },
  });
  return {
    store: (arrival) => group.add({ arrival, duplicateOf: null }),
    waiting: group.waiting,
    idle: group.idle,
  };
}
