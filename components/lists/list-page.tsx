"use client";

import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { FilterBar } from "#components/data/filter-bar.tsx";
import type { RowState } from "#components/data/row-keys.ts";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { Table } from "#components/data/table.tsx";
import { writeTyped } from "#components/data/time-range.ts";
import { type Names, useNames } from "#components/data/use-names.ts";
import { PageBar } from "#components/frame/page-bar.tsx";
import { Freshness } from "#components/live/freshness.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount, formatExact } from "#components/ui/format.ts";
import { ColumnMenu } from "./column-menu.tsx";
import type { ListColumn } from "./columns.ts";
import type { ListCounts, ListDefinition, ListRow } from "./list-definition.ts";
import { ListHistogram, useListCounts } from "./list-histogram.tsx";
import { listInput } from "./list-input.ts";
import { PanelControls } from "./panel-controls.tsx";
import { QuickFilters } from "./quick-filters.tsx";
import { SearchBox } from "./search-box.tsx";
import { type ListSelection, wholeSelection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { useColumns } from "./use-columns.ts";
import { useListKeys } from "./use-list-keys.ts";
import { useListRows } from "./use-list-rows.ts";
import { type ListUrl, useListUrl } from "./use-list-url.ts";
import { ViewMenu } from "./view-menu.tsx";
import { withNames } from "./with-names.ts";

interface ListPageProps<Row extends ListRow> {
  /** The same object each time. */
  definition: ListDefinition<Row>;
  /** What is inside the panel of a row. `controls` belong at the end of its head. */
  renderPanel: (id: string, controls: ReactNode) => ReactNode;
  /** What can be done with the rows that are chosen; it stands at the end of the selection's bar. */
  renderBulkBar?: ((selection: ListSelection) => ReactNode) | undefined;
  /** What can be done with all that match; it stands beside their number, where the list is narrowed. */
  renderAllBar?: ((all: Pick<ListSelection, "target">) => ReactNode) | undefined;
  /** In the page's bar, at its end. */
  barEnd?: ReactNode;
}

const NOTHING_CHOSEN: RowState = { current: -1, anchor: -1, chosen: new Set() };

/** The page of a list: filters, histogram, rows and the panel of the one that is open. All of its state is in the URL. */
export function ListPage<Row extends ListRow>(props: ListPageProps<Row>) {
  const { definition, renderPanel, renderBulkBar, renderAllBar, barEnd } = props;
  const url = useListUrl(definition.filters);
  const names = useNames();
  const filters = useMemo(() => withNames(definition.filters, names), [definition, names]);
  // One object per URL: it names the queries, and a new one begins a new list.
  const inputText = JSON.stringify(listInput(definition.filters, url.values));
  const input = useMemo(() => JSON.parse(inputText) as ReturnType<typeof listInput>, [inputText]);
  const all = useMemo(() => definition.columns(names), [definition, names]);
  const { keys, columns, choose } = useColumns(definition, url, all);
  const { counts, matching, error } = useListCounts(definition, input, url.axis);
  const matched = matching && { count: matching.total, isAtLeast: matching.is_at_least };
  const isNarrowed = definition.filters.some(({ kind, key }) => kind !== "time" && url.values[key] != null);
  const whole = isNarrowed ? wholeSelection(definition.bulkFilters, input, matched) : undefined;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {/* On a phone what is open is the page. */}
      {url.openId === undefined ? null : <h1 className="sr-only md:hidden">{definition.title}</h1>}
      <div className={cn("shrink-0", url.openId !== undefined && "max-md:hidden")}>
        <PageBar
          title={definition.title}
          end={
            <>
              <span className="max-lg:hidden">
                <Freshness hasClock={false} />
              </span>
              <ColumnMenu all={all} keys={keys} onChoose={choose} />
              <ViewMenu definition={definition} url={url} />
              {barEnd}
            </>
          }
        >
          <SearchBox definition={definition} url={url} />
        </PageBar>
        <FilterBar
          filters={filters}
          values={url.values}
          onChange={url.setFilter}
          end={
            matching ? (
              <>
                <Matching counts={matching} />
                {whole && whole.count > 0 ? renderAllBar?.(whole) : null}
              </>
            ) : input.body !== undefined && !error ? (
              "Searching payloads, for 10 s at most"
            ) : null
          }
        >
          <QuickFilters definition={definition} url={url} counts={counts} />
        </FilterBar>
        <ListHistogram definition={definition} counts={counts} error={error} url={url} />
      </div>
      <Rows
        key={inputText}
        definition={definition}
        names={names}
        columns={columns}
        url={url}
        input={input}
        matching={matched}
        renderPanel={renderPanel}
        renderBulkBar={renderBulkBar}
      />
    </div>
  );
}

/** How many rows match. Where there are more than are looked through it says so, and since when it has counted. */
const Matching = ({ counts }: { counts: ListCounts }) => (
  <span>
    <span className="font-medium text-ink">
      {counts.is_at_least ? "at least " : ""}
      {formatCount(counts.total)}
    </span>{" "}
    match
    {counts.is_at_least ? `, counted since ${writeTyped(Date.parse(counts.counted_from), "utc", () => 0)} UTC` : ""}
  </span>
);

