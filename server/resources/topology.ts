// The wiring of a team: what a picture of its sources, connections and destinations is drawn from.
import type { Ctx } from "#server/auth/ctx.ts";
import { groupsOf } from "#server/contracts/groups.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import type { S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import type {
  RuleOutline,
  Topology,
  TopologyConnection,
  TopologyDestination,
  TopologySource,
} from "#server/contracts/topology.ts";
import { plainObjectUrl } from "#server/object-store/object-store.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { countClauses } from "./count-clauses.ts";
import { openSealed } from "./secret-fields.ts";
import { sourceUrl } from "./sources.ts";
import {
  type ConnectionRow,
  type DestinationRow,
  MAX_OF_KIND,
  type SourceRow,
  type TopologyRow,
  topologyStatement,
} from "./topology.sql.ts";

type Versions = ReadonlyMap<string, TopologyRow["transformations"][number]>;

function toSource(ctx: Ctx, { key, config, secrets, ...row }: SourceRow): TopologySource {
  const authType = config.auth_type as SourceAuthType;
  const auth = config.auth as Record<string, unknown>;
  return {
    ...row,
    type: row.type as SourceType,
    url: sourceUrl(ctx, { type: row.type, key }),
    auth_type: authType,
    verification: verificationOf(row.type, authType, Object.keys(auth).length === 0 && secrets === null),
    unusable_because: openSealed(ctx.app.keyring, "source", { id: row.id, secrets }).unusable,
  };
}

/** @param isEmpty nothing of the proof is given: a provider's source refuses everything until it is */
function verificationOf(type: string, authType: SourceAuthType, isEmpty: boolean): TopologySource["verification"] {
  // Whoever publishes has an API key, which is a shared secret.
  if (type === "PUBLISH") return "shared_secret";
  if (authType === "NONE") return "none";
  if (isEmpty) return "missing";
  return authSchemes[authType].isOverSenderAlone ? "shared_secret" : "signature";
}

function toDestination(ctx: Ctx, { config, secrets, ...row }: DestinationRow): TopologyDestination {
  const address = row.type === "S3" ? plainObjectUrl(config as S3DestinationConfig) : config.url;
  const url = typeof address === "string" && URL.canParse(address) ? new URL(address) : null;
  return {
    ...row,
    type: row.type as TopologyDestination["type"],
    http_method: (config.http_method ?? null) as TopologyDestination["http_method"],
    host: url?.host ?? null,
    path: url?.pathname ?? null,
    rate_limit: config.rate_limit as number | null,
    rate_limit_period: config.rate_limit_period as TopologyDestination["rate_limit_period"],
    concurrency: config.concurrency as number,
    has_groups: groupsOf({ config }) !== null,
    ordering: (config.ordering ?? "none") as TopologyDestination["ordering"],
    maintenance_windows: (config.maintenance_windows ?? []) as TopologyDestination["maintenance_windows"],
    unusable_because: openSealed(ctx.app.keyring, "destination", { id: row.id, secrets }).unusable,
  };
}

function outlineOf({ rules, are_rules_cut }: ConnectionRow, versions: Versions): RuleOutline {
  const ruleOf = (type: string) => rules.find((rule) => rule.type === type);
  const outline: RuleOutline = {};
  const [deduplicate, transform, filter] = [ruleOf("deduplicate"), ruleOf("transform"), ruleOf("filter")];
  const [delay, retry] = [ruleOf("delay"), ruleOf("retry")];
  if (deduplicate) outline.deduplicate = { window: deduplicate.window as number };
  const transformation = versions.get(transform?.transformation_id as string);
  if (transformation) {
    outline.transform = {
      transformation_id: transformation.id,
      name: transformation.name,
      version: transformation.version,
    };
  }
  if (filter) outline.filter = { clause_count: are_rules_cut ? null : countClauses(filter as unknown as FilterRule) };
  if (delay) outline.delay = { delay: delay.delay as number };
  if (retry) {
    const count = Array.isArray(retry.schedule) ? retry.schedule.length : retry.count;
    outline.retry = { strategy: retry.strategy as "linear", count: count as number };
  }
  return outline;
}

const toConnection = ({ rules, are_rules_cut, ...row }: ConnectionRow, versions: Versions): TopologyConnection => ({
  ...row,
  rules: outlineOf({ ...row, rules, are_rules_cut }, versions),
});

/** Everything that the team has wired, in one answer. A connection is listed only with both of its ends. */
export async function getTopology(ctx: Ctx): Promise<Topology> {
  const [row] = await ctx.app.db.$queryRaw<TopologyRow[]>(topologyStatement(ctx.teamId));
  if (!row) throw new Error("A select of sub-selects always has one row.");
  const kept = <T>(rows: T[]) => rows.slice(0, MAX_OF_KIND);
  const [sources, destinations] = [kept(row.sources), kept(row.destinations)];
  const [sourceIds, destinationIds] = [sources, destinations].map((ends) => new Set(ends.map(({ id }) => id)));
  const versions: Versions = new Map(row.transformations.map((each) => [each.id, each]));
  return {
    sources: sources.map((source) => toSource(ctx, source)),
    connections: kept(row.connections)
      .filter(({ source_id, destination_id }) => sourceIds?.has(source_id) && destinationIds?.has(destination_id))
      .map((connection) => toConnection(connection, versions)),
    destinations: destinations.map((destination) => toDestination(ctx, destination)),
    is_whole: [row.sources, row.connections, row.destinations].every((rows) => rows.length <= MAX_OF_KIND),
  };
}
