"use client";

import { useQuery } from "@tanstack/react-query";
import type { TimeRange } from "#components/data/time-range.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { cn } from "#components/ui/class-names.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { BarList, type BarRow } from "./bar-list.tsx";
import { ChartPanel, TYPES_HEIGHT } from "./chart-panel.tsx";
import { type Dimension, dateRange, listHref } from "./dimensions.ts";

/** As many as stand in the height that the panel has from the start, on a phone too. */
const MAX_ROWS = 5;

interface EventTypesPanelProps {
  time: TimeRange;
  sourceId: string | null;
  nameOf: (by: Dimension, id: string) => string;
}

/** What came by event type, the most first. */
export function EventTypesPanel({ time, sourceId, nameOf }: EventTypesPanelProps) {
  const { start, end } = dateRange(time);
  const input = { from: start, to: end, ...(sourceId && { source_id: [sourceId] }) };
  const { data } = useQuery(useTRPC().metrics.eventTypes.queryOptions(input, { staleTime: 30_000 }));
  const rows = (data?.data ?? []).slice(0, MAX_ROWS).map(
    ({ event_type, source_id, accepted_count }): BarRow => ({
      key: `${source_id} ${event_type}`,
      label: `${event_type === null ? "no event type" : visibleText(event_type)}, ${nameOf("source", source_id)}`,
      count: accepted_count,
      fill: "var(--line-strong)",
      ...(event_type !== null && {
        href: listHref("/requests", time, { event_type: event_type.includes("*") ? null : event_type, source_id }),
      }),
    }),
  );
  return (
    <ChartPanel
      className={cn("col-span-full", TYPES_HEIGHT)}
      title="By event type"
      end={data?.are_requests_at_least ? "of the newest 10,000 at most" : "requests"}
    >
      {data ? <BarList rows={rows} emptyWords="Nothing came in this time." /> : null}
    </ChartPanel>
  );
}
