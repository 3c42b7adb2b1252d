// A day's rows as lines of JSON, in order of their ids, made by Postgres: numbers keep their digits, and nothing is parsed here.
import type { StoredKind } from "#server/contracts/retention.ts";
import { unpackedHeaders, unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import { unpackedWhy } from "#server/events/packed-why.sql.ts";
import { lowestId } from "#server/ids.ts";

/** Of a page. A page has one row at least, however large that is. */
const MAX_ROWS = 500;
const MAX_BYTES = 4 * 1024 * 1024;

const base64 = (column: string) => `replace(encode(${column}, 'base64'), E'\\n', '')`;
/** As everywhere in the API. By itself Postgres writes the time of the zone that it is set to. */
const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const plain = (row: string, columns: string) =>
  columns
    .split(" ")
    .map((column) => `'${column}', ${column.endsWith("_at") ? utc(`${row}.${column}`) : `${row}.${column}`}`);
/** What may hold masked values is left out until they are masked where they are stored, or erased; a later export has it. */
const shown = (name: string, value: string, otherwise = "null") =>
  `'${name}', case when is_shown then ${value} else ${otherwise} end`;

interface Exported {
  /** The row `x` with its request `r`. */
  from: string;
  fields: string[];
  /** What may be large, as an SQL expression. */
  bytes: string;
  /** Whether nothing of it waits for a mask, as an SQL expression. */
  isShown: string;
}

const IS_MASKED = "r.masks is null or r.masked_at is not null";
const OF_REQUEST = "left join request r on r.team_id = x.team_id and r.id = x.request_id";

const KINDS: Record<StoredKind, Exported> = {
  request: {
    from: "join request r on r.team_id = x.team_id and r.id = x.id",
    fields: [
      ...plain("x", "id source_id status verification verified_with rejection_cause rejection_detail method"),
      shown("path", "x.path"),
      shown("query", "x.query"),
      shown("headers", unpackedRequestHeaders("x")),
      shown("body_base64", base64("x.body")),
      ...plain("x", "content_type body_bytes event_type provider_event_id duplicate_of remote_ip erased_at masked_at"),
      ...plain("x", "created_at"),
    ],
    bytes: "octet_length(x.body)",
    isShown: `r.id is not null and (${IS_MASKED})`,
  },
  event: {
    from: OF_REQUEST,
    fields: [
      ...plain("x", "id request_id source_id connection_id destination_id status event_type attempts trigger"),
      ...plain("x", "occurred_at resource_id"),
      ...plain(
        "x",
        "next_attempt_at last_attempt_at delivered_at response_status error_code hold_reason ended_because",
      ),
      shown("transformed", "x.transformed"),
      shown("transformed_body_base64", base64("x.transformed_body")),
      shown("why", unpackedWhy("x"), "'[]'::json"),
      ...plain("x", "dead_letter_of resent_from created_at"),
    ],
    bytes: "coalesce(octet_length(x.transformed_body), 0) + pg_column_size(x.why)",
    isShown: `r.id is not null and (${IS_MASKED})`,
  },
  ignored_event: {
    from: OF_REQUEST,
    fields: [
      ...plain("x", "id request_id source_id connection_id destination_id cause occurred_at resource_id"),
      shown("detail", "x.detail"),
      shown("why", "x.why", "'[]'::json"),
      ...plain("x", "created_at"),
    ],
    bytes: "pg_column_size(x.why)",
    isShown: `r.id is not null and (${IS_MASKED})`,
  },
  attempt: {
    from: "left join event e on e.team_id = x.team_id and e.id = x.event_id left join request r on r.team_id = e.team_id and r.id = e.request_id",
    fields: [
      ...plain("x", "id event_id source_id connection_id destination_id number trigger http_method"),
      shown("requested_url", "x.requested_url"),
      shown("request_headers", unpackedHeaders("x", "request_headers")),
      ...plain("x", "response_status"),
      shown("response_headers", unpackedHeaders("x", "response_headers")),
      shown("response_body_base64", base64("x.response_body")),
      ...plain("x", "error_code latency_ms created_at"),
    ],
    bytes: "coalesce(octet_length(x.response_body), 0) + pg_column_size(x.request_headers)",
    // Retention takes the request before its late attempts, and erases what they hold first.
    isShown: IS_MASKED,
  },
};

/** Lines behind `after`, of rows whose ids were made on the day that begins at `dayMs`. */
export function exportedLines(teamId: string, kind: StoredKind, dayMs: number, after: string) {
  const { from, fields, bytes, isShown } = KINDS[kind];
  const [first, end] = [lowestId(kind, dayMs), lowestId(kind, dayMs + 86_400_000)];
  return {
    text: `
with page as materialized (
  select x.id, sum(${bytes}) over (order by x.id) - (${bytes}) as bytes_before from (
    select * from ${kind} x where x.team_id = $1 and x.id > $2 and x.id >= $3 and x.id < $4 order by x.id limit ${MAX_ROWS}) as x
)
select replace(json_build_object(${fields.join(", ")}, 'is_withheld', not is_shown)::text, E'\\n', ' ') as line
from ${kind} x ${from} cross join lateral (select ${isShown} as is_shown) as look
where x.team_id = $1 and x.id > $2 and x.id >= $3 and x.id < $4 and x.id in (select id from page where bytes_before < ${MAX_BYTES}) order by x.id`,
    values: [teamId, after, first, end],
  };
}
