"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntilTime } from "#components/ui/until.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { cardKeys } from "./card-keys.ts";
import { CardMenu } from "./card-menu.tsx";
import { CardName } from "./card-name.tsx";
import { lookOf } from "./card-words.ts";
import { useGraph, useMarks } from "./graph-context.ts";
import type { ConnectionCard } from "./graph-types.ts";
import { type ListColumn, type ListRow, type ListSort, sortRows } from "./list-rows.ts";
import { MARK } from "./marks.ts";
import { orderTags } from "./order-tags.ts";
import { RuleIcons } from "./rule-icons.tsx";
import { useSlice } from "./slice-store.ts";

const ROW_PX = 40;
const HEAD_PX = 29;
const OVERSCAN = 10;

const COLUMNS: readonly { key: ListColumn | "rules" | "act"; head: string; look: string; isRight?: boolean }[] = [
  { key: "name", head: "Connection", look: "" },
  { key: "state", head: "State", look: "w-[216px]" },
  { key: "source", head: "Source", look: "w-[150px] max-wide:w-[120px]" },
  { key: "destination", head: "Destination", look: "w-[170px] max-wide:w-[140px]" },
  { key: "rules", head: "Rules", look: "w-[140px] max-wide:hidden" },
  { key: "rate", head: "Rate/min", look: "w-[84px]", isRight: true },
  { key: "waiting", head: "Waiting", look: "w-[84px]", isRight: true },
  { key: "act", head: "", look: "w-[150px]", isRight: true },
];

interface ConnectionListProps {
  /** In the order of the graph. */
  rows: readonly ListRow[];
  instead: React.ReactNode;
}

