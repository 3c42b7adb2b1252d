import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

const head =
  "sticky top-0 z-10 h-7 whitespace-nowrap border-line border-b bg-surface px-2 text-left font-normal text-muted text-xs first:pl-5 last:pr-4";

/** The look of a cell; a phone shows a card in a cell of the row's own instead. */
export const sheetCell =
  "h-8 overflow-hidden text-ellipsis whitespace-nowrap border-line border-b px-2 first:pl-5 max-md:hidden";

/** Undefined as width: what the others leave. */
export type SheetColumn = readonly [head: string, width: number | undefined, isRight: boolean];

interface SheetProps {
  label: string;
  columns: readonly SheetColumn[];
  /** Its least width on a wide screen. */
  className: string;
}

/** A table of one line a row under heads that stay in sight; a phone sees no heads. */
export const SheetTable = ({ label, columns, className, children }: SheetProps & { children: ReactNode }) => (
  <table aria-label={label} className={cn("w-full table-fixed border-separate border-spacing-0", className)}>
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

/** The places of the rows that have not come. @param cardClassName the height of a phone's card */
export const SheetSkeleton = ({ cardClassName, ...sheet }: SheetProps & { cardClassName: string }) => (
  <SheetTable {...sheet}>
    {["w-2/3", "w-1/2", "w-3/4", "w-2/3", "w-1/2"].map((width, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that takes focus
      <tr key={row} aria-hidden="true">
        {sheet.columns.map(([name]) => (
          <td key={name} className={sheetCell}>
            <Skeleton className={width} />
          </td>
        ))}
        <td className={cn("border-line border-b px-3.5 md:hidden", cardClassName)}>
          <Skeleton className={width} />
        </td>
      </tr>
    ))}
  </SheetTable>
);
