import type { Filter } from "#components/data/filters.ts";
import { seriesOf } from "#components/data/histogram.tsx";
import { ALONE } from "#components/data/trpc-provider.tsx";
import { type Names, nameIn, shortId, wayOf } from "#components/data/use-names.ts";
import { EVENT_STATES, type EventState, StateLabel } from "#components/ui/event-state.tsx";
import { formatExact } from "#components/ui/format.ts";
import type { EventSummary, ListEvents } from "#server/contracts/event.ts";
import { Age } from "./age.tsx";
import { Answer, shortAnswer } from "./answer.tsx";
import { END_REASONS, ERROR_CODES, EVENT_STATUSES, HOLD_REASONS } from "./choices.ts";
import type { ListColumn } from "./columns.ts";
import type { ListDefinition } from "./list-definition.ts";
import { INITIAL_RANGE } from "./list-input.ts";
import { Mono } from "./mono.tsx";
import { countOfStatus } from "./quick-filters.tsx";

const FILTERS: readonly Filter[] = [
  { kind: "many-of", key: "status", label: "State", isClosed: true, options: EVENT_STATUSES },
  { kind: "many-of", key: "source_id", label: "Source", isClosed: false, options: [] },
  { kind: "many-of", key: "connection_id", label: "Connection", isClosed: false, options: [] },
  { kind: "many-of", key: "destination_id", label: "Destination", isClosed: false, options: [] },
  { kind: "time", key: "time", label: "Time", zone: "utc", initial: INITIAL_RANGE },
  { kind: "text", key: "event_type", label: "Event", hint: "payment.*" },
  { kind: "text", key: "resource_id", label: "About", hint: "cus_1042" },
  { kind: "range", key: "response_status", label: "Answer", min: 100, max: 599 },
  { kind: "many-of", key: "error_code", label: "Error", isClosed: true, options: ERROR_CODES },
  { kind: "many-of", key: "hold_reason", label: "Held because", isClosed: true, options: HOLD_REASONS },
  { kind: "many-of", key: "ended_because", label: "Failed because", isClosed: true, options: END_REASONS },
  { kind: "text", key: "group", label: "Group", hint: "cus_1042" },
  { kind: "json", key: "body", label: "Payload" },
  { kind: "ids", key: "request_id", label: "Request", prefix: "req" },
  { kind: "ids", key: "id", label: "Event id", prefix: "evt" },
];

const columns = (names: Names): readonly ListColumn<EventSummary>[] => [
  { key: "state", head: "State", width: 102, cell: (row) => <StateLabel state={row.status} /> },
  { key: "event", head: "Event", cell: (row) => <Mono text={row.event_type} /> },
  {
    key: "source",
    head: "Source",
    width: 130,
    isExtra: true,
    cell: (row) => nameIn(names.sources, row.source_id),
  },
  { key: "connection", head: "Connection", width: "22%", cell: (row) => wayOf(names, row) },
  {
    key: "destination",
    head: "Destination",
    width: 140,
    isExtra: true,
    cell: (row) => nameIn(names.destinations, row.destination_id),
  },
  { key: "resource", head: "About", width: 140, isExtra: true, cell: (row) => <Mono text={row.resource_id} /> },
  { key: "occurred", head: "Happened", width: 82, isExtra: true, cell: (row) => happened(row.occurred_at) },
  { key: "group", head: "Group", width: 120, isExtra: true, cell: (row) => <Mono text={row.group} /> },
  { key: "reason", head: "Because", width: 150, isExtra: true, cell: (row) => reasonOf(row) },
  { key: "tries", head: "Tries", width: 50, isRight: true, cell: (row) => row.attempts },
  { key: "answer", head: "Answer", width: 98, cell: (row) => <Answer of={row} isFailure={isFailure(row)} /> },
  { key: "id", head: "Id", width: 116, isExtra: true, cell: (row) => <Mono text={shortId(row.id)} /> },
  {
    key: "age",
    head: "Received",
    width: 82,
    isRight: true,
    cell: (row) => <Age iso={row.created_at} />,
  },
];

const happened = (iso: string | null) => (iso === null ? "–" : <Age iso={iso} />);

const reasonWords = new Map([...HOLD_REASONS, ...END_REASONS].map(({ value, label }) => [value, label]));
const reasonOf = ({ hold_reason, ended_because }: EventSummary) =>
  reasonWords.get(hold_reason ?? ended_because ?? "") ?? "–";

/** What was answered last was no success. */
const isFailure = (row: EventSummary) => row.error_code !== null;

const card = (row: EventSummary, names: Names) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
    <span className="flex justify-between gap-3">
      <StateLabel state={row.status} />
      <Age iso={row.created_at} hasAgo />
    </span>
    <span className="truncate font-mono text-xs">{row.event_type ?? "–"}</span>
    <span className="flex justify-between gap-3 text-muted">
      <span className="truncate">
        {wayOf(names, row)} <span aria-hidden="true">→</span>
        <span className="sr-only"> to </span> {nameIn(names.destinations, row.destination_id)}
      </span>
      <span className={`shrink-0 font-mono text-xs ${isFailure(row) ? "text-failed" : ""}`}>
        {row.attempts > 1 ? `${row.attempts} tries, ` : ""}
        {shortAnswer(row)}
      </span>
    </span>
  </div>
);

const STACK: readonly EventState[] = ["DELIVERED", "CANCELLED", "QUEUED", "SCHEDULED", "HOLD", "RETRYING", "FAILED"];

/** The events of a team: what is owed to each destination. */
export const EVENTS: ListDefinition<EventSummary> = {
  title: "Events",
  path: "/events",
  viewsOf: "events",
  one: "Event",
  many: "events",
  emptyWords: "An event stands here as soon as a request reaches a connection.",
  filters: FILTERS,
  columns,
  cardOf: card,
  nameOf: (row) =>
    `${row.event_type ?? "event"}, ${EVENT_STATES[row.status].word.toLowerCase()}, ${formatExact(row.created_at)}`,
  quick: (["FAILED", "RETRYING", "HOLD"] as const).map((value) => {
    const { word, icon, text } = EVENT_STATES[value];
    return { key: "status", value, label: word, icon, tone: text, countIn: countOfStatus(value) };
  }),
  series: STACK.map(seriesOf),
  hasMoves: true,
  newsKind: "events",
  list: (api, input, signal) => api.events.list.query(input as Partial<ListEvents>, { signal, context: ALONE }),
  count: (api, input, signal) => api.events.histogram.query(input as Partial<ListEvents>, { signal, context: ALONE }),
  bulkFilters: [
    "from",
    "to",
    "id",
    "source_id",
    "connection_id",
    "destination_id",
    "status",
    "event_type",
    "error_code",
    "response_status",
    "hold_reason",
    "ended_because",
    "group",
  ],
};