/** The connections as a table: the same as the graph, for large teams and for those who do not see it. */
export function ConnectionList({ rows, instead }: ConnectionListProps) {
  const [sort, setSort] = useState<ListSort>();
  const shared = useGraph();
  const { cards, go, can } = shared;
  const scroller = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const sorted = sortRows(rows, sort, (id) => cards.get(id));
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_PX,
    initialRect: { width: 0, height: 800 },
  });
  const focusRow = (at: number) => {
    const next = Math.min(Math.max(at, 0), sorted.length - 1);
    setStop(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    );
  };
  /** From the row that has the focus; from elsewhere to the one that Tab leads to. */
  const move = (by: 1 | -1) => focusRow(document.activeElement instanceof HTMLTableRowElement ? stop + by : stop);
  useKeys([
    { keys: "j", label: "Next row", run: () => move(1) },
    { keys: "k", label: "Row before", run: () => move(-1) },
    ...cardKeys(shared, () => cards.get(rowIdOf(document.activeElement) ?? "")),
    ...(can.includes("connection.write")
      ? [{ keys: "n", label: "New connection", run: () => go.openNew("connection") }]
      : []),
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement)) return;
    if (event.key === "Enter") go.open(sorted[stop]?.id ?? "");
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  };
  const items = virtual.getVirtualItems();
  const first = items[0]?.start ?? 0;
  const rest = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto bg-surface">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows take focus
        role="grid"
        aria-label="Connections"
        aria-rowcount={sorted.length + 1}
        className="w-full min-w-[860px] table-fixed border-separate border-spacing-0"
      >
        <thead>
          <tr>
            {COLUMNS.map(({ key, head, look, isRight }) => (
              <Head
                key={key}
                column={key}
                head={head}
                look={look}
                isRight={isRight ?? false}
                sort={sort}
                setSort={setSort}
              />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {first > 0 ? <Gap px={first} /> : null}
          {items.map(({ index, key }) => {
            const row = sorted[index];
            return row ? <Row key={key} row={row} index={index} isStop={index === stop} /> : null;
          })}
          {rest > 0 ? <Gap px={rest} /> : null}
        </tbody>
      </table>
      {sorted.length === 0 ? <div className="p-4">{instead}</div> : null}
    </div>
  );
}

/** The connection of the row that an element is in. */
const rowIdOf = (element: Element | null) => element?.closest<HTMLElement>("tr[data-connection]")?.dataset.connection;

const Gap = ({ px }: { px: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it has nothing that takes focus
  <tr aria-hidden="true">
    <td height={px} colSpan={COLUMNS.length} className="p-0" />
  </tr>
);

interface HeadProps {
  column: (typeof COLUMNS)[number]["key"];
  head: string;
  look: string;
  isRight: boolean;
  sort: ListSort | undefined;
  setSort: (sort: ListSort | undefined) => void;
}

/** A press sorts by it, the next one the other way round, the third as the graph does. */
function Head({ column, head, look, isRight, sort, setSort }: HeadProps) {
  const at =
    "sticky top-0 z-10 h-7 border-line border-b bg-surface px-2 text-left font-normal text-muted text-xs first:pl-3.5 last:pr-3.5";
  if (column === "rules" || column === "act") {
    return (
      <th scope="col" className={cn(at, look)}>
        {head || <span className="sr-only">What can be done</span>}
      </th>
    );
  }
  const isOn = sort?.by === column;
  const next = !isOn ? { by: column, isUp: true } : sort.isUp ? { by: column, isUp: false } : undefined;
  return (
    <th
      scope="col"
      aria-sort={isOn ? (sort.isUp ? "ascending" : "descending") : "none"}
      className={cn(at, look, isRight && "text-right")}
    >
      <button
        type="button"
        onClick={() => setSort(next)}
        className={cn("inline-flex items-center gap-1 rounded-xs hovered:text-ink", isOn && "font-medium text-ink")}
      >
        {head}
        {isOn ? <Icon name={sort.isUp ? "up" : "down"} size={12} /> : null}
      </button>
    </th>
  );
}

const cell = "h-10 overflow-hidden text-ellipsis whitespace-nowrap border-line border-b px-2 first:pl-3.5 last:pr-3.5";

const Row = memo(function Row({ row, index, isStop }: { row: ListRow; index: number; isStop: boolean }) {
  const { cards, go, marks } = useGraph();
  const card = useSlice(cards, row.id);
  const marksOn = useMarks(row.id);
  const place = useRef<HTMLTableRowElement>(null);
  const wantsFocus = (marksOn & MARK.wantsFocus) > 0;
  useEffect(() => {
    if (!wantsFocus) return;
    place.current?.focus();
    marks.set({ focusId: undefined });
  }, [wantsFocus, marks]);
  if (card?.kind !== "connection") return null;
  const { icon, text } = lookOf(card.state);
  return (
    <tr
      ref={place}
      aria-rowindex={index + 2}
      data-index={index}
      data-connection={card.id}
      tabIndex={isStop ? 0 : -1}
      onClick={(event) => {
        // A menu of the row stands elsewhere in the page, yet its presses come by here.
        if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return;
        if (event.target.closest("button, a, input")) return;
        go.open(card.id);
      }}
      className="cursor-default hovered:bg-inset focus-visible:shadow-[inset_0_0_0_2px_var(--accent-solid)]"
    >
      <td className={cell}>
        <span className="flex items-center">
          <CardName card={card} marks={marksOn} />
        </span>
      </td>
      <td className={cell}>
        <span className={cn("inline-flex items-center gap-1.5 align-middle font-medium", text)}>
          <Icon name={icon} />
          {card.state.word}
        </span>
        {card.state.untilMs === undefined ? null : (
          <span className="ml-1.5 text-muted text-xs">
            <UntilTime atMs={card.state.untilMs} />
          </span>
        )}
      </td>
      <td className={cell}>{row.sourceName}</td>
      <td className={cell} title={row.destinationName}>
        <span className="flex items-center gap-1.5">
          <span className="truncate">{row.destinationName}</span>
          {orderTags(row.ordering, row.hasGroups).map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </span>
      </td>
      <td className={cn(cell, "max-wide:hidden")}>
        <RuleIcons card={card} />
      </td>
      <td className={cn(cell, "text-right")}>
        {card.perMinute === undefined ? "–" : formatCount(Math.round(card.perMinute))}
      </td>
      <td className={cn(cell, "text-right")}>{formatCount(waitingOf(card))}</td>
      <td className={cn(cell, "text-right")}>
        <RowAction card={card} />
      </td>
    </tr>
  );
});

/** What waits of what is shown. */
const waitingOf = ({ badges }: ConnectionCard) =>
  badges.shown.filter(({ state }) => state !== "FAILED").reduce((sum, { count }) => sum + count, 0);

function RowAction({ card }: { card: ConnectionCard }) {
  const { actions, can } = useGraph();
  const mayPause = can.includes("connection.pause");
  return (
    <span className="inline-flex items-center gap-1">
      {card.action?.kind === "replay" && can.includes("events.retry") ? (
        <Button
          size="sm"
          icon="replay"
          aria-label={`Replay ${card.action.count} failed of ${card.name}`}
          onClick={() => actions.replay(card)}
        >
          Replay {formatCount(card.action.count)}
        </Button>
      ) : mayPause ? (
        <Button
          kind={card.isPaused ? "plain" : "quiet"}
          size="sm"
          icon={card.isPaused ? "play" : "pause"}
          aria-label={`${card.isPaused ? "Resume" : "Pause"} ${card.name}`}
          onClick={() => void actions.setPaused(card, !card.isPaused)}
        >
          {card.isPaused ? "Resume" : "Pause"}
        </Button>
      ) : null}
      <CardMenu card={card} tabIndex={0} />
    </span>
  );
}
