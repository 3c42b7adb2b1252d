// The groups of a destination as its lane sends for them: what may be taken now, and what is written down before it goes.
import { groupsOf } from "#server/contracts/groups.ts";
import type { DueItem, DueReader } from "./due-reader.ts";
import { makeGroupPaces } from "./group-paces.ts";
import { type GroupRate, readGroupRates, recordGroupSends } from "./group-rates.sql.ts";
import { atTheLatest } from "./lane-clock.ts";
import type { Lane } from "./lane-tools.ts";
import type { Outcome } from "./pace.ts";

type Member = { id: string; turn_key: string | null };

export interface LaneGroups {
  /** Takes up to `count` events that may go within the limits of their groups; or says how long to wait for the first. */
  take(reader: DueReader, count: number): Promise<{ due: DueItem[]; waitMs: number }>;
  /** Whether nothing of the group with this turn key may go now. */
  isBlocked(turnKey: string): boolean;
  /** Counts these sends, also for a lane that takes over. False when the lease is lost. */
  start(events: readonly Member[]): Promise<boolean>;
  learn(outcome: Exclude<Outcome, { kind: "started" }>): void;
  /** Writes down what the next lane must count. */
  close(): Promise<void>;
}

/** A statement with more would be long. */
const WRITE_AT_ONCE = 1_000;

export function makeLaneGroups({ pool, lease, sharedClock: clock, config }: Lane): LaneGroups {
  const paces = makeGroupPaces();
  const configure = () => paces.configure(groupsOf(config.current().destinations.get(lease.destinationId)));
  const record = (rates: readonly GroupRate[]) =>
    recordGroupSends(
      pool,
      lease,
      rates.map((rate) => ({ ...rate, rate_log: atTheLatest(rate.rate_log, lease.clockErrorMs) })),
    );
  return {
    async take(reader, count) {
      configure();
      const admission = paces.admission(clock.nowMs());
      const due = reader.take(count, ({ turn_key }) => admission.admits(turn_key));
      const unknown = admission.unknown();
      if (unknown.length > 0) {
        paces.know(
          await readGroupRates(pool, lease.destinationId, unknown),
          unknown,
          clock.nowMs() + lease.clockErrorMs,
        );
      }
      const waitMs = unknown.length > 0 ? 0 : Math.max(1, admission.freeAtMs() - clock.nowMs());
      return { due, waitMs };
    },
    isBlocked: (turnKey) => paces.isBlocked(turnKey, clock.nowMs()),
    async start(events) {
      paces.started(events, clock.nowMs());
      const rates = paces.toWrite(
        events.map(({ turn_key }) => turn_key),
        clock.nowMs(),
      );
      if (rates.length === 0) return true;
      const isOurs = await record(rates);
      if (isOurs) paces.written(rates);
      return isOurs;
    },
    learn: (outcome) => paces.learn(outcome, clock.nowMs()),
    async close() {
      const rates = paces.unwritten(clock.nowMs());
      for (let from = 0; from < rates.length; from += WRITE_AT_ONCE) {
        if (!(await record(rates.slice(from, from + WRITE_AT_ONCE)))) return;
      }
    },
  };
}
