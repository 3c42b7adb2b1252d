// What only time brings about, in the product's own maintenance by a later clock: what is past its retention goes, and masks are applied.
import { deepStrictEqual } from "node:assert";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Pool } from "#server/database/db.ts";
import { maskTeam } from "#server/masking/mask-at-rest.ts";
import { systemClock } from "#server/process/clock.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { findMiscountedMinutes } from "#test/support/minute-counts.ts";
import type { Masker, Place } from "./event-model.ts";

interface Tools {
  db: Pool;
  /** Of the gateway. */
  origin: string;
  /** Rejects unless the answer is 2xx. */
  ask(method: string, path: string, body: object): Promise<unknown>;
  sourceId: string;
}

const DAY_MS = 86_400_000;
const INSTALLATION_DAYS = 30;
const TEAM_DAYS = 7;
/** Longer than an attempt may be on the wire, after which masks are applied. */
const SETTLED_MS = 240_000;
/** The door looks for news before it answers that it knows no such source. */
const NO_SOURCE = "0".repeat(26);
const COUNTS = ["accepted", "duplicates", "events", "ignored", "attempts"] as const;
const ROLLED_UP = ["accepted_count", "duplicate_count", "event_count", "ignored_count", "attempt_count"] as const;

const dayOf = (atMs: number) => Math.floor(atMs / DAY_MS);

type Numbers = Record<string, number | string> | null;

export function makeMaintenance({ db, origin, ask, sourceId }: Tools) {
  const log = makeLog("model", "warn");
  const startedMs = Date.now();
  let lost: unknown[] = [];

  const minutes = async () => {
    const order = "bucket, connection_id, destination_id";
    return (await db.query(`select * from rollup_minute where source_id = $1 order by ${order}`, [sourceId])).rows;
  };
  /** What the minutes count beyond the rows: rows that have gone, by minute and branch. */
  async function lostCounts(): Promise<unknown[]> {
    const rows = (await findMiscountedMinutes(db, sourceId)) as { counted: Numbers; rolled_up: Numbers }[];
    const differences = rows.map(({ counted, rolled_up }) => [
      ...["bucket", "connection_id", "destination_id"].map((key) => (rolled_up ?? counted)?.[key]),
      ...COUNTS.map((key, at) => Number(rolled_up?.[ROLLED_UP[at] ?? ""] ?? 0) - Number(counted?.[key] ?? 0)),
    ]);
    return differences.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  }
  async function purge(nowMs: number): Promise<void> {
    const before = await minutes();
    await purgeExpired(db, log, { now: new Date(nowMs), retentionDays: INSTALLATION_DAYS });
    // By that clock today is long over, and its partitions go.
    await ensurePartitions(db, Date.now());
    deepStrictEqual(await minutes(), before, "Counts of minutes went with what they count.");
    lost = await lostCounts();
  }

  return {
    lostCounts,
    /** Those of the last purge. */
    expectedLost: () => lost,
    /** Resolves once the door knows it. */
    async mask(masker: Masker, places: readonly Place[]) {
      if (masker === "team") await ask("PATCH", "/retention", { masked_paths: places });
      else await ask("PATCH", `/sources/${sourceId}`, { config: { masked_paths: places } });
      const { status } = await fetch(`${origin}/e/${NO_SOURCE}`, { method: "POST" });
      if (status !== 404) throw new Error(`A source that there is not answered ${status}.`);
    },
    async applyMasks() {
      const tools = { pool: db, log, now: () => new Date(Date.now() + SETTLED_MS), clock: systemClock };
      for (let after: string | null = ""; after !== null; ) after = await maskTeam(tools, DEFAULT_TEAM, after);
    },
    /** The time of what came before an instant is over for its team, or would be if the team kept as little. */
    async expireBefore(beforeMs: number, { isKeptLonger }: { isKeptLonger: boolean }) {
      await ask("PATCH", "/retention", { days: isKeptLonger ? null : TEAM_DAYS });
      await purge(beforeMs + TEAM_DAYS * DAY_MS);
      await ask("PATCH", "/retention", { days: null });
    },
    /** Whether all that the run has made is of today. */
    isOfOneDay: () => dayOf(startedMs) === dayOf(Date.now()),
    /** The time of today is over, or lacks a millisecond of it. */
    expireDay: ({ isOver }: { isOver: boolean }) =>
      purge((dayOf(Date.now()) + 1 + INSTALLATION_DAYS) * DAY_MS + (isOver ? 1 : 0)),
  };
}
