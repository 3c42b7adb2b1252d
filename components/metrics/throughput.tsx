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
import { coarser, STACK, type StackRow, stackRows, stackSum } from "./series.ts";

interface ThroughputProps {
  events: Metrics;
  /** What the dashed line is of. */
  before: string;
  zone: Zone;
  /** What the lists are narrowed to besides the time. */
  filters: Record<string, string | null>;
  onNarrow: (time: TimeRange) => void;
}

/** More are hairlines, whose colours nobody tells apart. */
const MOST_BARS_ON_A_PHONE = 50;

const custom = ({ fromMs, toMs }: Span): TimeRange => ({ kind: "custom", fromMs, toMs });

/** How long a bar is that several buckets are drawn as. */
function barWords(bar: Span | undefined): string {
  const minutes = bar ? Math.round((bar.toMs - bar.fromMs) / 60_000) : 0;
  if (minutes < 120) return `Bars of ${minutes} min`;
  return minutes < 2_880 ? `Bars of ${minutes / 60} h` : `Bars of ${minutes / 1_440} days`;
}

/** Events by what became of them in each bucket, and the same as a table. */
export function Throughput({ events, before, zone, filters, onNarrow }: ThroughputProps) {
  const router = useRouter();
  const isNarrow = useNarrow();
  const all = stackRows(events);
  const rows = isNarrow ? coarser(all, MOST_BARS_ON_A_PHONE) : all;
  const keys = [
    ...STACK.map(({ state, fill }) => ({ word: EVENT_STATES[state].word, fill })),
    ...(events.comparison ? [{ word: `the ${before}`, fill: "var(--muted)", isDashed: true }] : []),
  ];
  return (
    <ChartPanel
      title="Events"
      className={THROUGHPUT_HEIGHT}
      legend={<Legend keys={keys} />}
      end={`${rows.length < all.length ? barWords(rows[0]) : bucketWords(events.granularity)}, empty ones drawn as zero`}
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
      <details className="group text-xs">
        {/* For who looks, the chart is enough: its bars say their numbers under the pointer. */}
        <summary className="sr-only w-fit cursor-pointer text-muted hovered:text-ink focus-visible:not-sr-only group-open:not-sr-only">
          As a table
        </summary>
        <BucketTable rows={all} zone={zone} filters={filters} />
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
