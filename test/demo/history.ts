// `npm run demo -- --history`: writes a day that could have been into the tables, as the door, routing and the lanes would have.

import { bucketOf, emptyHistogram } from "#server/batch/histogram.ts";
import type { RollupCount } from "#server/batch/rollup.sql.ts";
import type { Pool, Queryable } from "#server/database/db.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { foldRollups } from "#server/rollups/fold-rollups.ts";
import { addRollups, minuteOf, type RollupDelta } from "#test/support/rollups.ts";
import type { Day, DayBranch, DayEvent, DayIgnored, DayRequest } from "./day.ts";

const CHUNK = 1_000;
const MINUTE_MS = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** Rows as the columns of one insert, some hundred at a time. */
async function insert(db: Queryable, table: string, columns: Record<string, string>, rows: object[]): Promise<void> {
  const names = Object.keys(columns).join(", ");
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  for (let at = 0; at < rows.length; at += CHUNK) {
    await db.query(
      `insert into ${table} (${names}) select ${names} from json_to_recordset($1::json) as r(${types.join(", ")})`,
      [JSON.stringify(rows.slice(at, at + CHUNK))],
    );
  }
}

const ENDS = { source_id: "text", connection_id: "text", destination_id: "text" };
const endsOf = ({ sourceId, connectionId, destinationId }: DayBranch) => ({
  source_id: sourceId,
  connection_id: connectionId,
  destination_id: destinationId,
});
const HEADERS = [["content-type", "application/json"]];
const PASSED = [{ step: "connection", outcome: "enabled" }];

/** A method that is not allowed is refused before anything is verified. */
function verificationOf(rejection: DayRequest["rejection"]): string {
  if (rejection === null) return "verified";
  return rejection === "METHOD_NOT_ALLOWED" ? "unattempted" : "failed";
}

const requestRow = (team_id: string, request: DayRequest) => ({
  team_id,
  id: request.id,
  source_id: request.sourceId,
  status: request.rejection ? "rejected" : "accepted",
  verification: verificationOf(request.rejection),
  verified: !request.rejection,
  verified_with: request.rejection ? null : "secret",
  rejection_cause: request.rejection,
  method: request.rejection === "METHOD_NOT_ALLOWED" ? "GET" : "POST",
  path: "/",
  query: "",
  headers: request.headers,
  body: `\\x${Buffer.from(request.body).toString("hex")}`,
  content_type: "application/json",
  body_bytes: Buffer.byteLength(request.body),
  event_type: request.type,
  duplicate_of: request.duplicateOf,
  remote_ip: "203.0.113.7",
  created_at: iso(request.atMs),
});

function eventRow(team_id: string, event: DayEvent) {
  const last = event.attempts.at(-1);
  return {
    team_id,
    id: event.id,
    request_id: event.request.id,
    ...endsOf(event.branch),
    status: event.status,
    event_type: event.request.type,
    attempts: event.attempts.length,
    trigger: event.attempts.length > 1 ? "AUTOMATIC" : "INITIAL",
    next_attempt_at: event.nextAtMs === null ? null : iso(event.nextAtMs),
    last_attempt_at: last ? iso(last.atMs) : null,
    delivered_at: event.status === "DELIVERED" && last ? iso(last.atMs + last.latencyMs) : null,
    response_status: last?.status ?? null,
    error_code: last?.error ?? null,
    hold_reason: event.status === "HOLD" ? "connection_paused" : null,
    ended_because: event.status === "FAILED" ? "exhausted" : null,
    why: event.status === "HOLD" ? [...PASSED, { step: "hold", outcome: "held", reason: "connection_paused" }] : PASSED,
    created_at: iso(event.request.atMs),
  };
}

const attemptRows = (team_id: string, event: DayEvent) =>
  event.attempts.map((attempt) => ({
    team_id,
    id: attempt.id,
    event_id: event.id,
    ...endsOf(event.branch),
    number: attempt.number,
    trigger: attempt.number > 1 ? "AUTOMATIC" : "INITIAL",
    requested_url: "https://hooks.receiver.example/webhooks",
    http_method: "POST",
    request_headers: HEADERS,
    response_status: attempt.status,
    error_code: attempt.error,
    latency_ms: attempt.latencyMs,
    created_at: iso(attempt.atMs),
  }));

const ignoredRow = (team_id: string, ignored: DayIgnored) => ({
  team_id,
  id: ignored.id,
  request_id: ignored.request.id,
  ...endsOf(ignored.branch),
  cause: ignored.cause,
  detail: "",
  why: PASSED,
  created_at: iso(ignored.request.atMs),
});

