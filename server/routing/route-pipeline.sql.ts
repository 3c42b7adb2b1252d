// The route write as a pipeline: the hand-offs are deleted, events and ignored events are copied in, and their counts, which routing
// made in memory, are added, all in one transaction and one round trip. It is all or nothing: where another run has taken a hand-off, or
// a replay has made one of the events, nothing is written and the route statement has to decide row by row.
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import type { Queryable } from "#server/database/db.ts";
import { countMoves } from "#server/events/branch-counts.sql.ts";
import { storableJson, storableJsonText, storableText } from "#server/json/storable.ts";
import { copyInto, type RowWriter, runPipeline, type Step } from "#server/pipeline/run-pipeline.ts";
import { COMMIT_THROUGH, IGNORED_COUNTS, type NewEvent, type NewIgnoredEvent, type Rows } from "./route.sql.ts";

// The count is what was claimed, or the pipeline fails here with SQLSTATE 22012.
const take = (name: string, and: string) => ({
  name,
  text: `with taken as (delete from hand_off where id = any ($1::bigint[]) returning id)
select 1 / (count(*) = $2::integer)::integer${and} from taken`,
});
const TAKE = take("take-hand-offs", "");
const TAKE_DURABLY = take("take-hand-offs-durably", `, ${COMMIT_THROUGH}`);

const IDS = ["team_id", "id", "request_id", "source_id", "connection_id", "destination_id"] as const;
const FACTS = ["occurred_at", "resource_id"];

const COPY_EVENTS = copyInto("copy-events", "event", [
  ...IDS,
  ...["status", "hold_reason", "event_type", "trigger", "next_attempt_at", "transformed", "transformed_body"],
  ...["why", "created_at", "turn_key", ...FACTS],
]);
const COPY_IGNORED = copyInto("copy-ignored-events", "ignored_event", [
  ...IDS,
  ...["cause", "detail", "why", "created_at", ...FACTS],
]);

const COUNTED =
  "team_id text, at timestamptz, source_id text, connection_id text, destination_id text, what text, n integer";
const KEYS = "team_id, at, source_id, connection_id, destination_id";
const COUNT = {
  name: "count-routed",
  text: `
with of_events as materialized (
  select * from json_to_recordset($1::json) as r(${COUNTED})
), tallied as (
  ${countMoves("select team_id, source_id, connection_id, destination_id, what as status, null::text as status_before, n from of_events")}
)${rollupUpsert(
    ["event_count", "hold_count", "ignored_count", ...IGNORED_COUNTS.map(([count]) => count)],
    `select ${KEYS}, n as event_count, case when what = 'HOLD' then n else 0 end as hold_count, 0 as ignored_count,
       ${IGNORED_COUNTS.map(([count]) => `0 as ${count}`).join(", ")}
     from of_events
   union all
   select ${KEYS}, 0, 0, n, ${IGNORED_COUNTS.map(
     ([, causes]) => `case when what in (${causes.map((cause) => `'${cause}'`).join(", ")}) then n else 0 end`,
   ).join(", ")}
   from json_to_recordset($2::json) as r(${COUNTED})`,
  )}`,
};

/** SQLSTATEs by which the steps say that somebody else was there: a hand-off is gone, or a row exists. */
const TAKEN_OR_THERE = ["22012", "23505"];

/**
 * Writes decided branches and deletes their hand-offs. False, and nothing is written, where another run or a replay has written some
 * of it. Not for a transaction, which such a failure would end, and not for events of a destination with an order.
 * @param isDurable whether the commit waits for the disk, because something of it is sent as soon as it is heard of
 */
export async function writeByPipeline(
  db: Queryable,
  { events, ignored, takenIds }: Rows,
  isDurable = false,
): Promise<boolean> {
  const statement = isDurable ? TAKE_DURABLY : TAKE;
  const steps: Step[] = [{ statement, values: [takenIds, takenIds.length] }];
  if (events.length > 0) steps.push({ statement: COPY_EVENTS, write: (rows) => writeEvents(rows, events) });
  if (ignored.length > 0) steps.push({ statement: COPY_IGNORED, write: (rows) => writeIgnored(rows, ignored) });
  if (steps.length > 1) {
    const counts = [countBy(events, ({ status }) => status), countBy(ignored, ({ cause }) => cause)];
    steps.push({ statement: COUNT, values: counts.map((rows) => JSON.stringify(rows)) });
  }
  try {
    await runPipeline(db, steps);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && TAKEN_OR_THERE.includes(String(error.code))) return false;
    throw error;
  }
}

// Neighbours in the index are inserted one after the other.
const byId = <Row extends BranchIds>(rows: readonly Row[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

function writeEvents(rows: RowWriter, events: readonly NewEvent[]): void {
  for (const event of byId(events)) {
    rows.row();
    writeIds(rows, event);
    rows.text(event.status);
    rows.text(event.hold_reason);
    rows.text(event.event_type && storableText(event.event_type));
    rows.text("INITIAL");
    rows.timestamptz(event.next_attempt_at);
    rows.text(event.transformed && storableJson(event.transformed));
    rows.bytea(event.body);
    writeWhy(rows, event);
    rows.text(event.turn_key && storableText(event.turn_key));
    writeFacts(rows, event);
  }
}

function writeIgnored(rows: RowWriter, ignored: readonly NewIgnoredEvent[]): void {
  for (const each of byId(ignored)) {
    rows.row();
    writeIds(rows, each);
    rows.text(each.cause);
    rows.text(storableText(each.detail));
    writeWhy(rows, each);
    writeFacts(rows, each);
  }
}

function writeIds(rows: RowWriter, ids: BranchIds): void {
  for (const name of IDS) rows.text(ids[name]);
}

function writeWhy(rows: RowWriter, { why, created_at }: NewEvent | NewIgnoredEvent): void {
  rows.text(storableJsonText(`[${why.join(",")}]`));
  rows.timestamptz(created_at);
}

function writeFacts(rows: RowWriter, { occurred_at, resource_id }: NewEvent | NewIgnoredEvent): void {
  rows.timestamptz(occurred_at === undefined ? null : new Date(occurred_at));
  rows.text(resource_id === undefined ? null : storableText(resource_id));
}

interface Counted {
  team_id: string;
  /** The minute. */
  at: Date;
  source_id: string;
  connection_id: string;
  destination_id: string;
  what: string;
  n: number;
}

const MINUTE_MS = 60_000;

function countBy<Row extends NewEvent | NewIgnoredEvent>(
  rows: readonly Row[],
  whatOf: (row: Row) => string,
): Counted[] {
  const counts = new Map<string, Counted>();
  for (const row of rows) {
    const { team_id, source_id, connection_id, destination_id } = row;
    const minute = Math.floor(row.created_at.getTime() / MINUTE_MS);
    const what = whatOf(row);
    // A connection has one team, source and destination.
    const key = `${connection_id} ${minute} ${what}`;
    const there = counts.get(key);
    if (there) there.n++;
    else
      counts.set(key, {
        team_id,
        at: new Date(minute * MINUTE_MS),
        source_id,
        connection_id,
        destination_id,
        what,
        n: 1,
      });
  }
  return [...counts.values()];
}
