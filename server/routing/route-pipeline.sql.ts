// The route write as a pipeline: the hand-offs are deleted, events and ignored events are copied in, and their counts, which routing
// made in memory, are added, all in one transaction and one round trip. It is all or nothing: where another run has taken a hand-off, or
// a replay has made one of the events, nothing is written and the route statement has to decide row by row.
import { makeMinuteCounts } from "#server/batch/minute-counts.ts";
import { forRows, type Parameter, selectParameters, toParameters } from "#server/batch/parameter-rows.sql.ts";
import { ROLLUP_KEY_TYPES, rollupAdd } from "#server/batch/rollup.sql.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import type { IgnoredCause } from "#server/contracts/request.ts";
import type { Queryable } from "#server/database/db.ts";
import { storableJson, storableJsonText, storableText } from "#server/json/storable.ts";
import { runPipeline } from "#server/pipeline/run-pipeline.ts";
import { copyInto, type RowWriter, type Step } from "#server/pipeline/steps.ts";
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

/** Counts of charts, then those of the branches' present states that are not among them. */
const CHARTED = ["event_count", "hold_count", "ignored_count", ...IGNORED_COUNTS.map(([count]) => count)] as const;
const COUNTS = [...CHARTED, "queued_count", "scheduled_count"] as const;
type Count = (typeof COUNTS)[number];
/** The parameter of a count: those of the key come first. */
const parameter = (count: Count): Parameter => [1 + ROLLUP_KEY_TYPES.length + COUNTS.indexOf(count), "integer"];

/** A change of what waits for a branch, by the branch without its minute. */
const TALLIED: Parameter[] = [
  ...[1, 3, 4, 5].map((number): Parameter => [number, "text"]),
  ...(["queued_count", "scheduled_count", "hold_count"] as const).map(parameter),
];

const COUNT = forRows(
  "count-routed",
  (rows) => `
with tallied as (
  insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, hold_count, retrying_count, failed_count)
  select *, 0, 0 from (${selectParameters(TALLIED, rows)}) as c(team_id, source_id, connection_id, destination_id, queued, scheduled, held)
  where queued + scheduled + held > 0
)${rollupAdd(CHARTED, 1, rows)}`,
);

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
  if (events.length > 0)
    steps.push({ copy: COPY_EVENTS, rowCount: events.length, write: (rows) => writeEvents(rows, events) });
  if (ignored.length > 0)
    steps.push({ copy: COPY_IGNORED, rowCount: ignored.length, write: (rows) => writeIgnored(rows, ignored) });
  if (steps.length > 1) {
    const counts = countsIn(events, ignored);
    const rows = counts.size() === 1 ? "one" : "many";
    steps.push({ statement: COUNT[rows], values: toParameters(counts.toColumns(), rows) });
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

const COUNT_OF_STATUS: Record<NewEvent["status"], Count> = {
  QUEUED: "queued_count",
  SCHEDULED: "scheduled_count",
  HOLD: "hold_count",
};
const COUNT_OF_CAUSE = new Map<IgnoredCause, Count>(
  IGNORED_COUNTS.flatMap(([count, causes]) => causes.map((cause) => [cause, count] as const)),
);

function countsIn(events: readonly NewEvent[], ignored: readonly NewIgnoredEvent[]) {
  const counts = makeMinuteCounts(COUNTS);
  for (const event of events) {
    counts.add(event, event.created_at, "event_count");
    counts.add(event, event.created_at, COUNT_OF_STATUS[event.status]);
  }
  for (const each of ignored) {
    counts.add(each, each.created_at, "ignored_count");
    const ofCause = COUNT_OF_CAUSE.get(each.cause);
    if (ofCause) counts.add(each, each.created_at, ofCause);
  }
  return counts;
}
