"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { AttentionList } from "./attention-list.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { KeyNumbers } from "./key-numbers.tsx";
import { LiveTail } from "./live-tail.tsx";
import { useNews } from "./use-news.ts";
import { useWindow } from "./use-window.ts";

/** The numbers, what needs somebody, and what happens now; for a team that has seen nothing, the way to a first event. */
export function Overview() {
  const trpc = useTRPC();
  const [window] = useWindow();
  const { data, refetch } = useSuspenseQuery(trpc.overview.get.queryOptions({ window }));
  const isUnused = data.latest_events.length === 0 && data.totals.accepted_count + data.totals.rejected_count === 0;
  useNews(["rates"], () => void refetch());
  return (
    <>
      <KeyNumbers overview={data} />
      {isUnused ? (
        <FirstSteps gatewayUrl={data.gateway_url} ingestUrl={data.open_source_url} onArrival={() => void refetch()} />
      ) : (
        <>
          <AttentionList />
          <LiveTail latest={data.latest_events} />
        </>
      )}
    </>
  );
}
