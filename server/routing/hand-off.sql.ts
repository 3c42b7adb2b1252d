// Hand-offs from the door: rows that the accept statement wrote. A claim reserves a row for one worker for a while. Only
// the statement that writes the branches deletes the row, so a worker that dies leaves it to the next.
import { CLAIMANT, type Queryable } from "#server/database/db.ts";

/** `[team id, request id, source id]` */
export type RequestKey = readonly [string, string, string];

/** `[event type, whether the door marked it NO_CONNECTION]` */
type RequestHead = readonly [string | null, boolean];

export interface HandOff {
  id: string;
  requests: RequestKey[];
  /** One for each request. Null where its writer did not say. */
  heads: RequestHead[] | null;
}

/** The life of a claim that is not renewed. */
export const CLAIM_MS = 15_000;

const CLAIM = {
  name: "claim-hand-offs",
  text: `
with claimed as (
  update hand_off set claimed_until = now() + $2 * interval '1 millisecond', claimed_by = ${CLAIMANT}
  where id = any (array(
    select id from hand_off where claimed_until is null or claimed_until <= now() order by id limit $1 for update skip locked))
  returning id, requests, heads
)
select id::text, requests, heads, (select version from config_version where id = 1)::text as config_version,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
from claimed order by id`,
};

interface Claimed {
  handOffs: HandOff[];
  /** The version of the configuration that they may rely on. */
  configVersion: bigint;
  /** Unix time by the clock of the database; null where nothing was claimed. */
  databaseNowMs: number | null;
}

/** Claims up to `limit` free hand-offs, oldest first. */
export async function claimHandOffs(db: Queryable, limit: number): Promise<Claimed> {
  const { rows } = await db.query({ ...CLAIM, values: [limit, CLAIM_MS] });
  return {
    handOffs: rows.map(({ id, requests, heads }) => ({ id, requests, heads })),
    configVersion: BigInt(rows[0]?.config_version ?? 0),
    databaseNowMs: rows[0]?.now_ms ?? null,
  };
}

/** Renews the claims while a batch waits for the database. */
export async function renewClaims(db: Queryable, ids: string[]): Promise<void> {
  await db.query(
    "update hand_off set claimed_until = now() + $2 * interval '1 millisecond' where id = any ($1::bigint[])",
    [ids, CLAIM_MS],
  );
}
