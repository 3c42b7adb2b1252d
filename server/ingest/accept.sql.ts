// The statement for a batch that was sent before: it stores what is not stored yet, decides which are provider duplicates,
// hands the rest to routing and counts them. All headers and bodies are one binary parameter.
import { z } from "zod";
import { bytesAt, jsonAt, makeBlob, placeColumns } from "#server/batch/blob.sql.ts";
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import { readRecords, splitRecords } from "#server/batch/shared-columns.sql.ts";
import type { Queryable } from "#server/database/db.ts";
import { WAIT_FOR_STANDBYS } from "#server/database/wait-for-standbys.sql.ts";
import { storableJson } from "#server/json/storable.ts";
import { packRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { DOOR_COUNTS, REJECTIONS } from "./accept-counts.ts";
import { acceptFirst } from "./accept-first.sql.ts";
import type { Arrival } from "./arrival.ts";

const COLUMNS = {
  own: {
    id: "text",
    created_at: "timestamptz",
    body_bytes: "integer",
    provider_event_id: "text",
    duplicate_key: "text",
    ...placeColumns("headers"),
    ...placeColumns("kept"),
  },
  // Columns in which the arrivals at one source mostly agree.
  shared: {
    team_id: "text",
    source_id: "text",
    status: "text",
    verification: "text",
    verified: "boolean",
    verified_with: "text",
    rejection_cause: "text",
    rejection_detail: "text",
    method: "text",
    path: "text",
    query: "text",
    content_type: "text",
    event_type: "text",
    is_kept: "boolean",
    test: "text",
    masks: "text",
    remote_ip: "text",
  },
};

const TEXT = `
with ${readRecords(3, COLUMNS)}, claimed as (
  insert into provider_event as p (team_id, source_id, provider_event_id, request_id, created_at)
  select distinct on (team_id, source_id, duplicate_key) team_id, source_id, duplicate_key, id, created_at
  from input where duplicate_key is not null order by team_id, source_id, duplicate_key, id
  on conflict (team_id, source_id, provider_event_id) do update set
    request_id = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.request_id else p.request_id end,
    created_at = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.created_at else p.created_at end
  returning team_id, source_id, provider_event_id, request_id
), resolved as (
  select i.*, case when c.request_id <> i.id then c.request_id end as duplicate_of, not exists (select from request r where r.team_id = i.team_id and r.id = i.id) as is_new
  from input i left join claimed c on c.team_id = i.team_id and c.source_id = i.source_id
    and c.provider_event_id = i.duplicate_key
), stored as (
  insert into request (team_id, id, source_id, status, verification, verified, verified_with, rejection_cause, rejection_detail, method, path,
    query, headers, body, content_type, body_bytes, event_type, provider_event_id, duplicate_of, remote_ip, test, masks, created_at)
  select team_id, id, source_id, status, verification, verified, verified_with, case when duplicate_of is null then rejection_cause end, rejection_detail, method, path,
    query, ${jsonAt("$2", "headers")}, ${bytesAt("$2", "kept")}, content_type, body_bytes, event_type,
    provider_event_id, duplicate_of, remote_ip, test, masks, created_at
  from resolved where is_kept and is_new
), handed as (
  insert into hand_off (requests, heads, first_id, last_id)
  select to_json(array_agg(array[team_id, id, source_id] order by id)),
    json_agg(json_build_array(event_type, coalesce(rejection_cause = 'NO_CONNECTION', false)) order by id),
    min(id collate "C"), max(id collate "C")
  from resolved where is_kept and is_new and status = 'accepted' and duplicate_of is null
    and test is distinct from 'unrouted' having count(*) > 0
), counted as (
  ${rollupUpsert(
    [...DOOR_COUNTS, "duplicate_count"],
    `select team_id, at, source_id, '' as connection_id, '' as destination_id,
       case when status = 'accepted' then arrivals else 0 end as accepted_count,
       case when status = 'rejected' then arrivals else 0 end as rejected_count,
       case when rejection_cause in ('VERIFICATION_FAILED', 'TIMESTAMP_OUT_OF_TOLERANCE') then arrivals else 0 end as signature_failure_count,
       ${REJECTIONS.map(([count, cause]) => `case when rejection_cause = '${cause}' then arrivals else 0 end as ${count}`).join(", ")},
       duplicates as duplicate_count
     from shared join (
       select shared_id, date_trunc('minute', created_at) as at, count(*) as arrivals, count(duplicate_of) as duplicates
       from resolved where is_new and test is null and rejection_cause is distinct from 'HANDSHAKE' group by shared_id, at
     ) as arrived using (shared_id)`,
  )}
)
select id, duplicate_of from resolved where duplicate_of is not null
union all select null, ${WAIT_FOR_STANDBYS}::text`;

const ACCEPT_AGAIN = { name: "accept-again", text: TEXT };

const Answers = z.array(z.object({ id: z.string().nullable(), duplicate_of: z.string() }));

/**
 * Commits the batch. Returns, for the arrivals that repeat a provider event of the last 48 hours, the id of the request
 * that brought the event first.
 *
 * @param isRepeat the same arrivals were sent before and may be stored. Each is stored once, and the standbys that commits
 * wait for have it. Rejects with SQLSTATE 23505 while the first attempt is committing, and is then to be repeated.
 * @param packsHeaders stores headers in their packed form
 */
export async function acceptBatch(
  db: Queryable,
  arrivals: Arrival[],
  { isRepeat, packsHeaders = false }: { isRepeat: boolean; packsHeaders?: boolean },
): Promise<Map<string, string>> {
  if (!isRepeat) return (await acceptFirst(db, arrivals, { packsHeaders })).duplicates;
  const blob = makeBlob();
  const { own, shared } = splitRecords(
    arrivals,
    COLUMNS,
    ({ id, created_at, body_bytes, provider_event_id, duplicate_key, headers, body }) => {
      const sent = blob.add(storableJson(packsHeaders ? packRequestHeaders(headers) : headers));
      const kept = blob.add(body);
      return {
        id,
        created_at,
        body_bytes,
        provider_event_id,
        duplicate_key,
        headers_at: sent.at,
        headers_bytes: sent.bytes,
        kept_at: kept.at,
        kept_bytes: kept.bytes,
      };
    },
  );
  const { rows } = await db.query({
    ...ACCEPT_AGAIN,
    values: [shared, blob.toBuffer(), ...own],
  });
  return new Map(Answers.parse(rows).flatMap(({ id, duplicate_of }) => (id === null ? [] : [[id, duplicate_of]])));
}
