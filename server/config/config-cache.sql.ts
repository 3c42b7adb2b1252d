// The statement that reads configuration. Version, changes and rows come from one snapshot of the database, so they agree.
import type { DestinationSettings } from "#server/contracts/destination.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { StoredQuiet } from "#server/contracts/quiet-hours.ts";
import type { Rule } from "#server/contracts/rule.ts";
import type { SourceConfig, SourceType } from "#server/contracts/source.ts";
import type { Queryable } from "#server/database/db.ts";
import { parseJson } from "#server/json/parse.ts";

interface BaseRow {
  id: string;
  team_id: string;
  name: string;
  secrets: string | null;
  is_disabled: boolean;
}
export type ConfigRow = BaseRow &
  (
    | {
        kind: "source";
        key: string;
        is_system: boolean;
        type: SourceType;
        config: SourceConfig;
        team_masks: string[];
        updated_at: string;
      }
    | ({ kind: "destination"; endpoint_hold: HoldReason | null } & DestinationSettings)
    | {
        kind: "connection";
        source_id: string;
        destination_id: string;
        rules: Rule[];
        is_paused: boolean;
        quiet_hours: StoredQuiet | null;
      }
    | { kind: "transformation"; code: string; env: Record<string, string>; version: number }
  );

const READ_CONFIG = `
with touched as (
  select distinct resource_id from config_change where version > $1::bigint
), wanted as (
  select id, to_jsonb(t) || jsonb_build_object('kind', 'source', 'is_disabled', disabled_at is not null,
    'team_masks', (select masked_paths from team where team.id = t.team_id)) as row from source t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'destination', 'is_disabled', disabled_at is not null) from destination t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'connection', 'is_disabled', disabled_at is not null, 'is_paused', paused_at is not null) from connection t
  union all
  select id, to_jsonb(t) || jsonb_build_object('kind', 'transformation', 'is_disabled', false) from transformation t
)
select (select version from config_version where id = 1)::text as version,
       (select count(*) from config_change where version > $1::bigint)::text as changes,
       array(select resource_id from touched) as touched,
       coalesce((select json_agg(row) from wanted where $1::bigint is null or id in (select resource_id from touched)), '[]'::json)::text as rows`;

/** The configuration that changed after one version, or all of it. */
export interface ReadConfig {
  /** The version that the rows stand for. */
  version: bigint;
  /** Ids of what changed; one without a row was deleted. */
  touched: string[];
  rows: ConfigRow[];
  /** False when the log did not reach back to `since`, so changes may be missing here. */
  isComplete: boolean;
}

/** Reads the changes after version `since`, or everything for null. */
export async function readConfig(db: Queryable, since: bigint | null): Promise<ReadConfig> {
  const { rows } = await db.query(READ_CONFIG, [since === null ? null : since.toString()]);
  const [row] = rows;
  const version = BigInt(row.version);
  // Versions are consecutive, so their number tells whether the log holds all of them.
  const isComplete = since === null || BigInt(row.changes) === version - since;
  return { version, touched: row.touched, rows: parseJson(row.rows) as unknown as ConfigRow[], isComplete };
}

/** Reads the number of the latest change, which is one cheap look. */
export async function readVersion(db: Queryable): Promise<bigint> {
  const { rows } = await db.query("select version::text from config_version where id = 1");
  return BigInt(rows[0].version);
}
