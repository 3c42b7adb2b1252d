"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { LatestChanges } from "#components/graph-drawer/latest-changes.tsx";
import { Age } from "#components/lists/age.tsx";
import { becameOf, isRefused } from "#components/lists/became.ts";
import { DoorVerdict } from "#components/lists/door-verdict.tsx";
import { refusalCounts } from "#components/metrics/refusal-counts.ts";
import { formatCount } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Source } from "#server/contracts/source.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { useArrivals } from "./use-arrivals.ts";

const SHOWN = 12;
const heading = "px-4 pt-3.5 pb-1.5 font-medium text-muted text-xs";
const list = "divide-y divide-line border-line border-y";
const row = "flex min-h-8 items-center gap-2 px-4 pointer-coarse:min-h-11";

/** The newest requests as they come, and what was refused of the last day, by its cause. */
export function ActivityTab({ source }: { source: Source }) {
  const arrivals = useArrivals(source.id, SHOWN);
  return (
    <>
      <h3 className={heading}>Newest requests</h3>
      {arrivals === undefined ? (
        <div role="status" aria-label="Loading" className="grid gap-4 border-line border-t px-4 py-3">
          <Skeleton className="w-72" />
          <Skeleton className="w-64" />
          <Skeleton className="w-72" />
        </div>
      ) : arrivals.length === 0 ? (
        <p className="border-line border-y px-4 py-3 text-muted">
          Nothing has come yet. Set up says how to send a first one.
        </p>
      ) : (
        <ul className={list}>
          {arrivals.map((request) => (
            <li key={request.id}>
              <Link href={`/requests/${request.id}`} prefetch={false} className={`${row} hovered:bg-inset`}>
                <span className="w-24 shrink-0">
                  <DoorVerdict of={request} />
                </span>
                <span className="min-w-0 flex-1 truncate">
                  {isRefused(request) || request.event_type === null ? (
                    becameOf(request)
                  ) : (
                    <span className="font-mono text-xs">{visibleText(request.event_type)}</span>
                  )}
                </span>
                {request.test === null ? null : <Tag>Test</Tag>}
                {request.duplicate_of === null ? null : <Tag>Duplicate</Tag>}
                <Age iso={request.created_at} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Refusals source={source} />
      <p className="px-4 py-3 text-xs">
        <Link
          href={`/requests?source_id=${source.id}`}
          prefetch={false}
          className="underline decoration-line underline-offset-4 hovered:decoration-current"
        >
          All requests of {source.name}
        </Link>
      </p>
      <LatestChanges id={source.id} />
    </>
  );
}

function Refusals({ source }: { source: Source }) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.metrics.requests.queryOptions({
      date_range: { start: "now-24h", end: "now" },
      granularity: "total",
      source_id: [source.id],
    }),
  );
  if (!data) return null;
  const causes = refusalCounts(data.data);
  return (
    <>
      <h3 className={heading}>Refused in the last 24 h, by cause</h3>
      {causes.length === 0 ? (
        <p className="border-line border-y px-4 py-2 text-muted">None.</p>
      ) : (
        <ul className={list}>
          {causes.map(({ cause, label, count }) => (
            <li key={cause}>
              <Link
                href={`/requests?source_id=${source.id}&status=rejected${cause ? `&rejection_cause=${cause}` : ""}`}
                prefetch={false}
                className={`${row} hovered:bg-inset`}
              >
                <span className="min-w-0 flex-1">{label}</span>
                <span className="text-failed">{formatCount(count)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
