"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { PageBar, PageBody } from "#components/frame/page-bar.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { Freshness, StaleBanner } from "./freshness.tsx";
import { LatestEvents } from "./latest-events.tsx";
import { KeyNumbers, Tallies } from "./numbers.tsx";

/** A hidden page does not poll: react-query pauses the interval until somebody looks again. */
const REFRESH_MS = 2000;

export function Overview() {
  const trpc = useTRPC();
  const { data, isError } = useSuspenseQuery(trpc.overview.get.queryOptions({}, { refetchInterval: REFRESH_MS }));
  const isUnused = data.latest_events.length === 0 && data.totals.accepted_count + data.totals.rejected_count === 0;

  return (
    <>
      <PageBar title="Overview" end={<Freshness now={data.now} isStale={isError} />}>
        <span className="text-muted text-xs">Last 24 hours</span>
      </PageBar>
      <PageBody>
        {isError ? <StaleBanner now={data.now} /> : null}
        <KeyNumbers totals={data.totals} hours={data.hours} />
        <Tallies overview={data} />
        {isUnused ? <FirstSteps gatewayUrl={data.gateway_url} ingestUrl={data.open_source_url} /> : null}
        {isUnused ? null : <LatestEvents events={data.latest_events} />}
      </PageBody>
    </>
  );
}
