// The drainer: brings what lies in the spool into the database, in the order in which it came, and removes it there. One gateway at a
// time does so, by a lock of the database, which the transaction that stores a batch holds. A gateway that dies in between leaves what
// it has stored in the spool; the next one finds it stored and removes it.
import type { ByteSeals } from "#server/crypto/byte-seal.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { inTransaction, type Pool } from "#server/database/db.ts";
import { WAIT_FOR_STANDBYS } from "#server/database/wait-for-standbys.sql.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { acceptBatch } from "#server/ingest/accept.sql.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { openArrival } from "./sealed-arrival.ts";
import type { SpoolMessage, SpoolState, SpoolStream } from "./spool-stream.ts";

const MAX_BATCH = 200;
const BATCH_BYTES = 4 * 1024 * 1024;

export interface Drainer {
  /**
   * Stores one batch. `busy`: another gateway is at it. `away`: the database does not commit, or the spool does not answer. `empty`:
   * nothing is left but what cannot be stored, and the database commits.
   */
  turn(): Promise<"drained" | "busy" | "away" | "empty">;
  /** Looks at the stream alone: whether anything is there to be stored. Rejects when it does not answer. */
  hasWork(): Promise<boolean>;
  /** As the stream was when it was looked at last. */
  state(): SpoolState;
  /** Messages of this process's time that do not open or that Postgres refuses. They stay in the spool. */
  unusable(): number;
  drained(): number;
}

export interface DrainerOptions {
  stream: SpoolStream;
  seals: ByteSeals;
  pool: Pool;
  log: Log;
  /** Called after a batch is committed. */
  onStored: (arrivals: readonly Arrival[]) => void;
}

export function makeDrainer({ stream, seals, pool, log, onStored }: DrainerOptions): Drainer {
  let state: SpoolState = { messages: 0, bytes: 0, firstSeq: 0, lastSeq: 0 };
  const unusable = new Set<number>();
  let maxBatch = MAX_BATCH;
  let drained = 0;
  /** Of this turn. */
  let tried: SpoolMessage[] = [];
  const troubles = makeSeldom();

  function leave({ seq, id }: Pick<SpoolMessage, "seq" | "id">, reason: string) {
    unusable.add(seq);
    log.error({ seq, request_id: id, reason }, "A request in the spool cannot be stored. It stays there.");
  }

  function openAll(messages: readonly SpoolMessage[]): Map<string, Arrival> {
    const arrivals = new Map<string, Arrival>();
    for (const { seq, teamId, id, data } of messages) {
      if (unusable.has(seq)) continue;
      try {
        // Twice in one batch it would never be stored.
        arrivals.set(id, openArrival(seals, data, teamId, id));
      } catch (error) {
        leave({ seq, id }, (error as Error).message);
      }
    }
    return arrivals;
  }

  async function forget(messages: readonly SpoolMessage[]): Promise<void> {
    const [first] = messages;
    const last = messages.at(-1);
    if (!first || !last) return;
    if (unusable.size === 0) return stream.forgetBefore(last.seq + 1);
    for (const { seq } of messages) if (!unusable.has(seq)) await stream.forget(seq);
  }

  async function look(): Promise<void> {
    state = await stream.look();
    for (const seq of unusable) if (seq < state.firstSeq) unusable.delete(seq);
  }

  const left = () => state.messages - unusable.size;

  /** The first messages that are not known to be unusable. */
  async function readBatch(): Promise<SpoolMessage[]> {
    const mean = Math.max(1, state.bytes / Math.max(1, state.messages));
    const count = Math.min(maxBatch, left(), Math.max(1, Math.floor(BATCH_BYTES / mean)));
    for (let from = state.firstSeq; ; ) {
      const messages = await stream.read(from, count);
      const usable = messages.filter(({ seq }) => !unusable.has(seq));
      if (usable.length > 0 || messages.length === 0) return usable;
      from = (messages.at(-1)?.seq ?? 0) + 1;
    }
  }

  async function storeBatch(): Promise<"drained" | "busy" | "empty"> {
    let arrivals: Arrival[] = [];
    const outcome = await inTransaction(pool, async (client) => {
      const { rows } = await client.query(`select pg_try_advisory_xact_lock(${ADVISORY_LOCKS.spool}) as is_ours`);
      if (!rows[0].is_ours) return "busy";
      // Under the lock: what another gateway has stored is gone by now, or is found stored.
      await look();
      tried = left() > 0 ? await readBatch() : [];
      arrivals = [...openAll(tried).values()];
      if (arrivals.length > 0) await acceptBatch(client, arrivals, { isRepeat: true });
      // The commit waits for the standbys, so that an empty spool also says that the database takes requests again.
      else await client.query(`select ${WAIT_FOR_STANDBYS}`);
      return tried.length > 0 ? "drained" : "empty";
    });
    if (arrivals.length > 0) onStored(arrivals);
    drained += arrivals.length;
    if (outcome === "drained") {
      maxBatch = Math.min(MAX_BATCH, maxBatch * 2);
      await forget(tried);
    }
    return outcome;
  }

  /** A row that Postgres refuses is found by going one by one. */
  function narrow(error: unknown): void {
    const [only] = tried;
    if (maxBatch === 1 && only) leave(only, (error as Error).message);
    maxBatch = 1;
  }

  function tellOf(error: unknown): void {
    const times = isDatabaseAway(error) ? null : troubles(performance.now());
    if (times !== null) log.warn({ reason: (error as Error).message, times }, "The spool cannot be drained yet.");
  }

  return {
    state: () => state,
    unusable: () => unusable.size,
    drained: () => drained,
    async hasWork() {
      await look();
      return left() > 0;
    },
    async turn() {
      tried = [];
      try {
        return await storeBatch();
      } catch (error) {
        if (isRefusal(error)) narrow(error);
        else tellOf(error);
        return "away";
      }
    },
  };
}

/**
 * By SQLSTATE: a value, a constraint or a size that is refused is the row's own. Whatever else Postgres says (no such table yet, a wrong
 * password, no partition, a statement that took too long) may be over in a moment, and the row waits for it.
 */
const ROW_REFUSED = /^(?:22[0-9A-Z]{3}|2350[123]|54[0-9A-Z]{3})$/;
const isRefusal = (error: unknown) => error instanceof Error && "code" in error && ROW_REFUSED.test(String(error.code));
