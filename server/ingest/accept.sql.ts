// The accept statement: one round trip commits a batch of requests, decides provider duplicates, hands the rest to routing
// and counts them. All metadata is one JSON parameter, all headers and bodies one binary one.
import { z } from "zod";
import { bytesAt, jsonAt, makeBlob, placeColumns } from "../blob.sql.ts";
import type { HeaderList } from "../contracts/page.ts";
import type { RejectionCause } from "../contracts/request.ts";
import type { Queryable } from "../db.ts";
import { rollupUpsert } from "../metrics/rollup.sql.ts";

/** One arrival at the door, as it is stored; what is absent becomes null. */
export interface Arrival {
  team_id: string;
  id: string;
  source_id: string;
  status: "accepted" | "rejected";
  verified: boolean;
  verified_with?: "secret" | "previous_secret";
  rejection_cause?: RejectionCause;
  rejection_detail?: string;
  method: string;
  path: string;
  query: string;
  headers: HeaderList;
  content_type: string | null;
  body_bytes: number;
  event_type?: string;
  provider_event_id?: string;
  /** The provider event id decides whether it is a duplicate. */
  is_deduplicated: boolean;
  /** False for a rejected arrival over the evidence cap: it is counted and not kept. */
  is_kept: boolean;
  remote_ip: string;
  created_at: Date;
}

const ACCEPT = `
with input as materialized (
  select * from json_to_recordset($1::json) as r(
    team_id text, id text, source_id text, status text, verified boolean, verified_with text, rejection_cause text,
    rejection_detail text, method text, path text, query text, ${placeColumns("headers")}, content_type text, body_bytes integer,
    event_type text, provider_event_id text, is_deduplicated boolean, is_kept boolean, remote_ip text,
    created_at timestamptz, ${placeColumns("kept")})
), claimed as (
  insert into provider_event as p (team_id, source_id, provider_event_id, request_id, created_at)
  select distinct on (team_id, source_id, provider_event_id) team_id, source_id, provider_event_id, id, created_at
  from input where is_deduplicated order by team_id, source_id, provider_event_id, id
  on conflict (team_id, source_id, provider_event_id) do update set
    request_id = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.request_id else p.request_id end,
    created_at = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.created_at else p.created_at end
  returning team_id, source_id, provider_event_id, request_id
), resolved as (
  select i.*, case when c.request_id <> i.id then c.request_id end as duplicate_of
  from input i left join claimed c on i.is_deduplicated and c.team_id = i.team_id and c.source_id = i.source_id
    and c.provider_event_id = i.provider_event_id
), stored as (
  insert into request (team_id, id, source_id, status, verified, verified_with, rejection_cause, rejection_detail, method, path,
    query, headers, body, content_type, body_bytes, event_type, provider_event_id, duplicate_of, remote_ip, created_at)
  select team_id, id, source_id, status, verified, verified_with, rejection_cause, rejection_detail, method, path,
    query, ${jsonAt("$2", "headers")}, ${bytesAt("$2", "kept")}, content_type, body_bytes, event_type,
    provider_event_id, duplicate_of, remote_ip, created_at
  from resolved where is_kept
  on conflict (team_id, id) do nothing
  returning team_id, id, source_id, status, duplicate_of, rejection_cause, created_at
), handed as (
  insert into hand_off (requests)
  select json_agg(json_build_array(team_id, id, source_id) order by id)
  from stored where status = 'accepted' and duplicate_of is null having count(*) > 0
), counted as (
  ${rollupUpsert(
    ["accepted_count", "rejected_count", "duplicate_count", "signature_failure_count"],
    `select team_id, created_at as at, source_id, '' as connection_id, '' as destination_id,
       (status = 'accepted')::integer as accepted_count, (status = 'rejected')::integer as rejected_count,
       (duplicate_of is not null)::integer as duplicate_count,
       coalesce(rejection_cause in ('VERIFICATION_FAILED', 'TIMESTAMP_OUT_OF_TOLERANCE'), false)::integer as signature_failure_count
     from (
       select team_id, source_id, status, duplicate_of, rejection_cause, created_at from stored
       union all
       select team_id, source_id, status, null, rejection_cause, created_at from input where not is_kept
     ) as arrived`,
  )}
)
select id, duplicate_of from resolved where duplicate_of is not null`;

const Duplicates = z.array(z.object({ id: z.string(), duplicate_of: z.string() }));

/**
 * Commits the batch. Returns, for the arrivals that repeat a provider event of the last 48 hours, the id of the request
 * that brought it first. Safe to repeat with the same ids after a lost connection: a row is stored once.
 */
export async function acceptBatch(
  db: Queryable,
  arrivals: { arrival: Arrival; body: Buffer }[],
): Promise<Map<string, string>> {
  const blob = makeBlob();
  const records = arrivals.map(({ arrival, body }) => {
    const headers = blob.add(JSON.stringify(arrival.headers));
    const kept = blob.add(body);
    const places = { headers_at: headers.at, headers_bytes: headers.bytes, kept_at: kept.at, kept_bytes: kept.bytes };
    return { ...arrival, ...places, headers: undefined };
  });
  const { rows } = await db.query({
    name: "accept",
    text: ACCEPT,
    values: [JSON.stringify(records), blob.toBuffer()],
  });
  return new Map(Duplicates.parse(rows).map(({ id, duplicate_of }) => [id, duplicate_of]));
}
