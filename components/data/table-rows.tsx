import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

export interface Column<Row> {
  key: string;
  head: string;
  /** In px, or as a share of the table; one column without a width takes what is left. */
  width?: number | `${number}%`;
  isRight?: boolean;
  cell: (row: Row) => ReactNode;
}

const cellLook = "h-8 overflow-hidden text-ellipsis whitespace-nowrap border-line border-b px-2 last:pr-3.5";
const boxCell = "border-line border-b pl-3.5";

interface BoxProps {
  label: string;
  state: boolean | "mixed";
  onChange: (isRange: boolean) => void;
  isTabStop?: boolean;
  isDisabled?: boolean;
}

/** In rows it is no tab stop of its own: `x` on the row does the same. */
function Box({ label, state, onChange, isTabStop = false, isDisabled = false }: BoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = state === "mixed";
  }, [state]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={label}
      tabIndex={isTabStop ? 0 : -1}
      checked={state === true}
      // A list that scrolls without rows has nothing else that keys can reach.
      aria-disabled={isDisabled || undefined}
      onChange={(event) => onChange((event.nativeEvent as unknown as { shiftKey?: boolean }).shiftKey ?? false)}
      className="block size-3.5 accent-primary"
    />
  );
}

/** The head of the column of boxes; without them it is none of a column's. */
function MarkCell({ isChoosable, children }: { isChoosable: boolean; children: ReactNode }) {
  const look = "sticky top-0 z-10 h-7 border-line border-b bg-surface";
  return isChoosable ? (
    <th scope="col" className={cn(look, "pl-3.5")}>
      {children}
    </th>
  ) : (
    <td className={look} />
  );
}

interface HeadProps<Row> {
  columns: readonly Column<Row>[];
  isNarrow: boolean;
  isChoosable: boolean;
  chosen: boolean | "mixed";
  /** There is nothing to choose: the rows have not come, or there are none. */
  isEmpty: boolean;
  onAll: () => void;
}

export function Head<Row>({ columns, isNarrow, isChoosable, chosen, isEmpty, onAll }: HeadProps<Row>) {
  return (
    <>
      <colgroup>
        <col width={isNarrow ? 0 : isChoosable ? 34 : 6} />
        {columns.map((column) => (
          <col key={column.key} width={isNarrow ? undefined : column.width} />
        ))}
      </colgroup>
      <thead className="max-md:sr-only">
        <tr aria-rowindex={1}>
          <MarkCell isChoosable={isChoosable}>
            {isChoosable ? (
              <Box label="Choose all rows" state={chosen} onChange={onAll} isTabStop={!isNarrow} isDisabled={isEmpty} />
            ) : null}
          </MarkCell>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={cn(
                "sticky top-0 z-10 h-7 whitespace-nowrap border-line border-b bg-surface px-2 text-left font-normal text-muted text-xs last:pr-3.5",
                column.isRight && "text-right",
              )}
            >
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}

interface TableRowProps<Row> {
  columns: readonly Column<Row>[];
  row: Row;
  index: number;
  name: string;
  card: ReactNode | undefined;
  isOpen: boolean;
  isChoosable: boolean;
  isChosen: boolean;
  isStop: boolean;
  onOpen: () => void;
  onChoose: (isRange: boolean) => void;
}

export function TableRow<Row>(props: TableRowProps<Row>) {
  const { columns, row, index, name, card, isOpen, isChoosable, isChosen } = props;
  const choose = (event: MouseEvent) => event.stopPropagation();
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isChoosable ? isChosen : undefined}
      aria-current={isOpen || undefined}
      aria-label={card ? name : undefined}
      data-index={index}
      tabIndex={props.isStop ? 0 : -1}
      onClick={props.onOpen}
      className={cn(
        "cursor-default focus-visible:shadow-[inset_0_0_0_2px_var(--accent-solid)]",
        isOpen ? "bg-accent-bg" : "hovered:bg-inset",
      )}
    >
      {card ? (
        <td colSpan={columns.length + 1} className="h-[84px] overflow-hidden border-line border-b px-3.5">
          {card}
        </td>
      ) : (
        <>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: `x` on the row is the key; a press beside the box should not open */}
          <td
            className={cn(
              isChoosable ? boxCell : "border-line border-b",
              isOpen && "shadow-[inset_2px_0_0_var(--accent-solid)]",
            )}
            onClick={isChoosable ? choose : undefined}
          >
            {isChoosable ? <Box label={`Choose ${name}`} state={isChosen} onChange={props.onChoose} /> : null}
          </td>
          {columns.map((column) => (
            <td key={column.key} className={cn(cellLook, column.isRight && "text-right")}>
              {column.cell(row)}
            </td>
          ))}
        </>
      )}
    </tr>
  );
}

/** The place of rows that are not drawn. A height attribute: the policy takes no style from the server. */
export const Spacer = ({ px }: { px: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that takes focus
  <tr aria-hidden="true">
    <td height={px} className="p-0" />
  </tr>
);

interface SkeletonRowsProps<Row> {
  columns: readonly Column<Row>[];
  count: number;
}

const WIDTHS = ["w-2/3", "w-4/5", "w-1/2"];

/** The server does not know how wide the screen is, so both forms are there and the style sheet shows one: nothing moves after. */
export function SkeletonRows<Row>({ columns, count }: SkeletonRowsProps<Row>) {
  return Array.from({ length: count }, (_, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that takes focus
    <tr key={i} aria-hidden="true">
      <td colSpan={columns.length + 1} className="h-[84px] border-line border-b px-3.5 md:hidden">
        <Skeleton className="mb-2 w-1/3" />
        <Skeleton className="w-2/3" />
      </td>
      <td className={cn(boxCell, "max-md:hidden")} />
      {columns.map((column, at) => (
        <td key={column.key} className={cn(cellLook, "max-md:hidden")}>
          <Skeleton className={WIDTHS[(at + i) % WIDTHS.length] ?? ""} />
        </td>
      ))}
    </tr>
  ));
}
