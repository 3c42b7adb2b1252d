import type { Filter } from "#components/data/filters.ts";
import { seriesOf } from "#components/data/histogram.tsx";
import { ALONE } from "#components/data/trpc-provider.tsx";
import { type Names, nameIn, shortId } from "#components/data/use-names.ts";
import { StateLabel } from "#components/ui/event-state.tsx";
import { formatDuration, formatExact } from "#components/ui/format.ts";
import type { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { Age } from "./age.tsx";
import { Answer, answerOf } from "./answer.tsx";
import { ERROR_CODES, TRIGGERS } from "./choices.ts";
import type { ListColumn } from "./columns.ts";
import type { ListDefinition } from "./list-definition.ts";
import { INITIAL_RANGE } from "./list-input.ts";
import { Mono } from "./mono.tsx";
import { countOfStatus } from "./quick-filters.tsx";

const OUTCOMES = [
  { value: "FAILED", label: "Failed" },
  { value: "DELIVERED", label: "Delivered" },
];
const LONGEST_MS = 600_000;

const FILTERS: readonly Filter[] = [
  { kind: "many-of", key: "status", label: "State", isClosed: true, options: OUTCOMES },
  { kind: "many-of", key: "destination_id", label: "Destination", isClosed: false, options: [] },
  { kind: "many-of", key: "connection_id", label: "Connection", isClosed: false, options: [] },
  { kind: "many-of", key: "source_id", label: "Source", isClosed: false, options: [] },
  { kind: "time", key: "time", label: "Time", zone: "utc", initial: INITIAL_RANGE },
  { kind: "range", key: "response_status", label: "Answer", min: 100, max: 599 },
  { kind: "many-of", key: "error_code", label: "Error", isClosed: true, options: ERROR_CODES },
  {
    kind: "range",
    key: "latency",
    label: "Duration",
    min: 0,
    max: LONGEST_MS,
    unit: "ms",
    bounds: ["min_latency_ms", "max_latency_ms"],
  },
  { kind: "many-of", key: "trigger", label: "Trigger", isClosed: true, options: TRIGGERS },
  { kind: "text", key: "group", label: "Group", hint: "cus_1042" },
  { kind: "ids", key: "event_id", label: "Event", prefix: "evt" },
  { kind: "ids", key: "id", label: "Attempt id", prefix: "att" },
];

const stateOf = (row: Attempt) => (row.error_code === null ? "DELIVERED" : "FAILED");
const triggerWords = new Map(TRIGGERS.map(({ value, label }) => [value, label]));

const columns = (names: Names): readonly ListColumn<Attempt>[] => [
  { key: "state", head: "State", width: 102, cell: (row) => <StateLabel state={stateOf(row)} /> },
  { key: "destination", head: "Destination", cell: (row) => nameIn(names.destinations, row.destination_id) },
  {
    key: "connection",
    head: "Connection",
    width: 140,
    isExtra: true,
    cell: (row) => nameIn(names.connections, row.connection_id),
  },
  {
    key: "source",
    head: "Source",
    width: 130,
    isExtra: true,
    cell: (row) => nameIn(names.sources, row.source_id),
  },
  { key: "number", head: "Try", width: 44, isRight: true, cell: (row) => row.number },
  { key: "trigger", head: "Trigger", width: 116, cell: (row) => triggerWords.get(row.trigger) ?? row.trigger },
  { key: "answer", head: "Answer", width: 112, cell: (row) => <Answer of={row} isFailure={row.error_code !== null} /> },
  { key: "duration", head: "Duration", width: 78, isRight: true, cell: (row) => formatDuration(row.latency_ms) },
  { key: "url", head: "URL", width: 190, isExtra: true, cell: (row) => <Mono text={row.requested_url} /> },
  { key: "event", head: "Event", width: 116, isExtra: true, cell: (row) => <Mono text={shortId(row.event_id)} /> },
  { key: "age", head: "Made", width: 72, isRight: true, cell: (row) => <Age iso={row.created_at} /> },
];

const card = (row: Attempt, names: Names) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
    <span className="flex justify-between gap-3">
      <StateLabel state={stateOf(row)} />
      <Age iso={row.created_at} hasAgo />
    </span>
    <span className="truncate">{nameIn(names.destinations, row.destination_id)}</span>
    <span className="flex justify-between gap-3 text-muted">
      <span>
        Try {row.number}, {formatDuration(row.latency_ms)}
      </span>
      <Answer of={row} isFailure={row.error_code !== null} />
    </span>
  </div>
);

/** Each HTTP try of each event. */
export const ATTEMPTS: ListDefinition<Attempt> = {
  title: "Attempts",
  path: "/attempts",
  viewsOf: "attempts",
  one: "Attempt",
  many: "attempts",
  emptyWords: "An attempt stands here as soon as an event was sent.",
  filters: FILTERS,
  columns,
  cardOf: card,
  nameOf: (row) => `Try ${row.number}, ${answerOf(row)}, ${formatExact(row.created_at)}`,
  quick: [
    {
      key: "status",
      value: "FAILED",
      label: "Failed",
      icon: "failed",
      tone: "text-failed",
      countIn: countOfStatus("FAILED"),
    },
  ],
  series: [seriesOf("DELIVERED"), seriesOf("FAILED")],
  hasMoves: false,
  newsKind: "events",
  list: (api, input, signal) =>
    api.attempts.list.query({ ...(input as Partial<ListAttempts>), with_body: false }, { signal, context: ALONE }),
  count: (api, input, signal) =>
    api.attempts.histogram.query(input as Partial<ListAttempts>, { signal, context: ALONE }),
  bulkFilters: [],
};
