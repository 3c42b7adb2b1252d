// The accept writer: commits arrivals in groups. A request is in Postgres when `store` resolves, and only then may it be
// answered.

import { makeGroupCommit } from "#server/batch/group-commit.ts";
import { isWorthRepeating, type Pool } from "#server/database/db.ts";
import type { Telling } from "#server/process/local-line.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { makeTurns } from "#server/shares/turns.ts";
import { acceptBatch } from "./accept.sql.ts";
import { acceptFirst } from "./accept-first.sql.ts";
import type { Arrival } from "./arrival.ts";
import type { CommitTrouble } from "./commit-trouble.ts";
import { reserveFor, tellRouting } from "./tell-routing.ts";

/** How long a sender waits for a database that is away. It then gets a 503 and tries again later. */
export const PATIENCE_MS = 4_000;
const MAX_BATCH_ROWS = 500;
/** So many rows go at once, beside the batches in flight: their share of a batch's fixed cost is small. */
const FULL_BATCH_ROWS = 32;
const MAX_BATCHES = 3;
/**
 * From the start of one batch to the start of the next, as long as there is load: a batch has a fixed cost of some ten rows.
 * After a batch of one request the next waits for nobody.
 */
const MIN_INTERVAL_MS = 4;
const LOAD_ROWS = 2;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const ROW_OVERHEAD_BYTES = 1_500;
const LARGE_BYTES = 256 * 1024;
/** For as many batches, and one of large bodies. */
export const ACCEPT_CONNECTIONS = MAX_BATCHES + 1;

export interface Stored {
  /** The request that it repeats, if any. */
  duplicateOf: string | null;
  /** Nobody reads the arrival any more. Absent where it may be on its way to another place, or be written again. */
  isFree?: true;
}

interface Item extends Stored {
  arrival: Arrival;
}

export interface AcceptWriter {
  /** Resolves when the arrival is committed. Rejects when nobody knows whether it is stored. */
  store(arrival: Arrival): Promise<Stored>;
  waiting(): { items: number; bytes: number };
  idle(): Promise<void>;
}

export interface AcceptWriterOptions {
  /** Called after a commit that handed something over to routing of which no worker was told. */
  onHandOff: () => void;
  /** To workers of this machine, where there may be some. */
  line?: Pick<Telling, "reserve">;
  /** Whether headers may be stored in the form that processes of older versions cannot read. */
  packsHeaders: () => boolean;
  /** Hears of each try to commit. */
  trouble?: Pick<CommitTrouble, "stored" | "failed">;
}

/** As it is once it is committed: a group writes an item until then, and never afterwards. */
const itemOf = (arrival: Arrival): Item => ({ arrival, duplicateOf: null, isFree: true });

/**
 * Large bodies have a group of their own, so no other request waits for them. A few of them are written at a time, in fair
 * turns of their teams.
 */
export function makeAcceptWriter(
  pool: Pool,
  log: Log,
  { onHandOff, line, packsHeaders, trouble }: AcceptWriterOptions,
): AcceptWriter {
  const poisoned = makeSeldom();

  async function writeAgain(arrivals: Arrival[]): Promise<Map<string, string>> {
    const duplicates = await acceptBatch(pool, arrivals, { isRepeat: true, packsHeaders: packsHeaders() });
    announce(arrivals, duplicates);
    return duplicates;
  }

  async function writeFirst(arrivals: Arrival[]): Promise<Map<string, string>> {
    const place = reserveFor(line, arrivals);
    const write = acceptFirst(pool, arrivals, { packsHeaders: packsHeaders(), isTold: place !== null });
    const { duplicates, handOff } = await write.catch((error) => {
      place?.giveUp();
      throw error;
    });
    if (place && handOff && tellRouting(place, handOff, arrivals)) return duplicates;
    place?.giveUp();
    announce(arrivals, duplicates);
    return duplicates;
  }

  function announce(arrivals: Arrival[], duplicates: ReadonlyMap<string, string>): void {
    if (arrivals.some(({ status, id }) => status === "accepted" && !duplicates.has(id))) onHandOff();
  }

  const makeGroup = (beside?: { secondBatchItems: number; eagerItems: number; maxBatches: number }) =>
    makeGroupCommit<Item>({
      write: async (items, isRepeat) => {
        const arrivals = items.map(({ arrival }) => arrival);
        const duplicates = await (isRepeat ? writeAgain(arrivals) : writeFirst(arrivals)).catch((error) => {
          trouble?.failed(error);
          throw error;
        });
        trouble?.stored();
        for (const item of items) item.duplicateOf = duplicates.get(item.arrival.id) ?? null;
      },
      bytesOf: ({ arrival }) => arrival.body.length + ROW_OVERHEAD_BYTES,
      keysOf: ({ arrival }) => [arrival.team_id, arrival.source_id],
      maxBatchItems: MAX_BATCH_ROWS,
      maxBatchBytes: MAX_BATCH_BYTES,
      ...beside,
      minIntervalMs: MIN_INTERVAL_MS,
      loadItems: LOAD_ROWS,
      patienceMs: PATIENCE_MS,
      isTransient: isWorthRepeating,
      onPoison(item, err) {
        const times = poisoned(performance.now());
        if (times !== null) log.error({ err, request_id: item.arrival.id, times }, "A request could not be stored");
      },
    });
  const group = makeGroup({
    secondBatchItems: FULL_BATCH_ROWS,
    eagerItems: FULL_BATCH_ROWS,
    maxBatches: MAX_BATCHES,
  });
  const large = makeGroup();
  const turns = makeTurns({ max: 4, maxPerTeam: 2, maxWaitingPerTeam: 1_000 });

  async function storeLarge(arrival: Arrival): Promise<Item> {
    const taken = await turns.take(arrival.team_id, AbortSignal.timeout(PATIENCE_MS / 2));
    if (taken.kind !== "turn") throw new Error("Too many large bodies wait to be stored.");
    try {
      return await large.add(itemOf(arrival));
    } finally {
      taken.done();
    }
  }

  return {
    store: (arrival) => (arrival.body.length > LARGE_BYTES ? storeLarge(arrival) : group.add(itemOf(arrival))),
    waiting() {
      const [light, heavy] = [group.waiting(), large.waiting()];
      return { items: light.items + heavy.items, bytes: light.bytes + heavy.bytes };
    },
    async idle() {
      await Promise.all([group.idle(), large.idle()]);
    },
  };
}
