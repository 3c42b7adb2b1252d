"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { LatestChanges } from "#components/graph-drawer/latest-changes.tsx";
import { LatestHead } from "#components/graph-drawer/latest-head.tsx";
import { Age } from "#components/lists/age.tsx";
import { Answer } from "#components/lists/answer.tsx";
import { StateLabel } from "#components/ui/event-state.tsx";
import { formatCount, formatDuration } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Branches } from "./use-destination.ts";

const SHOWN = 10;
const REFRESH_MS = 5_000;

/** What waits at a destination, what it answered, who shares it, and who changed it. */
export function DestinationActivity({ id, branches }: { id: string; branches: Branches }) {
  return (
    <>
      <QueueNow id={id} />
      <Attempts id={id} />
      <Sharers branches={branches} />
      <LatestChanges id={id} />
    </>
  );
}

function QueueNow({ id }: { id: string }) {
  const { metrics } = useTRPC();
  const queue = useQuery(metrics.queue.queryOptions({ destination_id: [id] }, { refetchInterval: REFRESH_MS }));
  const day = useQuery(metrics.attempts.queryOptions({ destination_id: [id], granularity: "total" }));
  const [now, inDay] = [queue.data?.data[0]?.metrics, day.data?.data[0]?.metrics];
  const count = (value: number | null | undefined) => formatCount(value ?? 0);
  const numbers = [
    { name: "Queue", value: queue.data && count(now?.queue_depth) },
    { name: "Held", value: queue.data && count(now?.hold_count) },
    { name: "Oldest", value: queue.data && formatDuration(now?.oldest_age_ms ?? null) },
    { name: "Attempts, 24 h", value: day.data && count(inDay?.attempt_count) },
    { name: "p95, 24 h", value: day.data && formatDuration(inDay?.latency_p95 ?? null) },
  ];
  return (
    <section aria-label="Now" className="px-4 py-3.5">
      <dl className="flex flex-wrap justify-between gap-x-3 gap-y-2 whitespace-nowrap">
        {numbers.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-muted text-xs">{name}</dt>
            <dd className="font-medium tabular-nums">{value ?? "…"}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Attempts({ id }: { id: string }) {
  const trpc = useTRPC();
  const asked = { destination_id: [id], limit: SHOWN, with_body: false };
  const { data } = useQuery(trpc.attempts.list.queryOptions(asked, { refetchInterval: REFRESH_MS }));
  return (
    <section aria-label="Latest attempts">
      <LatestHead title="Latest attempts" href={`/attempts?destination_id=${id}`} />
      {data ? null : <Skeleton className="mx-4 my-3 w-40" />}
      <ul>
        {data?.data.map((attempt) => (
          <li key={attempt.id}>
            <Link
              href={`/attempts/${attempt.id}`}
              prefetch={false}
              className="grid grid-cols-[96px_minmax(0,1fr)_64px_56px] items-center gap-2 border-line border-t px-4 py-1.5 hovered:bg-float-hover"
            >
              <StateLabel state={attempt.error_code === null ? "DELIVERED" : "FAILED"} />
              <Answer of={attempt} isFailure={attempt.error_code !== null} />
              <span className="text-right tabular-nums">{formatDuration(attempt.latency_ms)}</span>
              <span className="text-right">
                <Age iso={attempt.created_at} />
              </span>
            </Link>
          </li>
        ))}
        {data?.data.length === 0 ? (
          <li className="border-line border-t px-4 py-2 text-muted">Nothing was sent to it yet.</li>
        ) : null}
      </ul>
    </section>
  );
}

function Sharers({ branches: { branches } }: { branches: Branches }) {
  const { open } = useDrawerPlace();
  return (
    <section aria-label="Connections" className="px-4 pt-4">
      <h3 className="mb-1 text-muted">Shared by</h3>
      <ul>
        {branches.map(({ id, name, perMinute, paused_at, disabled_at }) => (
          <li key={id} className="flex items-center gap-2 border-line border-t py-1.5">
            <button
              type="button"
              onClick={() => open(id)}
              className="min-w-0 truncate rounded-xs hovered:underline pointer-coarse:h-10"
            >
              {name}
            </button>
            {disabled_at ? <span className="text-muted text-xs">disabled</span> : null}
            {paused_at ? <span className="text-hold text-xs">paused</span> : null}
            <span className="ml-auto text-muted tabular-nums">{formatCount(Math.round(perMinute))}/min</span>
          </li>
        ))}
        {branches.length === 0 ? (
          <li className="border-line border-t py-1.5 text-muted">No connection points at it.</li>
        ) : null}
      </ul>
    </section>
  );
}