interface RowsProps<Row extends ListRow> extends Omit<ListPageProps<Row>, "barEnd" | "renderBulkBar" | "renderAllBar"> {
  names: Names;
  columns: readonly ListColumn<Row>[];
  url: ListUrl;
  input: ReturnType<typeof listInput>;
  matching: { count: number; isAtLeast: boolean } | undefined;
  renderBulkBar: ListPageProps<Row>["renderBulkBar"] | undefined;
}

/** What of the page is another one under another filter. */
function Rows<Row extends ListRow>(props: RowsProps<Row>) {
  const { definition, names, columns, url, input, matching, renderPanel, renderBulkBar } = props;
  const [state, setState] = useState(NOTHING_CHOSEN);
  const [isAll, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const inSight = useRef<readonly string[]>([]);
  const { rows, isLoading, error, retry, more, rest, fresh } = useListRows(definition, input, () => inSight.current);
  const change = (next: RowState) => {
    if (next.chosen !== state.chosen) setAll(false);
    setState(next);
  };
  const clear = () => {
    setAll(false);
    setState({ ...state, chosen: NOTHING_CHOSEN.chosen });
  };
  const close = useCallback(() => url.open(undefined), [url.open]);
  useListKeys({
    isChoosable: renderBulkBar !== undefined,
    box,
    state,
    onState: change,
    rowIds: rows.map(({ id }) => id),
    openId: url.openId,
    open: url.open,
    close,
    clear,
  });

  const at = rows.findIndex(({ id }) => id === url.openId);
  const stepTo = (index: number) => {
    const row = at === -1 ? undefined : rows[index];
    return row && (() => url.open(row.id, true));
  };
  const query = typeof location === "undefined" ? "" : location.search;
  const controls = (id: string) => (
    <PanelControls
      previous={stepTo(at - 1)}
      next={stepTo(at + 1)}
      pageHref={`${definition.path}/${id}${withoutOpen(query)}`}
      close={close}
    />
  );
  const list = (
    <div ref={box} className="flex min-h-0 flex-1 flex-col">
      <Table
        label={definition.title}
        columns={columns}
        rows={rows}
        idOf={(row) => row.id}
        nameOf={definition.nameOf}
        cardOf={(row) => definition.cardOf(row, names)}
        isLoading={isLoading}
        instead={
          error ? (
            <Failed many={definition.many} error={error} retry={retry} />
          ) : rest ? (
            <Resting {...rest} />
          ) : (
            <Nothing definition={definition} url={url} />
          )
        }
        isChoosable={renderBulkBar !== undefined}
        state={state}
        onState={change}
        openId={url.openId}
        onOpen={url.open}
        onSight={(ids) => {
          inSight.current = ids;
        }}
        onEndReached={more}
        fresh={fresh}
        className="flex-1"
      />
      {rest && rows.length > 0 ? <Resting {...rest} /> : null}
      {error && rows.length > 0 ? <Failed many={definition.many} error={error} retry={retry} /> : null}
      {state.chosen.size > 0 ? (
        <SelectionBar
          definition={definition}
          chosen={state.chosen}
          isAll={isAll}
          chooseAll={() => setAll(true)}
          input={input}
          matching={matching}
          clear={clear}
          renderBulkBar={renderBulkBar}
        />
      ) : null}
    </div>
  );
  return (
    <SplitPanel
      list={list}
      panel={url.openId === undefined ? undefined : renderPanel(url.openId, controls(url.openId))}
      panelLabel={definition.one}
      onClose={close}
    />
  );
}

function withoutOpen(search: string): string {
  const params = new URLSearchParams(search);
  params.delete("open");
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

function Nothing<Row extends ListRow>({ definition, url }: { definition: ListDefinition<Row>; url: ListUrl }) {
  const isFiltered = definition.filters.some(({ key }) => url.values[key] != null);
  return isFiltered ? (
    <EmptyState
      title={`No ${definition.one.toLowerCase()} matches`}
      actions={<Button onClick={url.clearFilters}>Clear the filters</Button>}
    >
      Nothing in this range of time has all that the filters ask for.
    </EmptyState>
  ) : (
    <EmptyState
      title={`No ${definition.many} in the last 24 hours`}
      actions={<Button onClick={() => url.setFilter("time", "30d")}>Look at the last 30 days</Button>}
    >
      {definition.emptyWords}
    </EmptyState>
  );
}

/** Nobody need wait for a look through all there is: it stops, says how far it came, and goes on when it is asked to. */
const Resting = ({ lookedTo, goOn }: { lookedTo: string; goOn: () => void }) => (
  <p
    role="status"
    className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-t bg-surface px-3.5 py-1.5"
  >
    Looked back to {formatExact(lookedTo)} and stopped there.
    <Button size="sm" onClick={goOn}>
      Look further
    </Button>
  </p>
);

const Failed = ({ many, error, retry }: { many: string; error: Error; retry: () => void }) => (
  <ErrorState title={`The ${many} did not load`} actions={<Button onClick={retry}>Try again</Button>}>
    {error.message} Deliveries go on; only this list is affected.
  </ErrorState>
);
