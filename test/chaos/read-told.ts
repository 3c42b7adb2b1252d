// Reads all that the public API tells of a run, as facts, into the logs of the run: ranges of time at once, page by page.
import { hash } from "node:crypto";
import type { Attempt } from "#server/contracts/attempt.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { AttemptFact, EventFact, RequestFact, Team, ToldFacts } from "./logs.ts";
import { readCharts } from "./read-charts.ts";
import { makeSample, type Sample } from "./sample.ts";
import type { TeamApi } from "./team-api.ts";

/** Bodies that are read back, and ids that are shown to the other team: so many, or up to twice as many. */
const SAMPLED_BODIES = 100;
const SAMPLED_IDS = 10;
const RANGE_MS = 10_000;
/** A gateway answers four calls of a team at once; there are two. */
const CALLS_AT_ONCE = 6;

/** As it stands in JSON. */
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
  team: Team;
  teamId: string;
  api: TeamApi;
  /** Its sources; a run after another on the same installation has sources of its own. */
  sourceIds: string[];
}

/** The attempts of one event, oldest first. */
export async function readAttempts(api: TeamApi, eventId: string): Promise<AttemptFact[]> {
  const found: AttemptFact[] = [];
  await api.pages<Row<Attempt>>(`/attempts?event_id=${eventId}&with_body=false`, (rows) => {
    for (const row of rows) found.push(attemptFact(row));
  });
  return found;
}

interface ListReader {
  /** Each row of a list from the beginning of the run until now, several ranges at once. */
  each<T extends { created_at: string }>(list: string, onRow: (row: Row<T>) => void): Promise<void>;
}

function makeListReader({ api, sourceIds }: ToldTeam, fromMs: number): ListReader {
  return {
    async each(list, onRow) {
      const toMs = Date.now();
      let nextMs = fromMs;
      const readNext = async (): Promise<void> => {
        while (nextMs <= toMs) {
          const [startMs, endMs] = [nextMs, nextMs + RANGE_MS];
          nextMs = endMs;
          // One millisecond more on either side, so that nobody has to know whether the ends belong to a range.
          const range = `from=${iso(startMs - 1)}&to=${iso(endMs)}`;
          await api.pages<{ created_at: string }>(`${list}source_id=${sourceIds.join(",")}&${range}`, (rows) => {
            for (const row of rows) {
              const atMs = time(row.created_at);
              if (atMs >= startMs && atMs < endMs) onRow(row as never);
            }
          });
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, readNext));
    },
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The numbers of the requests, by their ids and by those of their events, and some of them to be looked at. */
export interface Known {
  requests: Map<string, number>;
  events: Map<string, number>;
  samples: Record<"requests" | "events" | "attempts", Sample>;
  /** Accepted, and nothing has come of them yet. */
  unrouted: number;
}

/** Reads the requests of a team anew. */
export async function readRequests(team: ToldTeam, fromMs: number, store: EvidenceStore): Promise<Known> {
  await store.forget(`${team.team}-requests`);
  const samples = {
    requests: makeSample(SAMPLED_BODIES),
    events: makeSample(SAMPLED_IDS),
    attempts: makeSample(SAMPLED_IDS),
  };
  const known: Known = { requests: new Map(), events: new Map(), samples, unrouted: 0 };
  await makeListReader(team, fromMs).each<RequestSummary>("/requests?", (row) => {
    const fact = requestFact(row);
    const { id, n, isAccepted, duplicateOf, eventsCount, ignoredCount } = fact;
    known.requests.set(id, n);
    samples.requests.add(id);
    if (isAccepted && duplicateOf === null && eventsCount + ignoredCount === 0) known.unrouted++;
    store.add(`${team.team}-requests`, n, fact);
  });
  return known;
}

/** Reads the events and attempts of a team, whose requests are known. */
export async function readEvents(team: ToldTeam, known: Known, fromMs: number, store: EvidenceStore): Promise<void> {
  const reader = makeListReader(team, fromMs);
  // A list of everything, so that rows of another team would be seen; the sources of this run are picked here.
  await reader.each<EventSummary>("/events?", (row) => {
    const fact = eventFact(row);
    const n = known.requests.get(fact.requestId);
    if (n !== undefined) known.events.set(fact.id, n);
    known.samples.events.add(fact.id);
    store.add(`${team.team}-events`, n, fact);
  });
  await reader.each<Attempt>("/attempts?with_body=false&", (row) => {
    const fact = attemptFact(row);
    known.samples.attempts.add(fact.id);
    store.add(`${team.team}-attempts`, known.events.get(fact.eventId), fact);
  });
}

/** @param other asks for what is not its own */
export async function readFacts(
  team: ToldTeam,
  { samples }: Known,
  other: TeamApi,
  fromMs: number,
): Promise<ToldFacts> {
  const { teamId, api, sourceIds } = team;
  const counted = await readCharts(api, sourceIds, fromMs, Date.now());
  const told: ToldFacts = { teamId, counted, bodies: new Map(), foreign: [] };
  await eachAtOnce(samples.requests.all(), async (id) => {
    told.bodies.set(id, hash("sha256", await api.bytes(`/requests/${id}/raw_body`)));
  });
  const shown = samples.requests.all().slice(0, SAMPLED_IDS);
  const paths = [
    ...shown.flatMap((id) => [`/requests/${id}`, `/requests/${id}/raw_body`]),
    ...samples.events.all().map((id) => `/events/${id}`),
    ...samples.attempts.all().map((id) => `/attempts/${id}`),
    ...sourceIds.map((id) => `/sources/${id}`),
  ];
  await eachAtOnce(paths, async (path) => {
    told.foreign.push({ path, status: await other.status(path) });
  });
  return told;
}

/** So many at a time as the gateways answer. */
async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const next = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, next));
}

const UNFINISHED = "QUEUED,SCHEDULED,RETRYING,HOLD";

/** How many events are not at an end; one page of them at most is counted. */
export async function countUnfinished({ api, sourceIds }: ToldTeam): Promise<number> {
  const path = `/events?status=${UNFINISHED}&source_id=${sourceIds.join(",")}&limit=255`;
  return (await api.call<{ data: unknown[] }>("GET", path)).data.length;
}
