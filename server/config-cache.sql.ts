// One statement reads a consistent picture: the version and the rows come from the same snapshot of the database.
import type { DestinationConfig } from "./contracts/destination.ts";
import type { Rule } from "./contracts/rule.ts";
import type { SourceConfig, SourceType } from "./contracts/source.ts";
import type { Queryable } from "./db.ts";

interface BaseRow {
  id: string;
  team_id: string;
  name: string;
  secrets: string | null;
  is_disabled: boolean;
}
export type ConfigRow = BaseRow &
  (
    | { kind: "source"; key: string; type: SourceType; config: SourceConfig }
    | { kind: "destination"; config: DestinationConfig }
    | { kind: "connection"; source_id: string; destination_id: string; rules: Rule[]; is_paused: boolean }
    | { kind: "transformation"; code: string; env: Record<string, string>; version: number }
  );

const READ_ROWS = `
with wanted as (
  select id, to_jsonb(t) || jsonb_build_object('kind', 'source', 'is_disabled', disabled_at is not null) as row from source t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'destination', 'is_disabled', disabled_at is not null) from destination t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'connection', 'is_disabled', disabled_at is not null, 'is_paused', paused_at is not null) from connection t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'transformation', 'is_disabled', false, 'secrets', null) from transformation t
)
select (select version from config_version where id = 1)::text as version,
       coalesce((select json_agg(row) from wanted where $1::text[] is null or id = any ($1::text[])), '[]'::json) as rows`;

/** The rows of `ids`, or all for null, and the version they stand for. */
export async function readRows(db: Queryable, ids: string[] | null): Promise<{ version: bigint; rows: ConfigRow[] }> {
  const { rows } = await db.query(READ_ROWS, [ids]);
  return { version: BigInt(rows[0].version), rows: rows[0].rows };
}

const READ_CHANGES = `
select c.version::text as current,
       (select min(version) from config_change)::text as oldest,
       array(select distinct resource_id from config_change where version > $1::bigint) as ids
from config_version c where c.id = 1`;

export type Changes = { kind: "none" } | { kind: "some"; ids: string[] } | { kind: "everything" };

/** What changed after version `since`; `everything` when the log does not reach back that far. */
export async function readChanges(db: Queryable, since: bigint): Promise<Changes> {
  const { rows } = await db.query(READ_CHANGES, [since.toString()]);
  const [{ current, oldest, ids }] = rows;
  if (BigInt(current) === since) return { kind: "none" };
  if (oldest === null || BigInt(oldest) > since + 1n) return { kind: "everything" };
  return { kind: "some", ids };
}
