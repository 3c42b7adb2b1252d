import type { ReactNode } from "react";
import { spanWords } from "#components/data/span-words.ts";
import { Age } from "#components/lists/age.tsx";
import { movedCount } from "#components/replay/progress.ts";
import { type ScopeNames, scopeWords, starterOf, verbWords } from "#components/replay/words.ts";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BulkOperation } from "#server/contracts/bulk.ts";
import { OperationState } from "./operation-state.tsx";
import { RunningCell } from "./running-cell.tsx";

const head =
  "sticky top-0 z-10 h-7 whitespace-nowrap border-line border-b bg-surface px-2 text-left font-normal text-muted text-xs first:pl-5 last:pr-4";
const cell = "h-8 overflow-hidden text-ellipsis whitespace-nowrap border-line border-b px-2 first:pl-5 max-md:hidden";

const COLUMNS: readonly [head: string, width: number | undefined, isRight: boolean][] = [
  ["State", 140, false],
  ["What", undefined, false],
  ["Of", 180, false],
  ["Events", 190, true],
  ["Took", 110, true],
  ["By", 170, false],
  ["Started", 90, true],
];
/** Beside a panel, which says the rest. */
const FEW_COLUMNS: typeof COLUMNS = [
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
  <Sheet isBesidePanel={openId !== undefined}>
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
          <td className={cell}>
            <OperationState operation={operation} />
          </td>
          <td className={cell}>{open}</td>
          {openId === undefined ? <td className={cell}>{of}</td> : null}
          <td className={cn(cell, "text-right")}>{count}</td>
          {openId === undefined ? (
            <>
              <td className={cn(cell, "text-right")}>{tookOf(operation)}</td>
              <td className={cell}>{starterOf(operation)}</td>
            </>
          ) : null}
          <td className={cn(cell, "pr-4 text-right")}>
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
  </Sheet>
);

function Sheet({ isBesidePanel = false, children }: { isBesidePanel?: boolean; children: ReactNode }) {
  const columns = isBesidePanel ? FEW_COLUMNS : COLUMNS;
  return (
    <table
      aria-label="Replays"
      className={cn(
        "w-full table-fixed border-separate border-spacing-0",
        isBesidePanel ? "md:min-w-[480px]" : "md:min-w-[980px]",
      )}
    >
      <colgroup className="max-md:hidden">
        {columns.map(([name, width]) => (
          <col key={name} width={width} />
        ))}
      </colgroup>
      <thead className="max-md:hidden">
        <tr>
          {columns.map(([name, , isRight]) => (
            <th key={name} scope="col" className={cn(head, isRight && "text-right")}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export const SkeletonTable = () => (
  <Sheet>
    {["w-2/3", "w-1/2", "w-3/4", "w-2/3", "w-1/2"].map((width, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that takes focus
      <tr key={row} aria-hidden="true">
        {COLUMNS.map(([name]) => (
          <td key={name} className={cell}>
            <Skeleton className={width} />
          </td>
        ))}
        <td className="h-[84px] border-line border-b px-3.5 md:hidden">
          <Skeleton className={width} />
        </td>
      </tr>
    ))}
  </Sheet>
);
