"use client";

import { useEffect, useSyncExternalStore } from "react";

export interface AfterPage<T> {
  /** What has come; undefined until then. */
  read: () => T | undefined;
  ask: () => void;
  subscribe: (listener: () => void) => () => void;
}

/**
 * Code that no page begins with: it comes once the page is there. Not by Suspense: a boundary that is told something new
 * while its code is on the way gives up what the server drew, and says so as an error.
 */
export function afterPage<T>(load: () => Promise<T>): AfterPage<T> {
  const listeners = new Set<() => void>();
  let loaded: T | undefined;
  let isAsked = false;
  return {
    read: () => loaded,
    ask() {
      if (isAsked) return;
      isAsked = true;
      load().then(
        (found) => {
          loaded = found;
          for (const listener of listeners) listener();
        },
        () => {
          // The network is away: the next that needs it asks again.
          isAsked = false;
        },
      );
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Asks for the code, and gives it when it has come. */
export function useAfterPage<T>({ read, ask, subscribe }: AfterPage<T>): T | undefined {
  useEffect(ask, [ask]);
  return useSyncExternalStore(subscribe, read, () => undefined);
}
