// The pipeline that accepts a batch: the requests as a binary copy or an insert of one, then one statement, in one transaction and one round
// trip. The statement hands them to routing and adds the counts, which the process made. Where providers number their events,
// it also decides which are duplicates and marks these few.
import { makeMinuteCounts } from "#server/batch/minute-counts.ts";
import { forRows, numbered, selectParameters, toParameters } from "#server/batch/parameter-rows.sql.ts";
import { ROLLUP_KEY_TYPES, rollupAdd, rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { Queryable } from "#server/database/db.ts";
import { TOLD_CLAIM_MS, type WrittenHandOff } from "#server/events/direct-hand-off.ts";
import { storableJson, storableText } from "#server/json/storable.ts";
import { runPipeline } from "#server/pipeline/run-pipeline.ts";
import { copyInto, type RowWriter, type Scalar, type Step } from "#server/pipeline/steps.ts";
import { packRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { countsOf, DOOR_COUNTS } from "./accept-counts.ts";
import type { Arrival } from "./arrival.ts";
import { isMarked, toHandOff } from "./tell-routing.ts";

/** Columns in which the arrivals at one source mostly agree, in the order in which they are copied. */
const SHARED_TEXTS = [
  "team_id",
  "source_id",
  "status",
  "verification",
  "verified_with",
  "rejection_cause",
  "rejection_detail",
  "method",
  "path",
  "query",
  "content_type",
  "event_type",
  "remote_ip",
  "test",
  "masks",
] as const satisfies (keyof Arrival)[];
const OWN = ["id", "created_at", "body_bytes", "provider_event_id", "headers", "body"];

const COPY = copyInto("accept-copy", "request", [...SHARED_TEXTS, "verified", ...OWN]);

// A hand-off that will be told is claimed from the start. $5 is the life of that claim, or null.
const HAND_OFF = "insert into hand_off (requests, heads, first_id, last_id, claimed_until)";
const CLAIMED_UNTIL = "now() + $5::integer * interval '1 millisecond'";
const RETURNING = "returning id, claimed_until";
const HANDED =
  "id::text, (select version from config_version where id = 1)::text from handed where claimed_until is not null";

const finish = (name: string, counts: readonly (typeof DOOR_COUNTS)[number][]) =>
  forRows(
    name,
    (rows) => `
with handed as (
  ${HAND_OFF} select $1::json, $2::json, $3, $4, ${CLAIMED_UNTIL} where $1::json is not null ${RETURNING}
), counted as (${rollupAdd(counts, 6, rows)}
)
select null, null, ${HANDED}`,
  );
const FINISH = finish("accept", ["accepted_count"]);
const FINISH_REJECTED = finish("accept-rejected", DOOR_COUNTS);

const KEY_TYPES = ["text", "text", "text", "text", "timestamptz"];
const KEYS = 6;
const BOUNDS = KEYS + KEY_TYPES.length;
const COUNTS = BOUNDS + 2;
const COUNT_TYPES = [...ROLLUP_KEY_TYPES, ...DOOR_COUNTS.map(() => "integer")];
const FINISH_KEYED = forRows(
  "accept-keyed",
  (rows) => `
with input as materialized (
  select * from (${selectParameters(numbered(KEY_TYPES, KEYS), rows)}) as i(team_id, source_id, duplicate_key, id, created_at)
), claimed as (
  insert into provider_event as p (team_id, source_id, provider_event_id, request_id, created_at)
  select distinct on (team_id, source_id, duplicate_key) team_id, source_id, duplicate_key, id, created_at
  from input order by team_id, source_id, duplicate_key, id
  on conflict (team_id, source_id, provider_event_id) do update set
    request_id = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.request_id else p.request_id end,
    created_at = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.created_at else p.created_at end
  returning team_id, source_id, provider_event_id, request_id
), duplicate as materialized (
  select i.team_id, i.source_id, i.id, i.created_at, c.request_id as duplicate_of
  from input i join claimed c on c.team_id = i.team_id and c.source_id = i.source_id and c.provider_event_id = i.duplicate_key
  where c.request_id <> i.id
), marked as (
  update request r set duplicate_of = d.duplicate_of, rejection_cause = null from duplicate d
  where r.team_id = d.team_id and r.id = d.id and r.id between $${BOUNDS} and $${BOUNDS + 1}
), handed as (
  ${HAND_OFF}
  select $1::json, $2::json, $3, $4, ${CLAIMED_UNTIL} where $1::json is not null and not exists (select from duplicate)
  union all
  select json_agg(r.key order by r.n), json_agg(h.head order by r.n), min((r.key ->> 1) collate "C"), max((r.key ->> 1) collate "C"), null
  from json_array_elements($1::json) with ordinality as r(key, n) join json_array_elements($2::json) with ordinality as h(head, n) using (n)
  where exists (select from duplicate) and r.key ->> 1 not in (select id from duplicate) having count(*) > 0
  ${RETURNING}
), counted as (
  ${rollupUpsert(
    [...DOOR_COUNTS, "duplicate_count"],
    `select team_id, bucket as at, source_id, connection_id, destination_id, ${DOOR_COUNTS.join(", ")}, 0 as duplicate_count
     from (${selectParameters(numbered(COUNT_TYPES, COUNTS), rows)})
       as c(team_id, bucket, source_id, connection_id, destination_id, ${DOOR_COUNTS.join(", ")})
     union all select team_id, created_at, source_id, '', '', ${DOOR_COUNTS.map(() => "0").join(", ")}, 1 from duplicate`,
  )}
)
select id, duplicate_of, null, null from duplicate
union all select null, null, ${HANDED}`,
);

export interface Accepted {
  /** For the arrivals that repeat a provider event of the last 48 hours, the id of the request that brought the event first. */
  duplicates: Map<string, string>;
  /** That which may be told; absent where nothing was handed to routing, or not all that the arrivals say. */
  handOff?: WrittenHandOff;
}

/**
 * Commits a batch that nobody has sent before.
 * @param isTold whether routing will be told of the hand-off, so that others leave it alone for `TOLD_CLAIM_MS`
 */
export async function acceptFirst(
  db: Queryable,
  arrivals: readonly Arrival[],
  { packsHeaders, isTold = false }: { packsHeaders: boolean; isTold?: boolean },
): Promise<Accepted> {
  const kept = arrivals.filter(({ is_kept }) => is_kept);
  const steps: Step[] = [];
  if (kept.length > 0)
    steps.push({ copy: COPY, rowCount: kept.length, write: (rows) => writeRequests(rows, kept, packsHeaders) });
  steps.push(finishStep(arrivals, isTold));
  const results = await runPipeline(db, steps);
  const accepted: Accepted = { duplicates: new Map() };
  for (const [id, duplicateOf, handOffId, configVersion] of results.at(-1)?.rows ?? []) {
    if (id) accepted.duplicates.set(id, duplicateOf ?? "");
    else if (handOffId) accepted.handOff = { id: handOffId, configVersion: BigInt(configVersion ?? 0) };
  }
  return accepted;
}

function writeRequests(rows: RowWriter, arrivals: readonly Arrival[], packsHeaders: boolean): void {
  let last: Arrival | null = null;
  let from = 0;
  let to = 0;
  for (const arrival of arrivals) {
    rows.row();
    if (last && isAlike(last, arrival)) rows.again(from, to);
    else {
      from = rows.length;
      for (const column of SHARED_TEXTS) rows.text(storable(arrival[column]));
      rows.boolean(arrival.verified);
      to = rows.length;
      last = arrival;
    }
    rows.text(arrival.id);
    rows.timestamptz(arrival.created_at);
    rows.integer(arrival.body_bytes);
    rows.text(storable(arrival.provider_event_id));
    rows.text(storableJson(packsHeaders ? packRequestHeaders(arrival.headers) : arrival.headers));
    rows.bytea(arrival.body);
  }
}

function isAlike(a: Arrival, b: Arrival): boolean {
  for (const column of SHARED_TEXTS) if (a[column] !== b[column]) return false;
  return a.verified === b.verified;
}

const storable = (text: string | null | undefined) => (text ? storableText(text) : text);

function finishStep(arrivals: readonly Arrival[], isTold: boolean): Step {
  const values = [...handOffOf(arrivals), isTold ? TOLD_CLAIM_MS : null];
  const keyed = arrivals.filter(({ duplicate_key }) => duplicate_key !== undefined);
  if (keyed.length > 0) return keyedStep(arrivals, keyed, values);
  const isPlain = arrivals.every(({ status }) => status === "accepted");
  const counts = countsIn(arrivals, isPlain ? ["accepted_count"] : DOOR_COUNTS);
  const rows = counts.size() === 1 ? "one" : "many";
  const statement = isPlain ? FINISH[rows] : FINISH_REJECTED[rows];
  return { statement, values: [...values, ...toParameters(counts.toColumns(), rows)] };
}

function keyedStep(arrivals: readonly Arrival[], keyed: readonly Arrival[], values: readonly Scalar[]): Step {
  const ids = keyed.map(({ id }) => id).toSorted();
  const counts = countsIn(arrivals, DOOR_COUNTS);
  const rows = keyed.length === 1 && counts.size() === 1 ? "one" : "many";
  const keys = [
    keyed.map(({ team_id }) => team_id),
    keyed.map(({ source_id }) => source_id),
    keyed.map(({ duplicate_key }) => storable(duplicate_key)),
    keyed.map(({ id }) => id),
    keyed.map(({ created_at }) => created_at),
  ];
  const counted = toParameters(counts.toColumns(), rows);
  return {
    statement: FINISH_KEYED[rows],
    values: [...values, ...toParameters<Scalar>(keys, rows), ids[0], ids.at(-1), ...counted],
  };
}

/** The requests that go on to routing, what it need not read of them, and the lowest and highest of their ids. */
function handOffOf(arrivals: readonly Arrival[]): (string | null)[] {
  const handed = toHandOff(arrivals);
  const [first, last] = [handed[0], handed.at(-1)];
  if (!first || !last) return [null, null, null, null];
  return [
    JSON.stringify(handed.map(({ team_id, id, source_id }) => [team_id, id, source_id])),
    storableJson(handed.map((arrival) => [arrival.event_type ?? null, isMarked(arrival)])),
    first.id,
    last.id,
  ];
}

function countsIn(arrivals: readonly Arrival[], names: readonly (typeof DOOR_COUNTS)[number][]) {
  const counts = makeMinuteCounts(names);
  for (const arrival of arrivals) {
    const { team_id, source_id, created_at } = arrival;
    for (const count of countsOf(arrival))
      counts.add({ team_id, source_id, connection_id: "", destination_id: "" }, created_at, count);
  }
  return counts;
}
