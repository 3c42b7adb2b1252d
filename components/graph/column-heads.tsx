"use client";

import { useStore } from "@xyflow/react";
import type { ReactNode } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Count } from "#components/ui/count.tsx";
import { formatCount } from "#components/ui/format.ts";
import { slotsOf } from "./card-words.ts";
import { useGraph, useTotals } from "./graph-context.ts";
import type { CardKind, GraphLayout } from "./graph-types.ts";
import { HEAD_PX } from "./head-height.ts";

const TITLES: Record<CardKind, string> = { source: "Sources", connection: "Connections", destination: "Destinations" };
const SLOT_TITLES = slotsOf({}).map(({ title }) => title);

/** The heads of the three columns. They go sideways with the canvas and stay on top. */
export function ColumnHeads({ columns, isCompact }: { columns: GraphLayout["columns"]; isCompact: boolean }) {
  // One by one: going up and down changes neither.
  const x = useStore(({ transform }) => transform[0]);
  const zoom = useStore(({ transform }) => transform[2]);
  const { totals, counts } = useTotals();
  const notes: Record<CardKind, ReactNode> = {
    source: <Total count={totals.requestsPerMinute} of="request" way="in" />,
    connection: isCompact ? (
      <ConnectionNote shown={counts.shownConnections} all={counts.connection} />
    ) : (
      <SlotTitles zoom={zoom} />
    ),
    destination: <Total count={totals.eventsPerMinute} of="event" way="out" />,
  };
  return (
    <div
      className="pointer-events-none absolute inset-x-0 top-0 z-10 overflow-hidden"
      style={{ height: HEAD_PX, background: "linear-gradient(var(--canvas) 82%, transparent)" }}
    >
      {(Object.keys(TITLES) as CardKind[]).map((kind) => {
        const column = columns[kind];
        return (
          <div
            key={kind}
            className="pointer-events-auto absolute top-2"
            style={{ transform: `translateX(${x + column.x * zoom}px)`, width: column.width * zoom }}
          >
            <div className="flex h-6 items-center gap-1.5">
              <h2 className="font-semibold text-sm tracking-tight">{TITLES[kind]}</h2>
              <Count count={formatCount(counts[kind])} />
              <AddButton kind={kind} />
            </div>
            <div className="text-2xs text-muted">{notes[kind]}</div>
          </div>
        );
      })}
    </div>
  );
}

function AddButton({ kind }: { kind: CardKind }) {
  const { go, can } = useGraph();
  if (!can.includes(`${kind}.write`)) return null;
  return (
    <IconButton icon="plus" size="sm" label={`New ${kind}`} className="ml-auto" onClick={() => go.openNew(kind)} />
  );
}

function Total({ count, of, way }: { count: number; of: "request" | "event"; way: "in" | "out" }) {
  const shown = Math.round(count);
  return (
    <p className="truncate">
      <b className="font-medium text-ink">{formatCount(shown)}</b> {shown === 1 ? of : `${of}s`} a minute {way}
    </p>
  );
}

const ConnectionNote = ({ shown, all }: { shown: number; all: number }) => (
  <p className="truncate">
    {shown === all ? "all shown" : `${formatCount(shown)} shown; ${formatCount(all - shown)} folded or hidden`}
  </p>
);

/** Named once for all cards below, whose slots line up with them. */
const SlotTitles = ({ zoom }: { zoom: number }) =>
  zoom < 0.8 ? null : (
    <div className="grid grid-cols-5 gap-1 pr-[9px] pl-[11px]">
      {SLOT_TITLES.map((title) => (
        <span key={title} className="truncate pl-px">
          {title}
        </span>
      ))}
    </div>
  );
