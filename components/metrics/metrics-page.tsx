"use client";

import { useEffect } from "react";
import { localOffsetAt, type Span, spanOf, zoneName } from "#components/data/time-range.ts";
import { nameIn, useNames } from "#components/data/use-names.ts";
import { PageBody } from "#components/frame/page-bar.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { useServerNow } from "#components/ui/clock.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { CausePanels } from "./cause-panels.tsx";
import { beforeWords, type Dimension, idOf } from "./dimensions.ts";
import { EventTypesPanel } from "./event-types-panel.tsx";
import { preloadCharts } from "./lazy-charts.tsx";
import { LinePanels } from "./line-panels.tsx";
import { MetricsBar } from "./metrics-bar.tsx";
import { MetricsSkeleton } from "./metrics-skeleton.tsx";
import { useMetricsUrl } from "./metrics-url.ts";
import { Throughput } from "./throughput.tsx";
import { type MetricsData, useMetrics } from "./use-metrics.ts";

const isEmpty = ({ totals }: MetricsData) =>
  [totals.requests.data, totals.events.data, totals.attempts.data].every((points) =>
    points.every(({ metrics }) => Object.values(metrics).every((value) => !value)),
  );

/** The numbers of a team over time: how much came, what became of it, how fast, and what went wrong. */
export function MetricsPage() {
  const url = useMetricsUrl();
  const names = useNames();
  useEffect(preloadCharts, []);
  const { data, error, retry } = useMetrics(url);
  const nameOf = (by: Dimension, id: string) => nameIn(names[`${by}s`], id);
  const members = url.by === null ? [] : [...names[`${url.by}s`]].map(([value, { name }]) => ({ value, label: name }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <MetricsBar url={url} members={members} />
      <PageBody>
        {error && data ? (
          <Banner kind="stale">These numbers could not be renewed and may be old. They are asked for again.</Banner>
        ) : null}
        {data ? (
          <Charts data={data} url={url} nameOf={nameOf} />
        ) : error ? (
          <ErrorState title="The numbers could not be read" actions={<Button onClick={retry}>Try again</Button>}>
            {error.message} Receiving and delivering go on.
          </ErrorState>
        ) : (
          <MetricsSkeleton />
        )}
      </PageBody>
    </div>
  );
}

interface ChartsProps {
  data: MetricsData;
  url: ReturnType<typeof useMetricsUrl>;
  nameOf: (by: Dimension, id: string) => string;
}

function Charts({ data, url, nameOf }: ChartsProps) {
  const nowMs = useServerNow();
  const { by, of, time, zone } = url;
  const filters = by && of ? { [idOf(by)]: of } : {};
  const span: Span = spanOf(time, nowMs);
  return (
    <div className="grid grid-cols-3 gap-3 max-lg:grid-cols-1">
      {isEmpty(data) ? (
        <div className="col-span-full">
          <EmptyState title="Nothing happened in this time">
            Numbers stand here as soon as a source receives a request. A longer span may have some.
          </EmptyState>
        </div>
      ) : null}
      <div className="col-span-full min-w-0">
        <Throughput
          events={data.events}
          before={beforeWords(time)}
          zone={zone}
          filters={filters}
          onNarrow={(narrowed) => url.set({ time: narrowed })}
        />
      </div>
      <LinePanels data={data} before={beforeWords(time)} zone={zone} />
      <CausePanels data={data} time={time} sourceId={by === "source" ? of : null} by={by} nameOf={nameOf} />
      <EventTypesPanel time={time} sourceId={by === "source" ? of : null} nameOf={nameOf} />
      <p className="col-span-full text-faint text-xs">
        Times are in {zoneName(zone, span.toMs, localOffsetAt)}; days begin at midnight there. Percentiles and rates are
        of what is in a bucket, so they do not add up.
      </p>
    </div>
  );
}
