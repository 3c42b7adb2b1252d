"use client";

import { NumbersTable } from "#components/data/numbers-table.tsx";
import type { Zone } from "#components/data/time-range.ts";
import { formatCount, formatDuration, formatShare } from "#components/ui/format.ts";
import { shortCount, spanWords } from "./axis.tsx";
import { ChartPanel, KeyNumber, Legend, LINES_HEIGHT } from "./chart-panel.tsx";
import { LineChart } from "./lazy-charts.tsx";
import type { ChartLine, LineChartProps } from "./line-chart.tsx";
import { type LineRow, lineRows, spansOf, totalOf } from "./series.ts";
import type { MetricsData } from "./use-metrics.ts";

const previous = (before: string): ChartLine => ({
  key: "before",
  word: `the ${before}`,
  stroke: "var(--faint)",
  isDashed: true,
});

/** Hours and minutes from a minute on: 21 min, 3.5 h. */
function formatAge(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 360_000) / 10} h` : `${Math.round(ms / 8_640_000) / 10} d`;
}

interface LinesProps extends LineChartProps {
  title: string;
  toMs: readonly number[];
}

/** A chart of lines, and what it says as a table for people who do not see it. */
function Lines({ title, toMs, ...chart }: LinesProps) {
  const { rows, lines, zone, format, formatRight } = chart;
  const written = (line: ChartLine, value: number | null | undefined) =>
    value === null || value === undefined ? "–" : (line.isRight && formatRight ? formatRight : format)(value);
  return (
    <>
      <div className="h-36" aria-hidden="true">
        <LineChart {...chart} />
      </div>
      <div className="mt-2">
        <Legend
          keys={lines.map(({ word, inAll, stroke, isDashed }) => ({
            word: inAll === undefined ? word : `${word} ${inAll}`,
            fill: stroke,
            ...(isDashed ? { isDashed } : {}),
          }))}
        />
      </div>
      <NumbersTable
        caption={title}
        corner="Time"
        columns={lines}
        rows={rows.map((row, i) => ({
          key: row.fromMs,
          name: spanWords(row.fromMs, toMs[i] ?? row.fromMs, zone),
          cells: lines.map((line) => written(line, row[line.key])),
        }))}
      />
    </>
  );
}

/** The lowest that the axis of a success rate goes down to: near what it fell to. */
function rateFloor(rows: readonly LineRow[]): number {
  const rates = rows.flatMap(({ success_rate, before }) => [success_rate ?? 1, before ?? 1]);
  const lowest = Math.min(1, ...rates.filter((rate) => rate !== null));
  return [0.98, 0.94, 0.8, 0.5].find((floor) => lowest >= floor) ?? 0;
}

interface LinePanelsProps {
  data: MetricsData;
  /** What the dashed line is of. */
  before: string;
  zone: Zone;
}

/** Success rate, latencies and the queue over time. */
export function LinePanels({ data, before, zone }: LinePanelsProps) {
  const { events, attempts, backlog, totals, queue } = data;
  const isCompared = events.comparison !== undefined;
  const toMs = spansOf(events).map((span) => span.toMs);
  const success = lineRows(events, ["success_rate"], "success_rate");
  const now = queue.data[0]?.metrics;
  const oldest = now?.oldest_age_ms ?? null;
  const latency = (measure: string) => formatDuration(totalOf(totals.attempts.data, measure));
  const p95Before = totalOf(totals.attempts.comparison?.data, "latency_p95");
  return (
    <>
      <ChartPanel
        title="Success rate"
        className={LINES_HEIGHT}
        end={
          <KeyNumber
            value={formatShare(totalOf(totals.events.data, "success_rate"))}
            before={isCompared ? formatShare(totalOf(totals.events.comparison?.data, "success_rate")) : undefined}
          />
        }
      >
        <Lines
          title="Success rate"
          toMs={toMs}
          rows={success}
          lines={[
            { key: "success_rate", word: "first try or later", stroke: "var(--delivered-solid)" },
            ...(isCompared ? [previous(before)] : []),
          ]}
          zone={zone}
          format={formatShare}
          from={rateFloor(success)}
          to={1}
        />
      </ChartPanel>
      <ChartPanel
        title="Latency"
        className={LINES_HEIGHT}
        end={
          <KeyNumber
            value={latency("latency_p95")}
            unit="p95"
            before={isCompared ? formatDuration(p95Before) : undefined}
          />
        }
      >
        <Lines
          title="Latency of attempts"
          toMs={toMs}
          rows={lineRows(attempts, ["latency_p50", "latency_p95", "latency_p99"])}
          lines={[
            { key: "latency_p50", word: "p50", inAll: latency("latency_p50"), stroke: "var(--phase-connect)" },
            { key: "latency_p95", word: "p95", inAll: latency("latency_p95"), stroke: "var(--ink)" },
            { key: "latency_p99", word: "p99", inAll: latency("latency_p99"), stroke: "var(--phase-tls)" },
          ]}
          zone={zone}
          format={formatDuration}
        />
      </ChartPanel>
      <ChartPanel
        title="Queue depth and oldest age"
        className={LINES_HEIGHT}
        end={
          <KeyNumber
            value={formatCount(now?.queue_depth ?? 0)}
            unit={`waiting now${oldest === null ? "" : `, ${formatAge(oldest)}`}`}
          />
        }
      >
        <Lines
          title="Queue depth and oldest age"
          toMs={toMs}
          rows={lineRows(backlog, ["queue_depth", "oldest_age_ms"])}
          lines={[
            { key: "queue_depth", word: "events waiting", stroke: "var(--queued-solid)" },
            { key: "oldest_age_ms", word: "oldest, right axis", stroke: "var(--hold-solid)", isRight: true },
          ]}
          zone={zone}
          format={shortCount}
          formatRight={formatAge}
        />
      </ChartPanel>
    </>
  );
}
