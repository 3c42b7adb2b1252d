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

/** Asks for all charts of the page at once, and again every half minute. */
export function useMetrics({ time, isCompared, by, of, zone }: MetricsUrl) {
  const { metrics } = useTRPC();
  const ofOne = by !== null && of !== null ? { [idOf(by)]: [of] } : {};
  const range = {
    date_range: dateRange(time),
    time_zone: zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(isCompared ? { compare: "previous" as const } : {}),
  };
  const inBuckets = { ...range, ...ofOne, granularity: granularityOf(spanOf(time, 0)) };
  const inTotal = { ...range, ...ofOne, granularity: "total" as const };
  // The door knows no connection: what was refused there is told of a source or of all.
  const atDoor = { ...range, granularity: "total" as const, ...(by === "source" ? ofOne : {}) };
  const members = { ...range, granularity: "total" as const, dimensions: [idOf(by ?? "destination")] };
  const queries = {
    events: useQuery(metrics.events.queryOptions(inBuckets, POLL)),
    attempts: useQuery(metrics.attempts.queryOptions(inBuckets, POLL)),
    backlog: useQuery(metrics.backlog.queryOptions(inBuckets, POLL)),
    requestTotals: useQuery(metrics.requests.queryOptions(atDoor, POLL)),
    eventTotals: useQuery(metrics.events.queryOptions(inTotal, POLL)),
    attemptTotals: useQuery(metrics.attempts.queryOptions(inTotal, POLL)),
    byMember: useQuery(metrics.attempts.queryOptions(members, POLL)),
    queue: useQuery(metrics.queue.queryOptions({ ...ofOne }, POLL)),
  };
  const all = Object.values(queries);
  const { events, attempts, backlog, requestTotals, eventTotals, attemptTotals, byMember, queue } = queries;
  const data: MetricsData | undefined =
    events.data &&
    attempts.data &&
    backlog.data &&
    requestTotals.data &&
    eventTotals.data &&
    attemptTotals.data &&
    byMember.data &&
    queue.data
      ? {
          events: events.data,
          attempts: attempts.data,
          backlog: backlog.data,
          totals: {
            requests: requestTotals.data,
            events: eventTotals.data,
            attempts: attemptTotals.data,
            byMember: byMember.data,
          },
          queue: queue.data,
        }
      : undefined;
  return {
    data,
    error: all.find(({ error }) => error !== null)?.error ?? null,
    retry: () => void Promise.all(all.map((query) => query.refetch())),
  };
}
