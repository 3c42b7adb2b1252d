// The statements that read configuration. Version, changes and rows come from one snapshot of the database, so they agree.
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

const ROWS = {
  source: `to_jsonb(t) || jsonb_build_object('kind', 'source', 'is_disabled', disabled_at is not null,
    'team_masks', (select masked_paths from team where team.id = t.team_id))`,
  destination: "to_jsonb(t) || jsonb_build_object('kind', 'destination', 'is_disabled', disabled_at is not null)",
  connection:
    "to_jsonb(t) || jsonb_build_object('kind', 'connection', 'is_disabled', disabled_at is not null, 'is_paused', paused_at is not null)",
  transformation: "to_jsonb(t) || jsonb_build_object('kind', 'transformation', 'is_disabled', false)",
};

/** @param where which rows of each table */
const rowsWhere = (where: string) =>
  Object.entries(ROWS)
    .map(([table, row]) => `select ${row} as row from ${table} t ${where}`)
    .join("\n  union all ");

const VERSION = "(select version from config_version where id = 1)::text as version";

const READ_ALL = `
select ${VERSION}, '0' as changes, '{}'::text[] as touched, coalesce((select json_agg(row) from (
  ${rowsWhere("")}
) as wanted), '[]'::json)::text as rows`;

// By the primary key: where there are thousands of connections, a change of one is read without a look at the others.
const READ_CHANGES = `
with touched as materialized (
  select array(select distinct resource_id from config_change where version > $1::bigint) as ids
)
select ${VERSION},
       (select count(*) from config_change where version > $1::bigint)::text as changes,
       (select ids from touched) as touched,
       coalesce((select json_agg(row) from (
  ${rowsWhere("where id = any ((select ids from touched)::text[])")}
) as wanted), '[]'::json)::text as rows`;

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
  const { rows } =
    since === null
      ? await db.query(READ_ALL)
      : await db.query({ name: "config-changes", text: READ_CHANGES, values: [since.toString()] });
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
