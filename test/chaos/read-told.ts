// Reads all that the public API tells of a run, as facts.
import { hash } from "node:crypto";
import type { Attempt } from "#server/contracts/attempt.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { Metrics } from "#server/contracts/metrics.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { AttemptFact, Counted, EventFact, RequestFact, Told } from "./logs.ts";
import type { TeamApi } from "./team-api.ts";

/** Bodies that are read back, and ids that are shown to the other team. */
const SAMPLED_BODIES = 200;
const SAMPLED_IDS = 20;
/** A chart holds 5,000 points; each answer covers so many minutes. */
const CHART_MINUTES = 60;
const MINUTE_MS = 60_000;

type Row<T> = { [K in keyof T]: T[K] extends Date | null ? string | (null extends T[K] ? null : never) : T[K] };

const time = (text: unknown) => Date.parse(String(text));

const requestFact = (row: Row<RequestSummary>): RequestFact => ({
  id: row.id,
  teamId: row.team_id,
  sourceId: row.source_id,
  n: Number.parseInt(row.path.slice(1), 10),
  isAccepted: row.status === "accepted",
  duplicateOf: row.duplicate_of,
  eventsCount: row.events_count,
  ignoredCount: row.ignored_count,
  createdAtMs: time(row.created_at),
});

const eventFact = (row: Row<EventSummary>): EventFact => ({
  id: row.id,
  teamId: row.team_id,
  requestId: row.request_id,
  connectionId: row.connection_id,
  status: row.status,
  attempts: row.attempts,
  holdReason: row.hold_reason,
  nextAttemptAtMs: row.next_attempt_at === null ? null : time(row.next_attempt_at),
  createdAtMs: time(row.created_at),
});

const attemptFact = (row: Row<Attempt>): AttemptFact => ({
  id: row.id,
  teamId: row.team_id,
  eventId: row.event_id,
  connectionId: row.connection_id,
  number: row.number,
  trigger: row.trigger,
  status: row.response_status,
  errorCode: row.error_code,
  latencyMs: row.latency_ms,
  createdAtMs: time(row.created_at),
});

export interface ToldTeam {
  teamId: string;
  api: TeamApi;
  /** Its sources; a run after another on the same installation has sources of its own. */
  sourceIds: string[];
}

/** The attempts of one event, oldest first. */
export async function readAttempts(api: TeamApi, eventId: string): Promise<AttemptFact[]> {
  const found: AttemptFact[] = [];
  await api.pages<Row<Attempt>>(`/attempts?event_id=${eventId}&with_body=false`, (rows) => {
    found.push(...rows.map(attemptFact));
  });
  return found;
}

/** @param other asks for what is not its own */
export async function readTold({ teamId, api, sourceIds }: ToldTeam, other: TeamApi, fromMs: number): Promise<Told> {
  const of = `source_id=${sourceIds.join(",")}&from=${new Date(fromMs).toISOString()}`;
  const told: Told = { teamId, requests: [], events: [], attempts: [], counted: [], bodies: new Map(), foreign: [] };
  // A list of everything, so that rows of another team would be seen; the sources of this run are picked here.
  await api.pages<Row<RequestSummary>>(`/requests?${of}`, (rows) => told.requests.push(...rows.map(requestFact)));
  await api.pages<Row<EventSummary>>(`/events?${of}`, (rows) => told.events.push(...rows.map(eventFact)));
  await api.pages<Row<Attempt>>(`/attempts?${of}&with_body=false`, (rows) => {
    told.attempts.push(...rows.map(attemptFact));
  });
  told.counted.push(...(await readCharts(api, sourceIds, fromMs, Date.now())));
  for (const { id } of sample(told.requests, SAMPLED_BODIES))
    told.bodies.set(id, hash("sha256", await api.bytes(`/requests/${id}/raw_body`)));
  const paths = [
    ...sample(told.requests, SAMPLED_IDS).map(({ id }) => `/requests/${id}`),
    ...sample(told.requests, SAMPLED_IDS).map(({ id }) => `/requests/${id}/raw_body`),
    ...sample(told.events, SAMPLED_IDS).map(({ id }) => `/events/${id}`),
    ...sample(told.attempts, SAMPLED_IDS).map(({ id }) => `/attempts/${id}`),
    ...sourceIds.map((id) => `/sources/${id}`),
  ];
  for (const path of paths) told.foreign.push({ path, status: await other.status(path) });
  return told;
}

/** Evenly over the whole list. */
function sample<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)] as T);
}

async function readCharts(api: TeamApi, sourceIds: string[], fromMs: number, toMs: number): Promise<Counted[]> {
  const all: Counted[] = [];
  const read = async (subject: string, dimension: "source_id" | "connection_id", startMs: number) => {
    const start = new Date(startMs).toISOString();
    const end = new Date(Math.min(toMs, startMs + CHART_MINUTES * MINUTE_MS)).toISOString();
    const range = `date_range[start]=${start}&date_range[end]=${end}&granularity=1m&dimensions[]=${dimension}`;
    const chart = await api.call<Metrics>("GET", `/metrics/${subject}?${range}&source_id=${sourceIds.join(",")}`);
    return chart.data.map(({ time_bucket, dimensions, metrics }) => ({
      key: dimensions[dimension] ?? "",
      minuteMs: time(time_bucket),
      of: (name: string) => metrics[name] ?? 0,
    }));
  };
  const none = { accepted: 0, duplicates: 0, events: 0, attempts: 0, delivered: 0 };
  for (let at = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS; at <= toMs; at += CHART_MINUTES * MINUTE_MS) {
    for (const { key, minuteMs, of } of await read("requests", "source_id", at))
      all.push({ ...none, key, minuteMs, accepted: of("accepted_count"), duplicates: of("duplicate_count") });
    for (const { key, minuteMs, of } of await read("events", "connection_id", at))
      all.push({ ...none, key, minuteMs, events: of("event_count"), delivered: of("delivered_count") });
    for (const { key, minuteMs, of } of await read("attempts", "connection_id", at))
      all.push({ ...none, key, minuteMs, attempts: of("attempt_count") });
  }
  return all.filter(({ key }) => key !== "");
}

const UNFINISHED = "QUEUED,SCHEDULED,RETRYING,HOLD";

/** How many events are not at an end; one page of them at most is counted. */
export async function countUnfinished({ api, sourceIds }: ToldTeam): Promise<number> {
  const path = `/events?status=${UNFINISHED}&source_id=${sourceIds.join(",")}&limit=255`;
  return (await api.call<{ data: unknown[] }>("GET", path)).data.length;
}
