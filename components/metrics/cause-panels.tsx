"use client";

import type { TimeRange } from "#components/data/time-range.ts";
import { formatCount } from "#components/ui/format.ts";
import type { Metrics } from "#server/contracts/metrics.ts";
import { BarList, type BarRow } from "./bar-list.tsx";
import { ChartPanel, KeyNumber } from "./chart-panel.tsx";
import { type Dimension, idOf, listHref } from "./dimensions.ts";
import { refusalCounts } from "./refusal-counts.ts";
import { totalOf } from "./series.ts";
import type { MetricsData } from "./use-metrics.ts";

const FAILED = "var(--failed-solid)";
const LEFT_OUT = "var(--cancelled-solid)";

const byCount = (rows: BarRow[]) => rows.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);

interface CausePanelsProps {
  data: MetricsData;
  time: TimeRange;
  sourceId: string | null;
  by: Dimension | null;
  nameOf: (by: Dimension, id: string) => string;
}

function refusalRows(requests: Metrics, time: TimeRange, sourceId: string | null): BarRow[] {
  return refusalCounts(requests.data).map(({ cause, label, count }) => ({
    key: cause ?? "other",
    label,
    count,
    fill: FAILED,
    ...(cause && { href: listHref("/requests", time, { rejection_cause: cause, source_id: sourceId }) }),
  }));
}

function leftOutRows(events: Metrics, requests: Metrics): BarRow[] {
  const count = (measure: string) => totalOf(events.data, measure) ?? 0;
  const row = (label: string, measure: string, fill = LEFT_OUT): BarRow => ({
    key: measure,
    label,
    count: count(measure),
    fill,
  });
  const named = [
    row("Filtered", "ignored_filtered_count"),
    row("Deduplicated", "ignored_duplicate_count"),
    row("Transform threw", "ignored_transform_count", FAILED),
    row("Connection or destination disabled", "ignored_disabled_count"),
  ];
  const rest = count("ignored_count") - named.reduce((sum, one) => sum + one.count, 0);
  return byCount([
    ...named,
    {
      key: "duplicate",
      label: "Provider duplicate",
      count: totalOf(requests.data, "duplicate_count") ?? 0,
      fill: LEFT_OUT,
    },
    { key: "other", label: "Rules too expensive, or not routed", count: rest, fill: FAILED },
  ]);
}

const MAX_MEMBERS = 8;

/** What was refused at the door, what connections left out, and where most attempts failed. */
export function CausePanels({ data, time, sourceId, by, nameOf }: CausePanelsProps) {
  const { requests, events, byMember } = data.totals;
  const member = by ?? "destination";
  const refused = refusalRows(requests, time, sourceId);
  const leftOut = leftOutRows(events, requests);
  const failing = byCount(
    byMember.data.flatMap(({ dimensions, metrics }) => {
      const id = dimensions[idOf(member)];
      if (!id) return [];
      const href = listHref("/attempts", time, { [idOf(member)]: id, status: "FAILED" });
      return [{ key: id, label: nameOf(member, id), count: metrics.failed_count ?? 0, fill: FAILED, href }];
    }),
  ).slice(0, MAX_MEMBERS);
  const sum = (rows: BarRow[]) => formatCount(rows.reduce((total, { count }) => total + count, 0));
  return (
    <>
      <ChartPanel
        title="Rejected by cause"
        end={<KeyNumber value={sum(refused)} unit={by && by !== "source" ? "of all sources" : ""} />}
      >
        <BarList rows={refused} emptyWords="Nothing was rejected in this time." />
      </ChartPanel>
      <ChartPanel title="Left out on purpose" end={<KeyNumber value={sum(leftOut)} />}>
        <BarList rows={leftOut} emptyWords="No connection left anything out." />
      </ChartPanel>
      <ChartPanel title="Top failing" end={`attempts that failed, by ${member}`}>
        <BarList rows={failing} emptyWords="No attempt failed." />
      </ChartPanel>
    </>
  );
}
