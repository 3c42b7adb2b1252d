import { type SheetColumn, SheetSkeleton, SheetTable, sheetCell } from "#components/data/sheet-table.tsx";
import { spanWords } from "#components/data/span-words.ts";
import { Age } from "#components/lists/age.tsx";
import { movedCount } from "#components/replay/progress.ts";
import { type ScopeNames, scopeWords, starterOf, verbWords } from "#components/replay/words.ts";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import type { BulkOperation } from "#server/contracts/bulk.ts";
import { OperationState } from "./operation-state.tsx";
import { RunningCell } from "./running-cell.tsx";

const LABEL = "Replays";
const WIDTH = "md:min-w-[980px]";
const COLUMNS: readonly SheetColumn[] = [
  ["State", 140, false],
  ["What", undefined, false],
  ["Of", 180, false],
  ["Events", 190, true],
  ["Took", 110, true],
  ["By", 170, false],
  ["Started", 90, true],
];
/** Beside a panel, which says the rest. */
const FEW_COLUMNS: readonly SheetColumn[] = [
  ["State", 120, false],
  ["What", undefined, false],
  ["Events", 150, true],
  ["Started", 80, true],
];

/** How long it took; empty while it runs. */
const tookOf = ({ created_at, finished_at }: BulkOperation): string =>
  finished_at === null
    ? ""
    : spanWords(Math.max(1_000, Math.round((Date.parse(finished_at) - Date.parse(created_at)) / 1_000) * 1_000));

interface OperationsTableProps {
  operations: readonly BulkOperation[];
  names: ScopeNames;
  openId: string | undefined;
  onOpen: (id: string) => void;
}

/** Operations, the newest first; cards on a phone. */
export const OperationsTable = ({ operations, names, openId, onOpen }: OperationsTableProps) => (
  <SheetTable
    label={LABEL}
    columns={openId === undefined ? COLUMNS : FEW_COLUMNS}
    className={openId === undefined ? WIDTH : "md:min-w-[480px]"}
  >
    {operations.map((operation) => {
      const { id, created_at, state } = operation;
      const of = scopeWords(operation, names);
      const isRunning = state === "RUNNING";
      const count = isRunning ? (
        <RunningCell operation={operation} />
      ) : (
        `${formatCount(movedCount(operation))} of ${formatCount(Math.max(operation.total_count ?? 0, movedCount(operation)))}`
      );
      const open = (
        <button
          type="button"
          aria-current={id === openId || undefined}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(id);
          }}
          className="max-w-full truncate rounded-xs text-left font-medium"
        >
          {verbWords(operation)}
        </button>
      );
      return (
        <tr
          key={id}
          onClick={() => onOpen(id)}
          className={cn("cursor-default", id === openId ? "bg-accent-bg" : "hovered:bg-inset")}
        >
          <td className={sheetCell}>
            <OperationState operation={operation} />
          </td>
          <td className={sheetCell}>{open}</td>
          {openId === undefined ? <td className={sheetCell}>{of}</td> : null}
          <td className={cn(sheetCell, "text-right")}>{count}</td>
          {openId === undefined ? (
            <>
              <td className={cn(sheetCell, "text-right")}>{tookOf(operation)}</td>
              <td className={sheetCell}>{starterOf(operation)}</td>
            </>
          ) : null}
          <td className={cn(sheetCell, "pr-4 text-right")}>
            <Age iso={created_at} />
          </td>
          <td className="border-line border-b px-3.5 py-2.5 md:hidden">
            <span className="grid gap-1">
              <span className="flex justify-between gap-3">
                <OperationState operation={operation} />
                <Age iso={created_at} hasAgo />
              </span>
              <span className="flex min-h-10 items-center justify-between gap-3">
                {open}
                <span className="shrink-0">{count}</span>
              </span>
              <span className="flex justify-between gap-3 text-muted">
                <span className="truncate">{of}</span>
                <span className="shrink-0 truncate">{starterOf(operation)}</span>
              </span>
            </span>
          </td>
        </tr>
      );
    })}
  </SheetTable>
);

export const SkeletonTable = () => (
  <SheetSkeleton label={LABEL} columns={COLUMNS} className={WIDTH} cardClassName="h-[84px]" />
);
