// One statement reads a consistent picture: the version, what changed and the rows come from the same snapshot of the database.
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

const READ_CONFIG = `
with touched as (
  select distinct resource_id from config_change where version > $1::bigint
), wanted as (
  select id, to_jsonb(t) || jsonb_build_object('kind', 'source', 'is_disabled', disabled_at is not null) as row from source t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'destination', 'is_disabled', disabled_at is not null) from destination t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'connection', 'is_disabled', disabled_at is not null, 'is_paused', paused_at is not null) from connection t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'transformation', 'is_disabled', false, 'secrets', null) from transformation t
)
select (select version from config_version where id = 1)::text as version,
       array(select resource_id from touched) as touched,
       coalesce((select json_agg(row) from wanted where $1::bigint is null or id in (select resource_id from touched)), '[]'::json) as rows`;

/** The configuration that changed after one version, or all of it. */
export interface ReadConfig {
  /** The version that the rows stand for. */
  version: bigint;
  /** Ids of what changed; one without a row was deleted. */
  touched: string[];
  rows: ConfigRow[];
}

/** What changed after version `since`, or everything for null. */
export async function readConfig(db: Queryable, since: bigint | null): Promise<ReadConfig> {
  const { rows } = await db.query(READ_CONFIG, [since === null ? null : since.toString()]);
  return { version: BigInt(rows[0].version), touched: rows[0].touched, rows: rows[0].rows };
}

const READ_PROGRESS = `
select c.version::text as current, (select min(version) from config_change)::text as oldest
from config_version c where c.id = 1`;

/** Whether anything changed after version `since`; `everything` when the log does not reach back that far. */
export async function readProgress(db: Queryable, since: bigint): Promise<"none" | "some" | "everything"> {
  const { rows } = await db.query(READ_PROGRESS);
  const [{ current, oldest }] = rows;
  if (BigInt(current) === since) return "none";
  return oldest === null || BigInt(oldest) > since + 1n ? "everything" : "some";
}
