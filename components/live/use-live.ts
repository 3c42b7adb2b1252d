"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";
import type { LiveKind } from "#server/contracts/live.ts";
import { useLiveFeed } from "./live-context.ts";
import { type LiveLink, type LiveView, NOT_YET, type OnChange } from "./live-feed.ts";
import type { LiveById, LiveState } from "./live-state.ts";

/** Calls `onChange` with each change of these kinds while the component is there. The whole comes again after a gap. */
export function useLive(kinds: readonly LiveKind[], onChange: OnChange): void {
  const feed = useLiveFeed();
  const latest = useRef(onChange);
  latest.current = onChange;
  const names = kinds.join();
  useEffect(() => feed.watch(names.split(",") as LiveKind[], (...heard) => latest.current(...heard)), [feed, names]);
}

const ignore = () => {};

function useView<T extends LiveView[keyof LiveView] | LiveState[keyof LiveState]>(read: (view: LiveView) => T): T {
  const feed = useLiveFeed();
  // A part of the page may wake up after the first news has come, and must find what the server drew.
  return useSyncExternalStore(
    feed.onView,
    () => read(feed.read()),
    () => read(NOT_YET),
  );
}

/** What is known now of one kind; undefined, or empty, until it was heard. */
export function useLiveState<K extends LiveById | "requests" | "events">(kind: K): LiveState[K] {
  useLive([kind], ignore);
  return useView(({ state }) => state[kind]);
}

/** Whether there is more of something than the counts say. */
export const useIsAtLeast = (): boolean => useView(({ state }) => state.isAtLeast);

export const useLiveLink = (): LiveLink => useView(({ link }) => link);

/** When the server was last heard, by this machine's clock. */
export const useHeardAt = (): number | undefined => useView(({ heardAtMs }) => heardAtMs);
