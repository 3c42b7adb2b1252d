import Link from "next/link";
import type { ReactNode } from "react";
import { Age } from "#components/lists/age.tsx";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Transformation } from "#server/contracts/transformation.ts";
import type { Usage } from "./use-transformations.ts";

const head =
  "sticky top-0 z-10 h-7 whitespace-nowrap border-line border-b bg-surface px-2 text-left font-normal text-muted text-xs first:pl-5 last:pr-4";
const cell = "h-8 overflow-hidden text-ellipsis whitespace-nowrap border-line border-b px-2 first:pl-5 max-md:hidden";

const COLUMNS: readonly [head: string, width: number | undefined, isRight: boolean][] = [
  ["Name", 280, false],
  ["Version", 90, false],
  ["What it is for", undefined, false],
  ["Used by", 150, true],
  ["Failed, 24 h", 110, true],
  ["Changed", 90, true],
];

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
  <Sheet>
    {rows.map((row) => {
      const use = usage.get(row.id);
      const used = use ? usedWords(use.connections_count) : "";
      const isBroken = row.unusable_because !== null;
      return (
        <tr key={row.id} className="relative hovered:bg-inset">
          <td className={cell}>
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
          <td className={cell}>
            <Tag>v{row.version}</Tag>
          </td>
          <td className={cn(cell, "text-muted")}>{row.description}</td>
          <td className={cn(cell, "text-right", use?.connections_count === 0 && "text-muted")}>{used}</td>
          <td className={cn(cell, "text-right")}>
            <Failed usage={use} />
          </td>
          <td className={cn(cell, "pr-4 text-right")}>
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
  </Sheet>
);

const Broken = ({ why }: { why: string }) => (
  <span title={why} className="relative z-[1] inline-flex items-center gap-1 text-failed text-xs">
    <Icon name="warning" size={14} />
    env does not open
  </span>
);

const Sheet = ({ children }: { children: ReactNode }) => (
  <table
    aria-label="Transformations"
    className="w-full table-fixed border-separate border-spacing-0 max-wide:md:min-w-[820px]"
  >
    <colgroup className="max-md:hidden">
      {COLUMNS.map(([name, width]) => (
        <col key={name} width={width} />
      ))}
    </colgroup>
    <thead className="max-md:hidden">
      <tr>
        {COLUMNS.map(([name, , isRight]) => (
          <th key={name} scope="col" className={cn(head, isRight && "text-right")}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);

export const TransformationsSkeleton = () => (
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
        <td className="h-[67px] border-line border-b px-3.5 md:hidden">
          <Skeleton className={width} />
        </td>
      </tr>
    ))}
  </Sheet>
);
