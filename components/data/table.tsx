"use client";

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { afterKey, chooseTo, type RowState, toggleAll, toggleRow } from "./row-keys.ts";
import { type Column, Head, SkeletonRows, Spacer, TableRow } from "./table-rows.tsx";
import { minWidth } from "./table-width.ts";
import { useNarrow } from "./use-narrow.ts";

export interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  /** A row for a screen reader and for its checkbox: "invoice.paid, 5 min ago". */
  nameOf: (row: Row) => string;
  /** A row on a phone, in two or three lines. */
  cardOf: (row: Row) => ReactNode;
  isLoading: boolean;
  /** In place of rows when there are none: an EmptyState, or an ErrorState with a way to try again. */
  instead: ReactNode;
  /** Whether rows can be chosen: only where something can be done with them. */
  isChoosable?: boolean;
  state: RowState;
  onState: (state: RowState) => void;
  openId: string | undefined;
  onOpen: (id: string) => void;
  /** Told the ids of the rows that are drawn, whenever these are others. */
  onSight?: (ids: readonly string[]) => void;
  /** The next page is wanted; undefined when there is none. */
  onEndReached?: (() => void) | undefined;
  /** Rows that came since: they wait, so that nothing shifts. */
  fresh?: { count: string; show: () => void } | undefined;
  className?: string;
}

const ROW_PX = 32;
const HEAD_PX = 28;
const CARD_PX = 84;
const OVERSCAN = 12;
/** So many rows before the end the next page is asked for. */
const AHEAD = 20;
/** What the server draws, before a height is known. */
const FIRST_RECT = { width: 0, height: 800 };

/** A long list: only the rows in sight exist, and one of them at a time is a tab stop. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, idOf, isChoosable = true, state, onState, onEndReached, isLoading } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const wantsFocus = useRef(false);
  const isNarrow = useNarrow();
  const ids = rows.map(idOf);
  const stop = Math.min(Math.max(state.current, 0), rows.length - 1);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? CARD_PX : ROW_PX),
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
    scrollPaddingStart: isNarrow ? 0 : HEAD_PX,
    initialRect: FIRST_RECT,
    // The tab stop exists wherever the list is scrolled to, or the focus on it would be lost.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return stop < 0 || seen.includes(stop) ? seen : [...seen, stop].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of all rows is the one thing to measure anew
  useEffect(() => virtual.measure(), [isNarrow]);

  const items = virtual.getVirtualItems();
  const { onSight } = props;
  const sight = items.map(({ index }) => ids[index] ?? "").join(",");
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is told need not be told again when it is another function
  useEffect(() => onSight?.(sight === "" ? [] : sight.split(",")), [sight]);
  const isNearEnd = rows.length > 0 && (virtual.range?.endIndex ?? 0) >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && !isLoading) onEndReached?.();
  }, [isNearEnd, isLoading, onEndReached]);

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    body.current?.querySelector<HTMLElement>(`[data-index="${stop}"]`)?.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const isRow = event.target instanceof HTMLTableRowElement;
    if (!isRow || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") return props.onOpen(ids[stop] ?? "");
    if (event.key.toLowerCase() === "x" && !isChoosable) return;
    const next = afterKey({ ...state, current: stop }, ids, event.key);
    if (!next) return;
    event.preventDefault();
    wantsFocus.current = true;
    virtual.scrollToIndex(next.current);
    onState(next);
  };

  const showFresh = () => {
    props.fresh?.show();
    scroller.current?.scrollTo({ top: 0 });
  };

  let drawnTo = 0;
  const isAll = rows.length > 0 && ids.every((id) => state.chosen.has(id));
  return (
    <div ref={scroller} className={cn("relative min-h-0 overflow-auto bg-surface", props.className)}>
      {props.fresh ? <Fresh count={props.fresh.count} show={showFresh} /> : null}
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows take focus and are chosen is a grid
        role="grid"
        aria-label={props.label}
        aria-rowcount={onEndReached ? -1 : rows.length + 1}
        aria-multiselectable={isChoosable}
        aria-busy={isLoading}
        className={cn("w-full table-fixed border-separate border-spacing-0", minWidth(columns))}
      >
        <Head
          columns={columns}
          isNarrow={isNarrow}
          isChoosable={isChoosable}
          chosen={isAll ? true : state.chosen.size > 0 ? "mixed" : false}
          isEmpty={rows.length === 0}
          onAll={() => onState(toggleAll(state, ids))}
        />
        <tbody ref={body} onKeyDown={onKeyDown}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const gap = item.start - drawnTo;
            drawnTo = item.end;
            const id = ids[item.index] ?? "";
            return (
              <Fragment key={item.key}>
                {gap > 0 ? <Spacer px={gap} /> : null}
                <TableRow
                  columns={columns}
                  row={row}
                  index={item.index}
                  name={props.nameOf(row)}
                  card={isNarrow ? props.cardOf(row) : undefined}
                  isOpen={id === props.openId}
                  isChoosable={isChoosable}
                  isChosen={state.chosen.has(id)}
                  isStop={item.index === stop}
                  onOpen={() => {
                    onState({ ...state, current: item.index });
                    props.onOpen(id);
                  }}
                  onChoose={(isRange) => onState((isRange ? chooseTo : toggleRow)(state, ids, item.index))}
                />
              </Fragment>
            );
          })}
          {virtual.getTotalSize() > drawnTo ? <Spacer px={virtual.getTotalSize() - drawnTo} /> : null}
          {isLoading ? <SkeletonRows columns={columns} count={rows.length > 0 ? 3 : 12} /> : null}
        </tbody>
      </table>
      {rows.length === 0 && !isLoading ? <div className="p-4">{props.instead}</div> : null}
    </div>
  );
}

const Fresh = ({ count, show }: { count: string; show: () => void }) => (
  <div className="sticky top-0 left-0 z-20 flex h-0 justify-center max-md:static max-md:h-12">
    <button
      type="button"
      onClick={show}
      className="mt-1 inline-flex h-5 items-center gap-1 rounded-full bg-primary pr-[9px] pl-[7px] font-medium text-on-primary text-xs shadow-menu pointer-coarse:h-10 pointer-coarse:px-4"
    >
      <Icon name="up" size={12} />
      {count} new
    </button>
  </div>
);
