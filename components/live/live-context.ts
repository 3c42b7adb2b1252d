"use client";

import { createContext, use } from "react";
import type { LiveFeed } from "./live-feed.ts";

export const LiveContext = createContext<LiveFeed | undefined>(undefined);

/** The page's live connection, which the hooks of use-live.ts read. */
export function useLiveFeed(): LiveFeed {
  const feed = use(LiveContext);
  if (!feed) throw new Error("Live data is read within <LiveProvider> only.");
  return feed;
}
