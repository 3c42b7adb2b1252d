"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import type { Span, TimeRange, Zone } from "#components/data/time-range.ts";
import { useNarrow } from "#components/data/use-narrow.ts";
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { Metrics } from "#server/contracts/metrics.ts";
import { spanWords } from "./axis.tsx";
import { ChartPanel, Legend, THROUGHPUT_HEIGHT } from "./chart-panel.tsx";
import { bucketWords, listHref } from "./dimensions.ts";
import { ThroughputChart } from "./lazy-charts.tsx";
import { STACK, type StackRow, stackRows, stackSum } from "./series.ts";

interface ThroughputProps {
  events: Metrics;
  zone: Zone;
  /** What the lists are narrowed to besides the time. */
  filters: Record<string, string | null>;
  onNarrow: (time: TimeRange) => void;
}

const custom = ({ fromMs, toMs }: Span): TimeRange => ({ kind: "custom", fromMs, toMs });

/** Events by what became of them in each bucket, and the same as a table. */
export function Throughput({ events, zone, filters, onNarrow }: ThroughputProps) {
  const router = useRouter();
  const isNarrow = useNarrow();
  const rows = stackRows(events);
  const keys = [
    ...STACK.map(({ state, fill }) => ({ word: EVENT_STATES[state].word, fill })),
    ...(events.comparison ? [{ word: "the span before", fill: "var(--muted)", isDashed: true }] : []),
  ];
  return (
    <ChartPanel
      title="Events"
      className={THROUGHPUT_HEIGHT}
      legend={<Legend keys={keys} />}
      end={`${bucketWords(events.granularity)}, empty ones drawn as zero`}
    >
      <div className="h-[232px]" aria-hidden="true">
        <ThroughputChart
          rows={rows}
          zone={zone}
          labels={isNarrow ? 3 : 8}
          onOpen={(span) => router.push(listHref("/events", custom(span), filters))}
          onNarrow={(span) => onNarrow(custom(span))}
        />
      </div>
      <details className="mt-2 text-xs">
        <summary className="w-fit cursor-pointer text-muted hovered:text-ink">As a table</summary>
        <BucketTable rows={rows} zone={zone} filters={filters} />
      </details>
    </ChartPanel>
  );
}

function BucketTable({ rows, zone, filters }: { rows: StackRow[] } & Pick<ThroughputProps, "zone" | "filters">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section className="mt-2 max-h-64 overflow-auto" tabIndex={0} aria-label="Events by bucket">
      <table className="w-full">
        <thead>
          <tr className="text-left text-muted">
            <th scope="col">Time</th>
            {STACK.map(({ key, state }) => (
              <th key={key} scope="col" className="text-right">
                {EVENT_STATES[state].word}
              </th>
            ))}
            <th scope="col" className="text-right">
              Before
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.fromMs}>
              <th scope="row" className="whitespace-nowrap py-0.5 text-left font-normal">
                {stackSum(row) > 0 ? (
                  <Link href={listHref("/events", custom(row), filters)} className="underline decoration-line">
                    {spanWords(row.fromMs, row.toMs, zone)}
                  </Link>
                ) : (
                  spanWords(row.fromMs, row.toMs, zone)
                )}
              </th>
              {STACK.map(({ key }) => (
                <td key={key} className="text-right">
                  {formatCount(row[key])}
                </td>
              ))}
              <td className="text-right">{row.before === null ? "–" : formatCount(row.before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
