import Link from "next/link";
import { type SheetColumn, SheetSkeleton, SheetTable, sheetCell } from "#components/data/sheet-table.tsx";
import { Age } from "#components/lists/age.tsx";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Transformation } from "#server/contracts/transformation.ts";
import type { Usage } from "./use-transformations.ts";

const COLUMNS: readonly SheetColumn[] = [
  ["Name", 280, false],
  ["Version", 90, false],
  ["What it is for", undefined, false],
  ["Used by", 150, true],
  ["Failed, 24 h", 110, true],
  ["Changed", 90, true],
];

const SHEET = { label: "Transformations", columns: COLUMNS, className: "max-wide:md:min-w-[820px]" };

const usedWords = (count: number) =>
  count === 0 ? "no connection" : `${formatCount(count)} ${count === 1 ? "connection" : "connections"}`;

function Failed({ usage }: { usage: Usage | undefined }) {
  if (!usage) return null;
  const { failed_24h_count: count } = usage;
  return <span className={count > 0 ? "font-medium text-failed" : "text-muted"}>{formatCount(count)}</span>;
}

interface TransformationsTableProps {
  rows: readonly Transformation[];
  usage: ReadonlyMap<string, Usage>;
}

/** Transformations, the newest first; cards on a phone. */
export const TransformationsTable = ({ rows, usage }: TransformationsTableProps) => (
  <SheetTable {...SHEET}>
    {rows.map((row) => {
      const use = usage.get(row.id);
      const used = use ? usedWords(use.connections_count) : "";
      const isBroken = row.unusable_because !== null;
      return (
        <tr key={row.id} className="relative hovered:bg-inset">
          <td className={sheetCell}>
            <span className="flex min-w-0 items-center gap-1.5">
              {/* Stretched over the row, so that all of it is the link. */}
              <Link
                href={`/transformations/${row.id}`}
                prefetch={false}
                data-row
                className="min-w-0 truncate rounded-xs font-medium after:absolute after:inset-0"
              >
                {row.name}
              </Link>
              {isBroken ? <Broken why={row.unusable_because ?? ""} /> : null}
            </span>
          </td>
          <td className={sheetCell}>
            <Tag>v{row.version}</Tag>
          </td>
          <td className={cn(sheetCell, "text-muted")}>{row.description}</td>
          <td className={cn(sheetCell, "text-right", use?.connections_count === 0 && "text-muted")}>{used}</td>
          <td className={cn(sheetCell, "text-right")}>
            <Failed usage={use} />
          </td>
          <td className={cn(sheetCell, "pr-4 text-right")}>
            <Age iso={row.updated_at} />
          </td>
          <td className="border-line border-b px-3.5 py-2.5 md:hidden">
            <span className="grid gap-1">
              <span className="flex min-h-6 items-center gap-2">
                <Link
                  href={`/transformations/${row.id}`}
                  prefetch={false}
                  className="min-w-0 truncate rounded-xs font-medium after:absolute after:inset-0"
                >
                  {row.name}
                </Link>
                <Tag>v{row.version}</Tag>
                <span className="ml-auto shrink-0">
                  <Age iso={row.updated_at} hasAgo />
                </span>
              </span>
              <span className="flex min-h-[18px] justify-between gap-3 text-muted">
                <span>{use ? `used by ${used}` : null}</span>
                {use && use.failed_24h_count > 0 ? (
                  <span className="text-failed">failed on {formatCount(use.failed_24h_count)}, 24 h</span>
                ) : null}
              </span>
              {isBroken ? <span className="text-failed">{row.unusable_because}</span> : null}
            </span>
          </td>
        </tr>
      );
    })}
  </SheetTable>
);

const Broken = ({ why }: { why: string }) => (
  <span title={why} className="relative z-[1] inline-flex items-center gap-1 text-failed text-xs">
    <Icon name="warning" size={14} />
    env does not open
  </span>
);

export const TransformationsSkeleton = () => <SheetSkeleton {...SHEET} cardClassName="h-[67px]" />;
