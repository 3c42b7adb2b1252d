// Reads of versions. States are read as JSON text: a filter may hold numbers that no double holds.
import type { VersionedKind } from "#server/contracts/version.ts";

interface Statement {
  text: string;
  values: unknown[];
}

export interface VersionRow {
  number: number;
  created_at: Date;
  actor_kind: string;
  actor_id: string;
  changes_count: number;
}

const COLUMNS = `v.number, v.created_at, v.actor_kind, v.actor_id,
  (select count(*)::int from team_version_change c where c.team_id = v.team_id and c.number = v.number) as changes_count`;

/** The newest first. */
export const selectVersions = (
  teamId: string,
  filter: { before: number | null; resourceId: string | null; resourceKind: string | null; take: number },
): Statement => ({
  text: `select ${COLUMNS} from team_version v
where v.team_id = $1 and v.number < coalesce($2::int, 2147483647)
  and ($3::text is null and $4::text is null or exists (
    select from team_version_change c where c.team_id = v.team_id and c.number = v.number
      and c.resource_id = coalesce($3, c.resource_id) and c.resource_kind = coalesce($4, c.resource_kind)))
order by v.number desc limit $5`,
  values: [teamId, filter.before, filter.resourceId, filter.resourceKind, filter.take],
});

export const selectVersion = (teamId: string, number: number): Statement => ({
  text: `select ${COLUMNS} from team_version v where v.team_id = $1 and v.number = $2`,
  values: [teamId, number],
});

/** The number of the version that runs; no row where nothing was ever configured. */
export const selectNewest = (teamId: string): Statement => ({
  text: "select number from team_version where team_id = $1 order by number desc limit 1",
  values: [teamId],
});

export interface ChangeRow {
  number: number;
  resource_kind: VersionedKind;
  resource_id: string;
  action: string;
  before: string | null;
  after: string | null;
  /** What the audit log says of the change, with secrets masked. */
  noted_before: string | null;
  noted_after: string | null;
}

const before = (state: string) => `(select ${state} from team_version_change p
    where p.team_id = c.team_id and p.resource_id = c.resource_id and p.number < c.number order by p.number desc limit 1)`;
/** In a list a code is only compared. */
const HASHED = `case when c.resource_kind = 'transformation' then jsonb_set(state, '{code}', to_jsonb(md5(state ->> 'code'))) else state end`;

/** The changes of versions, in the order of their kinds: the first `each` of each version. */
export const selectChanges = (teamId: string, numbers: number[], each: number, isWhole: boolean): Statement => {
  const state = isWhole ? "state" : HASHED;
  return {
    text: `select c.number, c.resource_kind, c.resource_id, c.action, ${before(`(${state})::text`)} as before, (${state})::text as after,
  a.before as noted_before, a.after as noted_after
from unnest($2::int[]) as n (number) cross join lateral (
  select * from team_version_change c where c.team_id = $1 and c.number = n.number
  order by array_position('{source,destination,connection,transformation}'::text[], c.resource_kind), c.resource_id limit $3) c
left join audit_entry a on a.team_id = c.team_id and a.id = c.audit_id
order by c.number desc, array_position('{source,destination,connection,transformation}'::text[], c.resource_kind), c.resource_id`,
    values: [teamId, numbers, each],
  };
};

export interface StateRow {
  resource_kind: VersionedKind;
  resource_id: string;
  state: string | null;
}

/** The state of each resource as a version left it: of all, or of those that were changed after `since` and until `until`. */
export const selectStates = (
  teamId: string,
  number: number,
  changed: { since: number; until: number } | null,
  limit: number,
): Statement => ({
  text: `select distinct on (resource_id) resource_kind, resource_id, state::text as state from team_version_change
where team_id = $1 and number <= $2 and ($3::int is null or resource_id in (
  select distinct resource_id from team_version_change where team_id = $1 and number > $3 and number <= $4 order by resource_id limit $5))
order by resource_id, number desc limit $5`,
  values: [teamId, number, changed?.since ?? null, changed?.until ?? null, limit],
});

/** The rows of a team's configuration as a version would keep them now: what endpoints are made of is in none. */
export const selectPresent = (teamId: string): Statement => ({
  text: `select kind as resource_kind, id as resource_id, versioned_state(kind, $1, id)::text as state from (
  select id, 'source' as kind from source where team_id = $1 union all
  select id, 'destination' from destination where team_id = $1 union all
  select id, 'connection' from connection where team_id = $1 union all
  select id, 'transformation' from transformation where team_id = $1) as resources
where is_versioned(kind, $1, id)`,
  values: [teamId],
});
