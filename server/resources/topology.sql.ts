// The wiring of a team in one statement, so that a connection never comes without the ends it has.
import type { TopologyEndpoint } from "#server/contracts/topology.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

/** Of each kind at most so many: no answer grows without end. */
export const MAX_OF_KIND = 5_000;
/** Rules of more characters than these are not fetched; only their types are. */
const MAX_RULES_CHARS = 2_048;

interface EndRow {
  id: string;
  name: string;
  type: string;
  config: Record<string, unknown>;
  secrets: string | null;
  disabled_at: string | null;
  updated_at: string;
}
export type SourceRow = EndRow & { key: string };
export type DestinationRow = EndRow & { endpoint: TopologyEndpoint | null };
export interface ConnectionRow {
  id: string;
  name: string;
  source_id: string;
  destination_id: string;
  /** Each rule with its type; cut down to that where the rules are long. */
  rules: (Record<string, unknown> & { type: string })[];
  are_rules_cut: boolean;
  paused_at: string | null;
  paused_until: string | null;
  disabled_at: string | null;
  updated_at: string;
}
export interface TopologyRow {
  sources: SourceRow[];
  connections: ConnectionRow[];
  destinations: DestinationRow[];
  transformations: { id: string; name: string; version: number }[];
}

const isoTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;

const listOf = (columns: string, table: string, teamId: string) => Prisma.sql`(
  select coalesce(json_agg(row_to_json(r) order by id), '[]') from (
    select ${Prisma.raw(columns)} from ${Prisma.raw(table)} where team_id = ${teamId} order by id limit ${MAX_OF_KIND + 1}
  ) as r)`;

const END = `id, name, type, secrets, ${isoTime("disabled_at")}, ${isoTime("updated_at")}`;
const OF_SOURCE = `${END}, key, jsonb_build_object('auth_type', config -> 'auth_type', 'auth', config -> 'auth') as config`;
const OF_DESTINATION = `${END}, jsonb_build_object(${[
  "url",
  "bucket",
  "region",
  "endpoint",
  "http_method",
  "rate_limit",
  "rate_limit_period",
  "concurrency",
  "ordering",
  "groups",
  "maintenance_windows",
]
  .map((field) => `'${field}', config -> '${field}'`)
  .join(", ")}) as config,
  (select json_build_object('ttl', e.ttl_seconds, 'hold_reason', endpoint_hold) from endpoint e where e.id = destination.id) as endpoint`;
const ARE_CUT = `length(rules::text) > ${MAX_RULES_CHARS}`;
const CUT_RULES = `(select jsonb_agg(jsonb_build_object('type', rule -> 'type', 'window', rule -> 'window', 'delay', rule -> 'delay',
  'transformation_id', rule -> 'transformation_id', 'strategy', rule -> 'strategy', 'count', rule -> 'count', 'schedule', rule -> 'schedule'))
  from jsonb_array_elements(rules) as rule)`;
const OF_CONNECTION = `id, name, source_id, destination_id, ${isoTime("paused_at")}, ${isoTime("paused_until")}, ${isoTime("disabled_at")}, ${isoTime("updated_at")},
  ${ARE_CUT} as are_rules_cut, case when ${ARE_CUT} then ${CUT_RULES} else rules end as rules`;

export const topologyStatement = (teamId: string) => Prisma.sql`
  select ${listOf(OF_SOURCE, "source", teamId)} as sources, ${listOf(OF_CONNECTION, "connection", teamId)} as connections,
    ${listOf(OF_DESTINATION, "destination", teamId)} as destinations,
    ${listOf("id, name, version", "transformation", teamId)} as transformations`;
