"use client";

import { type TRPCClient, TRPCClientError } from "@trpc/client";
import { type ReactNode, useEffect, useState } from "react";
import { currentLogIn, noteBegun, noteFailure } from "#components/data/standing.ts";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { AppRouter } from "#server/api/app-router.ts";
import { FollowConfig } from "./follow-config.tsx";
import { LiveContext } from "./live-context.ts";
import { type FeedClock, type LiveFeed, makeLiveFeed, type OpenLive } from "./live-feed.ts";

const BROWSER_CLOCK: FeedClock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Whether the server says that whoever asks may read nothing, or not any more. */
const isSignedOut = (error: unknown) =>
  error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === "UNAUTHORIZED";

const openWith =
  (client: TRPCClient<AppRouter>): OpenLive =>
  (kinds, lastId, handlers) => {
    const logIn = currentLogIn();
    const end = (error?: unknown) => {
      if (isSignedOut(error)) return handlers.onEnd("signed-out");
      if (error instanceof Error) noteBegun(error, logIn);
      noteFailure(error);
      handlers.onEnd("broken");
    };
    const subscription = client.live.changes.subscribe(
      { kinds: [...kinds], ...(lastId !== undefined && { lastEventId: lastId }) },
      {
        onData: ({ id, data }) => handlers.onChange(id, data),
        onError: end,
        onComplete: () => end(),
        // The browser would try again too, at a time of its own.
        onConnectionStateChange: ({ state, error }) => state === "connecting" && error && end(error),
      },
    );
    return () => subscription.unsubscribe();
  };

function followBrowser(feed: LiveFeed): () => void {
  const onVisibility = () => feed.setVisible(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("online", feed.retry);
  addEventListener("offline", feed.breakOff);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    removeEventListener("online", feed.retry);
    removeEventListener("offline", feed.breakOff);
  };
}

/** Holds the one live connection of a page. It is opened when a part of the page asks for live data. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const [feed] = useState(() => makeLiveFeed(openWith(client), BROWSER_CLOCK));
  useEffect(() => followBrowser(feed), [feed]);
  return (
    <LiveContext value={feed}>
      <FollowConfig />
      {children}
    </LiveContext>
  );
}
