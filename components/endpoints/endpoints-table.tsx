import { type SheetColumn, SheetSkeleton, SheetTable, sheetCell } from "#components/data/sheet-table.tsx";
import { Age } from "#components/lists/age.tsx";
import { cn } from "#components/ui/class-names.ts";
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Endpoint } from "#server/contracts/endpoint.ts";
import { shownUrl, stateOf } from "./endpoint-words.ts";
import { Lease } from "./lease-ring.tsx";

const LABEL = "Endpoints";
const WIDTH = "md:min-w-[760px]";
const COLUMNS: readonly SheetColumn[] = [
  ["Endpoint", undefined, false],
  ["Event types", 150, false],
  ["Lease left", 150, false],
  ["State", 130, false],
  ["In the last hour", 110, true],
  ["Last", 84, true],
];
/** Beside a panel, which says the rest. */
const FEW_COLUMNS: readonly SheetColumn[] = [
  ["Endpoint", undefined, false],
  ["Lease left", 140, false],
  ["State", 120, false],
];

export const StateWord = ({ endpoint }: { endpoint: Endpoint }) => {
  const { look, words } = stateOf(endpoint);
  const { icon, text } = EVENT_STATES[look];
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", text)}>
      <Icon name={icon} size={14} />
      {words}
    </span>
  );
};

const leaseOf = ({ ttl, lease_until, removed_at }: Endpoint) => ({
  ttl,
  leaseUntil: lease_until,
  removedAt: removed_at,
});

const Last = ({ endpoint: { last_attempt_at } }: { endpoint: Endpoint }) =>
  last_attempt_at === null ? <span className="text-faint">–</span> : <Age iso={last_attempt_at} hasAgo />;

interface EndpointsTableProps {
  endpoints: readonly Endpoint[];
  openId: string | undefined;
  onOpen: (id: string) => void;
}

/** Endpoints, the newest first; cards on a phone. */
export const EndpointsTable = ({ endpoints, openId, onOpen }: EndpointsTableProps) => {
  const isAlone = openId === undefined;
  return (
    <SheetTable
      label={LABEL}
      columns={isAlone ? COLUMNS : FEW_COLUMNS}
      className={isAlone ? WIDTH : "md:min-w-[480px]"}
    >
      {endpoints.map((endpoint) => {
        const { id, url, event_types } = endpoint;
        const types = event_types.join(", ");
        const open = (
          <button
            type="button"
            title={url}
            aria-current={id === openId || undefined}
            onClick={(event) => {
              event.stopPropagation();
              onOpen(id);
            }}
            className="max-w-full truncate rounded-xs text-left font-mono text-xs"
          >
            {shownUrl(url)}
          </button>
        );
        return (
          <tr
            key={id}
            onClick={() => onOpen(id)}
            className={cn("cursor-default", id === openId ? "bg-accent-bg" : "hovered:bg-inset")}
          >
            <td className={sheetCell}>{open}</td>
            {isAlone ? (
              <td className={cn(sheetCell, "font-mono text-ink-2 text-xs")} title={types}>
                {types}
              </td>
            ) : null}
            <td className={sheetCell}>
              <Lease {...leaseOf(endpoint)} />
            </td>
            <td className={sheetCell}>
              <StateWord endpoint={endpoint} />
            </td>
            {isAlone ? (
              <>
                <td className={cn(sheetCell, "text-right text-muted")}>{formatCount(endpoint.delivered_in_hour)}</td>
                <td className={cn(sheetCell, "pr-4 text-right text-muted")}>
                  <Last endpoint={endpoint} />
                </td>
              </>
            ) : null}
            <td className="border-line border-b px-3.5 py-2.5 md:hidden">
              <span className="grid gap-1">
                <span className="flex min-h-10 items-center font-medium">{open}</span>
                <span className="flex items-center justify-between gap-3">
                  <span className="truncate font-mono text-muted text-xs">{types}</span>
                  <StateWord endpoint={endpoint} />
                </span>
                <span className="flex items-center justify-between gap-3 text-muted">
                  <Lease {...leaseOf(endpoint)} />
                  <Last endpoint={endpoint} />
                </span>
              </span>
            </td>
          </tr>
        );
      })}
    </SheetTable>
  );
};

export const SkeletonTable = () => (
  <SheetSkeleton label={LABEL} columns={COLUMNS} className={WIDTH} cardClassName="h-[104px]" />
);
