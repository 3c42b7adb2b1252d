"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import { DemoBar } from "#components/start/demo-bar.tsx";
import { FirstMinutes } from "#components/start/first-minutes.tsx";
import { AttentionList } from "./attention-list.tsx";
import { KeyNumbers } from "./key-numbers.tsx";
import { LiveTail } from "./live-tail.tsx";
import { useNews } from "./use-news.ts";
import { useWindow } from "./use-window.ts";

/** The numbers, what needs somebody, and what happens now; for a team without a connection, the way to a first event. */
export function Overview() {
  const trpc = useTRPC();
  const [window] = useWindow();
  const { data, refetch } = useSuspenseQuery(trpc.overview.get.queryOptions({ window }));
  const [isStarting, setStarting] = useState(false);
  const isUnused = data.connections_count === 0 && data.latest_events.length === 0;
  useNews(["rates"], () => void refetch());
  return (
    <>
      <div className="mb-3 empty:hidden">
        <DemoBar />
      </div>
      <KeyNumbers overview={data} />
      {isUnused || isStarting ? (
        <div className="mt-9 max-md:mt-5">
          <FirstMinutes
            onConnecting={() => setStarting(true)}
            onDone={{ label: "Show the overview", run: () => void refetch().then(() => setStarting(false)) }}
          />
          {isStarting ? null : <ArrivalWatch onArrival={() => void refetch()} />}
        </div>
      ) : (
        <>
          <AttentionList />
          <LiveTail latest={data.latest_events} />
        </>
      )}
    </>
  );
}

/** Hears of the first event that somebody else's connection made. */
function ArrivalWatch({ onArrival }: { onArrival: () => void }) {
  useLive(["events"], ({ events = [] }) => events.length > 0 && onArrival());
  return null;
}
