import { Sparkline } from "#components/data/sparkline.tsx";
import { formatCount, formatDuration, formatShare } from "#components/ui/format.ts";
import type { Overview, OverviewCounts } from "#server/contracts/overview.ts";

interface KeyNumber {
  label: string;
  colour: string;
  measure: "accepted_count" | "delivered_count" | "success_rate" | "latency_p95";
  format: (value: number | null) => string;
}

const count = (value: number | null) => formatCount(value ?? 0);

export const KEY_NUMBERS: KeyNumber[] = [
  { label: "Accepted", colour: "text-muted", measure: "accepted_count", format: count },
  { label: "Delivered", colour: "text-delivered", measure: "delivered_count", format: count },
  { label: "Success rate", colour: "text-delivered", measure: "success_rate", format: formatShare },
  { label: "Latency p95", colour: "text-muted", measure: "latency_p95", format: formatDuration },
];

export const keyNumbersGrid =
  "grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4";

/** The four numbers of the day, each with its shape over the hours. */
export function KeyNumbers({ totals, hours }: { totals: OverviewCounts; hours: OverviewCounts[] }) {
  return (
    <dl className={keyNumbersGrid}>
      {KEY_NUMBERS.map(({ label, colour, measure, format }) => (
        <div key={measure} className="bg-surface px-4 py-3">
          <dt className="text-muted">{label}</dt>
          <dd className="mt-0.5 whitespace-nowrap font-semibold text-2xl tracking-[-0.02em]">
            {format(totals[measure])}
          </dd>
          <dd className="mt-2">
            <Sparkline values={hours.map((hour) => hour[measure])} colour={colour} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Tally({ label, value, colour = "" }: { label: string; value: number; colour?: string }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dt className="order-last text-muted">{label}</dt>
      <dd className={`font-medium ${value > 0 ? colour : ""}`}>{formatCount(value)}</dd>
    </div>
  );
}

const tallyList = "flex flex-wrap gap-x-6 gap-y-1.5";
const counted = (word: string, value: number) => (value === 1 ? word : `${word}s`);

/** What went wrong or nowhere, and what there is to route with. */
export function Tallies({ overview }: { overview: Overview }) {
  const { totals, sources_count, connections_count, destinations_count } = overview;
  return (
    <div className="mt-4 flex flex-wrap justify-between gap-x-12 gap-y-1.5">
      <dl className={tallyList}>
        <Tally label="rejected" value={totals.rejected_count} colour="text-failed" />
        <Tally label="failed" value={totals.failed_count} colour="text-failed" />
        <Tally label="duplicates" value={totals.duplicate_count} />
        <Tally label="ignored" value={totals.ignored_count} />
      </dl>
      <dl className={tallyList}>
        <Tally label={counted("source", sources_count)} value={sources_count} />
        <Tally label={counted("connection", connections_count)} value={connections_count} />
        <Tally label={counted("destination", destinations_count)} value={destinations_count} />
      </dl>
    </div>
  );
}
