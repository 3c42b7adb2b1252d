// The rate limits of sources: how many requests each takes in a period, over all gateways (decision 029). A request counts
// when it is about to be accepted, so nobody can use up a source's limit who cannot prove himself to it.
import { makeGroupCommit } from "#server/batch/group-commit.ts";
import type { CachedSource } from "#server/config/config-cache.ts";
import { RATE_PERIOD_MS } from "#server/contracts/rate-period.ts";
import { isWorthRepeating, type Pool } from "#server/database/db.ts";
import { type Clock, systemClock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { PATIENCE_MS } from "./accept-writer.ts";
import type { CommitTrouble } from "./commit-trouble.ts";
import { takeOfRates } from "./source-rate.sql.ts";

export interface SourceRates {
  /** How long the source takes nothing more; 0 where nothing is known against it. Known without asking the database. */
  closedForMs(source: CachedSource): number;
  /**
   * Counts one request. Resolves to 0 when it is taken, else to how long the source takes nothing more. Rejects when the
   * database does not answer.
   */
  take(source: CachedSource): Promise<number>;
}

/** Requests of so little time share one statement, whatever sources they are for. */
const MIN_INTERVAL_MS = 4;
const MAX_BATCH_ITEMS = 500;

interface Item {
  source: CachedSource;
  waitMs: number;
}

interface SourceRatesOptions {
  clock?: Clock;
  /** Hears of each count that failed: the requests behind it are never asked to be stored. */
  trouble?: Pick<CommitTrouble, "failed">;
}

export function makeSourceRates(
  pool: Pool,
  log: Log,
  { clock = systemClock, trouble }: SourceRatesOptions = {},
): SourceRates {
  // By revision of the configuration: a changed limit is asked for anew.
  const closedUntilMs = new WeakMap<CachedSource, number>();
  const poisoned = makeSeldom();

  async function write(items: Item[]): Promise<void> {
    const bySource = Map.groupBy(items, ({ source }) => source.id);
    const questions = [...bySource].flatMap(([sourceId, wanting]) => {
      const config = wanting.at(-1)?.source.config;
      if (!config?.rate_limit) return [];
      const periodMs = RATE_PERIOD_MS[config.rate_limit_period];
      return [{ sourceId, limit: config.rate_limit, periodMs, wanted: wanting.length }];
    });
    const answers = await takeOfRates(pool, questions).catch((error) => {
      trouble?.failed(error);
      throw error;
    });
    for (const [sourceId, { granted, waitMs }] of answers) {
      for (const item of bySource.get(sourceId)?.slice(granted) ?? []) {
        item.waitMs = waitMs;
        closedUntilMs.set(item.source, clock.monotonicMs() + waitMs);
      }
    }
  }

  const group = makeGroupCommit<Item>({
    write,
    bytesOf: () => 1,
    keysOf: ({ source }) => [source.teamId, source.id],
    maxBatchItems: MAX_BATCH_ITEMS,
    maxBatchBytes: MAX_BATCH_ITEMS,
    minIntervalMs: MIN_INTERVAL_MS,
    patienceMs: PATIENCE_MS,
    isTransient: isWorthRepeating,
    onPoison({ source }, err) {
      const times = poisoned(clock.monotonicMs());
      if (times !== null) log.error({ err, source_id: source.id, times }, "A source's limit could not be counted");
    },
  });

  return {
    closedForMs: (source) => Math.max(0, (closedUntilMs.get(source) ?? 0) - clock.monotonicMs()),
    async take(source) {
      const { waitMs } = await group.add({ source, waitMs: 0 });
      return waitMs;
    },
  };
}
