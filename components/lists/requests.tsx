import type { Filter } from "#components/data/filters.ts";
import { ALONE } from "#components/data/trpc-provider.tsx";
import { type Names, nameIn, shortId } from "#components/data/use-names.ts";
import { formatExact } from "#components/ui/format.ts";
import { Tile } from "#components/ui/tile.tsx";
import type { ListRequests, RequestSummary } from "#server/contracts/request.ts";
import { Age } from "./age.tsx";
import { becameOf, isRefused } from "./became.ts";
import { REJECTION_CAUSES, VERIFICATIONS } from "./choices.ts";
import type { ListColumn } from "./columns.ts";
import { DoorVerdict, verdictOf } from "./door-verdict.tsx";
import { formatBytes } from "./format-bytes.ts";
import type { ListDefinition } from "./list-definition.ts";
import { INITIAL_RANGE } from "./list-input.ts";
import { Mono } from "./mono.tsx";
import { countOfStatus } from "./quick-filters.tsx";
import { isBodyUnread } from "./unread-body.ts";

const YES_OR_NO = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];
const STATUSES = [
  { value: "rejected", label: "Rejected" },
  { value: "accepted", label: "Accepted" },
];

const FILTERS: readonly Filter[] = [
  { kind: "one-of", key: "status", label: "Door", isClosed: true, options: STATUSES },
  { kind: "many-of", key: "source_id", label: "Source", isClosed: false, options: [] },
  { kind: "time", key: "time", label: "Time", zone: "utc", initial: INITIAL_RANGE },
  { kind: "text", key: "event_type", label: "Event", hint: "payment.*" },
  { kind: "one-of", key: "verified", label: "Verified", isClosed: true, options: YES_OR_NO },
  { kind: "many-of", key: "verification", label: "Verification", isClosed: true, options: VERIFICATIONS },
  { kind: "many-of", key: "rejection_cause", label: "Cause", isClosed: true, options: REJECTION_CAUSES },
  { kind: "one-of", key: "duplicate", label: "Duplicate", isClosed: true, options: YES_OR_NO },
  { kind: "json", key: "body", label: "Payload" },
  { kind: "one-of", key: "test", label: "Test", isClosed: true, options: YES_OR_NO },
  { kind: "text", key: "resource_id", label: "About", hint: "cus_1042" },
  { kind: "text", key: "provider_event_id", label: "Provider's id", hint: "evt_1R9xKq2e" },
  { kind: "ids", key: "id", label: "Request id", prefix: "req" },
];

const Became = ({ row }: { row: RequestSummary }) => (
  <span className={isRefused(row) ? "text-failed" : undefined}>{becameOf(row)}</span>
);

const sizeOf = (row: RequestSummary) => (isBodyUnread(row) ? "not read" : formatBytes(row.body_bytes));

/** What goes with an erased payload, in a cell. */
const Erasable = ({ row, text }: { row: RequestSummary; text: string }) =>
  row.erased_at === null ? <Mono text={text} /> : <span className="text-muted">erased</span>;

const columns = (names: Names): readonly ListColumn<RequestSummary>[] => [
  { key: "door", head: "Door", width: 116, cell: (row) => <DoorVerdict of={row} /> },
  { key: "event", head: "Event", cell: (row) => <Mono text={row.event_type} /> },
  { key: "source", head: "Source", width: "19%", cell: (row) => nameIn(names.sources, row.source_id) },
  { key: "became", head: "Became", width: 130, cell: (row) => <Became row={row} /> },
  {
    key: "size",
    head: "Size",
    width: 76,
    isRight: true,
    cell: (row) => <span className="text-muted">{sizeOf(row)}</span>,
  },
  { key: "method", head: "Method", width: 76, isExtra: true, cell: (row) => <Mono text={row.method} /> },
  { key: "path", head: "Path", width: 140, isExtra: true, cell: (row) => <Erasable row={row} text={row.path} /> },
  {
    key: "sender",
    head: "Sender",
    width: 124,
    isExtra: true,
    cell: (row) => <Erasable row={row} text={row.remote_ip} />,
  },
  {
    key: "provider_id",
    head: "Provider's id",
    width: 140,
    isExtra: true,
    cell: (row) => <Mono text={row.provider_event_id} />,
  },
  { key: "resource", head: "About", width: 140, isExtra: true, cell: (row) => <Mono text={row.resource_id} /> },
  {
    key: "occurred",
    head: "Happened",
    width: 82,
    isExtra: true,
    cell: (row) => (row.occurred_at === null ? "–" : <Age iso={row.occurred_at} />),
  },
  { key: "id", head: "Id", width: 116, isExtra: true, cell: (row) => <Mono text={shortId(row.id)} /> },
  { key: "age", head: "Age", width: 66, isRight: true, cell: (row) => <Age iso={row.created_at} /> },
];

const card = (row: RequestSummary, names: Names) => (
  <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
    <span className="flex justify-between gap-3">
      <DoorVerdict of={row} />
      <span className="text-muted">
        {sizeOf(row)}, <Age iso={row.created_at} hasAgo />
      </span>
    </span>
    <span className="truncate font-mono text-xs">{row.event_type ?? "–"}</span>
    <span className="flex justify-between gap-3 text-muted">
      <span className="flex min-w-0 items-center gap-1.5">
        <Tile type={names.sources.get(row.source_id)?.type ?? "WEBHOOK"} size="sm" />
        <span className="truncate">{nameIn(names.sources, row.source_id)}</span>
      </span>
      <span className="shrink-0">
        <Became row={row} />
      </span>
    </span>
  </div>
);

/** What producers sent, the refused ones too. */
export const REQUESTS: ListDefinition<RequestSummary> = {
  title: "Requests",
  path: "/requests",
  viewsOf: "requests",
  one: "Request",
  many: "requests",
  emptyWords: "A request stands here as soon as somebody calls the URL of a source.",
  filters: FILTERS,
  columns,
  cardOf: card,
  nameOf: (row) =>
    `${row.event_type ?? "request"}, ${verdictOf(row).word.toLowerCase()}, ${formatExact(row.created_at)}`,
  quick: [
    {
      key: "status",
      value: "rejected",
      label: "Rejected",
      icon: "shield-failed",
      tone: "text-failed",
      countIn: countOfStatus("rejected"),
    },
    {
      key: "rejection_cause",
      value: "NO_CONNECTION",
      label: "No connection",
      countIn: (counts) => counts.no_connection_count ?? 0,
    },
    { key: "duplicate", value: "true", label: "Duplicate", countIn: (counts) => counts.duplicate_count ?? 0 },
  ],
  series: [
    { key: "accepted", word: "Accepted", fill: "fill-line-strong" },
    { key: "rejected", word: "Rejected", fill: "fill-failed-solid" },
    { key: "handshake", word: "Handshake", fill: "fill-ignored-solid" },
  ],
  hasMoves: true,
  newsKind: "requests",
  list: (api, input, signal) => api.requests.list.query(input as Partial<ListRequests>, { signal, context: ALONE }),
  count: (api, input, signal) =>
    api.requests.histogram.query(input as Partial<ListRequests>, { signal, context: ALONE }),
  bulkFilters: ["from", "to", "id", "source_id", "status", "verified", "event_type"],
};
