// The sends of groups with a rate limit, for a lane that takes over: one row for each group whose sends still count.
import type { Queryable } from "#server/database/db.ts";
import type { RateLog } from "./rate-window.ts";

export interface GroupRate {
  turn_key: string;
  rate_log: RateLog;
  expires_at: Date;
}

export async function readGroupRates(
  db: Queryable,
  destinationId: string,
  turnKeys: readonly string[],
): Promise<Map<string, RateLog>> {
  const { rows } = await db.query<GroupRate>({
    name: "group-rates",
    text: "select turn_key, rate_log from group_rate where destination_id = $1 and turn_key = any ($2::text[])",
    values: [destinationId, turnKeys],
  });
  return new Map(rows.map((row) => [row.turn_key, row.rate_log]));
}

/** Records sends before they are made. False when the lease is lost. */
export async function recordGroupSends(
  db: Queryable,
  lease: { destinationId: string; token: string },
  rates: readonly GroupRate[],
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "record-group-sends",
    text: `insert into group_rate (destination_id, turn_key, rate_log, expires_at)
           select $1, turn_key, rate_log, expires_at
           from json_to_recordset($3::json) as r(turn_key text, rate_log json, expires_at timestamptz)
           where exists (select from lane where destination_id = $1 and token = $2::bigint and lease_expires_at > now())
           order by turn_key collate "C"
           on conflict (destination_id, turn_key) do update set rate_log = excluded.rate_log, expires_at = excluded.expires_at`,
    values: [lease.destinationId, lease.token, JSON.stringify(rates)],
  });
  return rowCount === rates.length;
}
