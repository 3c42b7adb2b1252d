"use client";

import { useState } from "react";
import { fillBuckets } from "#components/data/buckets.ts";
import { FilterBar } from "#components/data/filter-bar.tsx";
import type { Filter } from "#components/data/filters.ts";
import { Histogram, seriesOf } from "#components/data/histogram.tsx";
import type { RowState } from "#components/data/row-keys.ts";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { Table } from "#components/data/table.tsx";
import type { Column } from "#components/data/table-rows.tsx";
import type { Span, TimeRange, Zone } from "#components/data/time-range.ts";
import { TimeRangePicker } from "#components/data/time-range-picker.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { StateBadge, StateLabel } from "#components/ui/event-state.tsx";
import { HISTOGRAM_STATES, type SampleEvent, sampleCounts, sampleEvents } from "./data-events.ts";
import { Section } from "./section.tsx";

const COLUMNS: readonly Column<SampleEvent>[] = [
  { key: "state", head: "State", width: 102, cell: (row) => <StateLabel state={row.state} /> },
  { key: "event", head: "Event", cell: (row) => <span className="font-mono text-xs">{row.type}</span> },
  { key: "connection", head: "Connection", width: 116, cell: (row) => row.connection },
  { key: "tries", head: "Tries", width: 46, isRight: true, cell: (row) => row.tries },
  { key: "answer", head: "Answer", width: 72, cell: (row) => <span className="font-mono text-xs">{row.answer}</span> },
  { key: "age", head: "Received", width: 82, isRight: true, cell: (row) => row.age },
];

const card = (row: SampleEvent) => (
  <div className="grid gap-1">
    <span className="flex justify-between">
      <StateLabel state={row.state} />
      <span className="text-muted">{row.age}</span>
    </span>
    <span className="truncate font-mono text-xs">{row.type}</span>
    <span className="text-muted">{row.connection}</span>
  </div>
);

const NOTHING: RowState = { current: -1, anchor: -1, chosen: new Set() };
const ROWS = sampleEvents(5_000);
const common = {
  columns: COLUMNS,
  idOf: (row: SampleEvent) => row.id,
  nameOf: (row: SampleEvent) => `${row.type.slice(0, 40)} ${row.id}`,
  cardOf: card,
};

const FILTERS: readonly Filter[] = [
  {
    kind: "many-of",
    key: "status",
    label: "State",
    isClosed: true,
    options: [
      { value: "FAILED", label: "Failed" },
      { value: "HOLD", label: "Held" },
      { value: "RETRYING", label: "Retrying" },
    ],
  },
  {
    kind: "one-of",
    key: "source_id",
    label: "Source",
    isClosed: false,
    options: Array.from({ length: 12 }, (_, i) => ({ value: `src_${i}`, label: `source-${i}` })),
  },
  { kind: "text", key: "event_type", label: "Event", hint: "payment.*" },
  { kind: "range", key: "response_status", label: "Answer", min: 100, max: 599 },
  { kind: "json", key: "body", label: "Payload" },
  { kind: "time", key: "time", label: "Time", zone: "utc" },
];

/** A whole list page: filters, histogram, table of 5,000 rows, panel. */
function ListPage({ nowMs }: { nowMs: number }) {
  const [values, setValues] = useState<Record<string, string | null>>({
    status: "FAILED,HOLD",
    response_status: "500-599",
  });
  const [state, setState] = useState(NOTHING);
  const [openId, setOpenId] = useState<string>();
  const [fresh, setFresh] = useState(true);
  const [selected, setSelected] = useState<Span>();
  const axis = { fromMs: nowMs - 3_600_000, toMs: nowMs };
  const buckets = fillBuckets([], axis, 60, HISTOGRAM_STATES.length).map((bucket, at) => ({
    ...bucket,
    counts: sampleCounts(at),
  }));
  const list = (
    <Table
      {...common}
      label="Events"
      rows={ROWS}
      isLoading={false}
      instead={null}
      state={state}
      onState={setState}
      openId={openId}
      onOpen={setOpenId}
      fresh={fresh ? { count: "12", show: () => setFresh(false) } : undefined}
      className="flex-1"
    />
  );
  const panel = (
    <div className="p-4">
      <div className="flex items-center gap-2">
        <StateBadge state="RETRYING" size="lg" />
        <h3 className="font-mono font-semibold">{openId}</h3>
        <IconButton
          icon="close"
          size="sm"
          label="Close the panel"
          className="ml-auto"
          onClick={() => setOpenId(undefined)}
        />
      </div>
    </div>
  );
  return (
    <div className="flex h-[560px] flex-col overflow-hidden rounded-lg border border-line">
      <FilterBar
        filters={FILTERS}
        values={values}
        onChange={(key, value) => setValues({ ...values, [key]: value })}
        end={
          <span>
            <span className="font-medium text-ink">3,106</span> match,{" "}
            <span data-chosen>{state.chosen.size} chosen</span>
          </span>
        }
      />
      <Histogram
        label="Events per minute by state"
        series={HISTOGRAM_STATES.map(seriesOf)}
        buckets={buckets}
        axis={axis}
        zone="utc"
        selected={selected}
        onSelect={setSelected}
      />
      <SplitPanel
        list={list}
        panel={openId === undefined ? undefined : panel}
        panelLabel="Event"
        onClose={() => setOpenId(undefined)}
      />
    </div>
  );
}

function TableStates() {
  const [state, setState] = useState(NOTHING);
  const rest = { ...common, state, onState: setState, openId: undefined, onOpen: () => {}, rows: [] };
  return (
    <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-4 wide:grid-cols-3">
      <Table {...rest} label="Events that load" isLoading instead={null} className="h-56" />
      <Table
        {...rest}
        label="No events"
        isLoading={false}
        instead={<EmptyState title="No event matches">Nothing from 02:06 to 02:18 with these filters.</EmptyState>}
        className="h-56"
      />
      <Table
        {...rest}
        label="Events that did not load"
        isLoading={false}
        instead={
          <ErrorState title="The list did not load" actions={<Button>Try again</Button>}>
            Deliveries go on; only this list is affected.
          </ErrorState>
        }
        className="h-56"
      />
    </div>
  );
}

export function DataLists({ now }: { now: string }) {
  const nowMs = Date.parse(now);
  const [range, setRange] = useState<TimeRange>({ kind: "last", spanMs: 3_600_000 });
  const [zone, setZone] = useState<Zone>("utc");
  const [isCompared, setCompared] = useState(false);
  return (
    <Section title="Filters, histogram, table, panel" isWide>
      <div className="mb-4">
        <TimeRangePicker
          value={range}
          onChange={setRange}
          zone={zone}
          onZone={setZone}
          comparison={{ isOn: isCompared, onChange: setCompared }}
          nowMs={nowMs}
        />
      </div>
      <ListPage nowMs={nowMs} />
      <TableStates />
    </Section>
  );
}
