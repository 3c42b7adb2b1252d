"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { formatCount, formatDuration } from "#components/ui/format.ts";

const REFRESH_MS = 30_000;

/** What a connection did in 24 hours. */
export function DayNumbers({ connectionId }: { connectionId: string }) {
  const { metrics } = useTRPC();
  const asked = { connection_id: [connectionId], granularity: "total" as const };
  const events = useQuery(metrics.events.queryOptions(asked, { refetchInterval: REFRESH_MS })).data?.data[0]?.metrics;
  const attempts = useQuery(metrics.attempts.queryOptions(asked, { refetchInterval: REFRESH_MS })).data?.data[0]
    ?.metrics;
  const count = (value: number | null | undefined) => (value === undefined ? "…" : formatCount(value ?? 0));
  const numbers = [
    { name: "Events", value: count(events?.event_count) },
    { name: "Ignored", value: count(events?.ignored_count) },
    { name: "Delivered", value: count(events?.delivered_count) },
    { name: "Failed", value: count(events?.failed_count) },
    { name: "p95", value: attempts === undefined ? "…" : formatDuration(attempts.latency_p95 ?? null) },
  ];
  return (
    <section aria-label="The last 24 hours" className="px-4 py-3.5">
      <h3 className="mb-1 text-muted">In 24 h</h3>
      <dl className="grid grid-cols-5 gap-2">
        {numbers.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-muted text-xs">{name}</dt>
            <dd className="font-medium tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
