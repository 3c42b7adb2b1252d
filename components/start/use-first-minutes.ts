"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import type { Connection } from "#server/contracts/connection.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { Source } from "#server/contracts/source.ts";

export interface FirstMinutesState {
  isLoading: boolean;
  /** The newest source; the steps are about it. */
  source: Source | undefined;
  /** Its latest request, whatever the door decided. */
  latest: RequestSummary | undefined;
  /** Its latest request that was accepted. */
  arrived: RequestSummary | undefined;
  connection: Connection | undefined;
  event: Pick<EventSummary, "id" | "status" | "response_status" | "attempts"> | undefined;
  lookAgain(): void;
}

/** How far the team has come, read from what is there: a page that is loaded again goes on where it was. */
export function useFirstMinutes(): FirstMinutesState {
  const trpc = useTRPC();
  const sources = useQuery(trpc.sources.list.queryOptions({ limit: 1 }));
  const source = sources.data?.data[0];
  const isThere = { enabled: source !== undefined };
  const of = { source_id: source ? [source.id] : [], limit: 1 };
  const latest = useQuery(trpc.requests.list.queryOptions(of, isThere));
  const arrived = useQuery(trpc.requests.list.queryOptions({ ...of, status: "accepted" }, isThere));
  const connections = useQuery(trpc.connections.list.queryOptions(of, isThere));
  const events = useQuery(trpc.events.list.queryOptions(of, isThere));
  const lookAgain = () => {
    for (const query of [sources, latest, arrived, connections, events]) void query.refetch();
  };
  const [heard, setHeard] = useState("");
  useLive(["requests", "events"], ({ requests = [], events: moved = [], is_whole }) => {
    const news = JSON.stringify([requests[0]?.id, moved.map(({ id, status }) => [id, status])]);
    if (is_whole || news === heard || requests.length + moved.length === 0) return;
    setHeard(news);
    if (source) for (const query of [latest, arrived, events]) void query.refetch();
  });
  return {
    isLoading: sources.isPending,
    source,
    latest: latest.data?.data[0],
    arrived: arrived.data?.data[0],
    connection: connections.data?.data[0],
    event: events.data?.data[0],
    lookAgain,
  };
}
