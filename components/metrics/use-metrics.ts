"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { spanOf } from "#components/data/time-range.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import type { Metrics } from "#server/contracts/metrics.ts";
import { dateRange, granularityOf, idOf } from "./dimensions.ts";
import type { MetricsUrl } from "./metrics-url.ts";

const REFRESH_MS = 30_000;
const POLL = { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData };

/** What the charts are drawn of; undefined until it has come. */
export interface MetricsData {
  events: Metrics;
  attempts: Metrics;
  backlog: Metrics;
  /** The whole range in one point, and in one for each source, connection or destination. */
  totals: { requests: Metrics; events: Metrics; attempts: Metrics; byMember: Metrics };
  queue: Metrics;
}

/** What each chart is asked with. */
function inputsOf({ time, isCompared, by, of, zone }: MetricsUrl) {
  const ofOne = by !== null && of !== null ? { [idOf(by)]: [of] } : {};
  const range = {
    date_range: dateRange(time),
    time_zone: zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(isCompared ? { compare: "previous" as const } : {}),
  };
  const total = { ...range, granularity: "total" as const };
  return {
    ofOne,
    inBuckets: { ...range, ...ofOne, granularity: granularityOf(spanOf(time, 0)) },
    inTotal: { ...total, ...ofOne },
    // The door knows no connection: what was refused there is told of a source or of all.
    atDoor: { ...total, ...(by === "source" ? ofOne : {}) },
    members: { ...total, dimensions: [idOf(by ?? "destination")] },
  };
}

/** Asks for all charts of the page at once, and again every half minute. */
export function useMetrics(url: MetricsUrl) {
  const { metrics } = useTRPC();
  const { ofOne, inBuckets, inTotal, atDoor, members } = inputsOf(url);
  const events = useQuery(metrics.events.queryOptions(inBuckets, POLL));
  const attempts = useQuery(metrics.attempts.queryOptions(inBuckets, POLL));
  const backlog = useQuery(metrics.backlog.queryOptions(inBuckets, POLL));
  const queue = useQuery(metrics.queue.queryOptions({ ...ofOne }, POLL));
  const totals = {
    requests: useQuery(metrics.requests.queryOptions(atDoor, POLL)),
    events: useQuery(metrics.events.queryOptions(inTotal, POLL)),
    attempts: useQuery(metrics.attempts.queryOptions(inTotal, POLL)),
    byMember: useQuery(metrics.attempts.queryOptions(members, POLL)),
  };
  const all = [events, attempts, backlog, queue, ...Object.values(totals)];
  const data = all.every((query) => query.data !== undefined)
    ? ({
        events: events.data,
        attempts: attempts.data,
        backlog: backlog.data,
        queue: queue.data,
        totals: {
          requests: totals.requests.data,
          events: totals.events.data,
          attempts: totals.attempts.data,
          byMember: totals.byMember.data,
        },
      } as MetricsData)
    : undefined;
  return {
    data,
    error: all.find(({ error }) => error !== null)?.error ?? null,
    retry: () => void Promise.all(all.map((query) => query.refetch())),
  };
}
