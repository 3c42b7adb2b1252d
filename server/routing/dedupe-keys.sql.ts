// Deduplication keys: who is first is decided by the unique key of the table.
import type { Queryable } from "#server/database/db.ts";

export interface DedupeClaim {
  team_id: string;
  connection_id: string;
  key_hash: string;
  request_id: string;
  first_at: Date;
  expires_at: Date;
}

// Every key returns a row with its present holder. An update without effect still waits for a rival's commit.
const CLAIM = {
  name: "claim-dedupe-keys",
  text: `
insert into dedupe_key as k (team_id, connection_id, key_hash, request_id, first_at, expires_at)
select team_id, connection_id, key_hash, request_id, first_at, expires_at
from json_to_recordset($1::json) as r(team_id text, connection_id text, key_hash text, request_id text, first_at timestamptz, expires_at timestamptz)
order by team_id collate "C", connection_id collate "C", key_hash collate "C"
on conflict (team_id, connection_id, key_hash) do update set
  request_id = case when k.expires_at <= excluded.first_at then excluded.request_id else k.request_id end,
  first_at = case when k.expires_at <= excluded.first_at then excluded.first_at else k.first_at end,
  expires_at = case when k.expires_at <= excluded.first_at then excluded.expires_at else k.expires_at end
returning connection_id, key_hash, request_id`,
};

/**
 * Claims the keys, each named once. Returns the request that holds each, by `connection:key`. The first request of a window
 * keeps it.
 */
export async function claimDedupeKeys(db: Queryable, claims: DedupeClaim[]): Promise<Map<string, string>> {
  const { rows } = await db.query({ ...CLAIM, values: [JSON.stringify(claims)] });
  return new Map(rows.map((row) => [`${row.connection_id}:${row.key_hash}`, row.request_id]));
}

/** The request that holds a key at `now`, or null. This is a hint that may save a transform; `claimDedupeKeys` decides. */
export async function findDedupeHolder(
  db: Queryable,
  key: { teamId: string; connectionId: string; keyHash: string; now: Date },
): Promise<string | null> {
  const { rows } = await db.query({
    name: "find-dedupe-holder",
    text: "select request_id from dedupe_key where team_id = $1 and connection_id = $2 and key_hash = $3 and expires_at > $4",
    values: [key.teamId, key.connectionId, key.keyHash, key.now],
  });
  return rows[0]?.request_id ?? null;
}