const EVENT = {
  team_id: "text",
  id: "text",
  request_id: "text",
  ...ENDS,
  status: "text",
  event_type: "text",
  attempts: "integer",
  trigger: "text",
  next_attempt_at: "timestamptz",
  last_attempt_at: "timestamptz",
  delivered_at: "timestamptz",
  response_status: "integer",
  error_code: "text",
  hold_reason: "text",
  ended_because: "text",
  why: "json",
  created_at: "timestamptz",
};
const REQUEST = {
  team_id: "text",
  id: "text",
  source_id: "text",
  status: "text",
  verification: "text",
  verified: "boolean",
  verified_with: "text",
  rejection_cause: "text",
  method: "text",
  path: "text",
  query: "text",
  headers: "json",
  body: "bytea",
  content_type: "text",
  body_bytes: "integer",
  event_type: "text",
  duplicate_of: "text",
  remote_ip: "text",
  created_at: "timestamptz",
};
const ATTEMPT = {
  team_id: "text",
  id: "text",
  event_id: "text",
  ...ENDS,
  number: "integer",
  trigger: "text",
  requested_url: "text",
  http_method: "text",
  request_headers: "json",
  response_status: "integer",
  error_code: "text",
  latency_ms: "real",
  created_at: "timestamptz",
};
const IGNORED = {
  team_id: "text",
  id: "text",
  request_id: "text",
  ...ENDS,
  cause: "text",
  detail: "text",
  why: "json",
  created_at: "timestamptz",
};
const CAUSES = {
  FILTERED: "ignored_filtered_count",
  DEDUPLICATED: "ignored_duplicate_count",
  TRANSFORMATION_FAILED: "ignored_transform_count",
} as const;

/** What the door, routing and settling would have counted. */
function* countsOf(team_id: string, { requests, events, ignored }: Day): Generator<RollupDelta> {
  const at = (ms: number, ends: object, counts: Partial<Record<RollupCount, number>>) =>
    ({
      team_id,
      bucket: minuteOf(new Date(ms)),
      connection_id: "",
      destination_id: "",
      ...ends,
      ...counts,
    }) as RollupDelta;
  for (const { sourceId, atMs, rejection, duplicateOf } of requests) {
    yield at(
      atMs,
      { source_id: sourceId },
      {
        [rejection ? "rejected_count" : "accepted_count"]: 1,
        ...(duplicateOf ? { duplicate_count: 1 } : {}),
        ...(rejection === "METHOD_NOT_ALLOWED" ? { rejected_method_count: 1 } : {}),
        ...(rejection === "TIMESTAMP_OUT_OF_TOLERANCE" ? { rejected_timestamp_count: 1 } : {}),
        ...(rejection && rejection !== "METHOD_NOT_ALLOWED" ? { signature_failure_count: 1 } : {}),
      },
    );
  }
  for (const { request, branch, cause } of ignored)
    yield at(request.atMs, endsOf(branch), { ignored_count: 1, [CAUSES[cause]]: 1 });
  for (const { request, branch, status, attempts } of events) {
    yield at(request.atMs, endsOf(branch), { event_count: 1, ...(status === "HOLD" ? { hold_count: 1 } : {}) });
    for (const attempt of attempts) {
      const latency_histogram = emptyHistogram();
      latency_histogram[bucketOf(attempt.latencyMs)] = 1;
      const isLast = attempt.number === attempts.length;
      const became =
        isLast && status === "DELIVERED"
          ? "delivered_count"
          : isLast && status === "FAILED"
            ? "failed_count"
            : "retrying_count";
      yield { ...at(attempt.atMs, endsOf(branch), { attempt_count: 1, [became]: 1 }), latency_histogram };
    }
  }
}

/** The queue of each minute, as the worker would have noted it. */
function* samplesOf(team_id: string, { events }: Day, nowMs: number) {
  for (const [branch, own] of Map.groupBy(events, (event) => event.branch)) {
    const waits = own.map((event) => {
      const last = event.attempts.at(-1);
      const isOver = event.status === "DELIVERED" || event.status === "FAILED";
      return { fromMs: event.request.atMs, toMs: isOver && last ? last.atMs : nowMs, isHeld: event.status === "HOLD" };
    });
    for (let ms = nowMs - 23 * 60 * MINUTE_MS; ms <= nowMs; ms += MINUTE_MS) {
      const bucket = minuteOf(new Date(ms)).getTime();
      const present = waits.filter(({ fromMs, toMs }) => fromMs <= bucket && toMs > bucket);
      const queued = present.filter(({ isHeld }) => !isHeld);
      if (present.length === 0) continue;
      const oldest = Math.min(...queued.map(({ fromMs }) => fromMs));
      yield {
        team_id,
        bucket: iso(bucket),
        ...endsOf(branch),
        queue_depth: queued.length,
        hold_count: present.length - queued.length,
        oldest_age_ms: queued.length > 0 ? bucket - oldest : null,
      };
    }
  }
}

/** Writes the day and all that is counted of it. */
export async function writeHistory(pool: Pool, teamId: string, day: Day, nowMs: number): Promise<void> {
  await ensurePartitions(pool, nowMs, 2);
  await insert(
    pool,
    "request",
    REQUEST,
    day.requests.map((request) => requestRow(teamId, request)),
  );
  await insert(
    pool,
    "ignored_event",
    IGNORED,
    day.ignored.map((ignored) => ignoredRow(teamId, ignored)),
  );
  await insert(
    pool,
    "attempt",
    ATTEMPT,
    day.events.flatMap((event) => attemptRows(teamId, event)),
  );
  await insert(
    pool,
    "event",
    EVENT,
    day.events.map((event) => eventRow(teamId, event)),
  );
  await addRollups(pool, countsOf(teamId, day));
  const SAMPLE = {
    team_id: "text",
    bucket: "timestamptz",
    ...ENDS,
    queue_depth: "bigint",
    hold_count: "bigint",
    oldest_age_ms: "bigint",
  };
  await insert(pool, "queue_sample", SAMPLE, [...samplesOf(teamId, day, nowMs)]);
  await correctBranchCounts(pool);
  await foldRollups(pool, new Date(nowMs), new Date(0));
}
