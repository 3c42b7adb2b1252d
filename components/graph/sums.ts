// Sums of what waits and flows on several connections. Pure.
import type { LiveCounts } from "#server/contracts/live.ts";
import type { Traffic } from "./card-state.ts";

export const NO_TRAFFIC: Traffic = { accepted_count: 0, delivered_count: 0, failed_count: 0 };

export const COUNTS = ["queued_count", "scheduled_count", "retrying_count", "hold_count", "failed_count"] as const;
type Counts = Record<(typeof COUNTS)[number], number>;

export function sumCounts(rows: readonly (LiveCounts | undefined)[]): Counts {
  const sum = { queued_count: 0, scheduled_count: 0, retrying_count: 0, hold_count: 0, failed_count: 0 };
  for (const row of rows) for (const count of COUNTS) sum[count] += row?.[count] ?? 0;
  return sum;
}

export function sumTraffic(rows: readonly (Traffic | undefined)[]): Traffic | undefined {
  if (rows.some((row) => row === undefined)) return undefined;
  return rows.reduce<Traffic>(
    (sum, row) => ({
      accepted_count: sum.accepted_count + (row?.accepted_count ?? 0),
      delivered_count: sum.delivered_count + (row?.delivered_count ?? 0),
      failed_count: sum.failed_count + (row?.failed_count ?? 0),
    }),
    NO_TRAFFIC,
  );
}
