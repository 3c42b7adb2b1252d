"use client";

import { createContext, type ReactNode, use, useCallback, useState, useSyncExternalStore } from "react";

const TICK_MS = 1000;

interface Clock {
  subscribe: (listener: () => void) => () => void;
  /** The time of the last tick, the same for everybody who asks until the next one. */
  now: () => number;
  /** The time at this moment. */
  present: () => number;
  serverNow: number;
}

/**
 * One timer for every time on the page, that stands still while nobody looks at one. It goes by the server's clock:
 * the times that it is compared with are the server's, and a laptop may be minutes off.
 */
function makeClock(serverNow: number, startedAt: number): Clock {
  const listeners = new Set<() => void>();
  let now = serverNow;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = serverNow + Date.now() - startedAt;
    for (const listener of listeners) listener();
  };
  return {
    serverNow,
    now: () => now,
    present: () => serverNow + Date.now() - startedAt,
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, TICK_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const Context = createContext<Clock>(makeClock(0, 0));

/** `serverNow`: when the server made this page, in ms. */
export function ClockProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [clock] = useState(() => makeClock(serverNow, Date.now()));
  return <Context value={clock}>{children}</Context>;
}

/** What `read` makes of the present time; the component renders again only when that changes. */
export function useNow<T extends string | number>(read: (nowMs: number) => T): T {
  const clock = use(Context);
  const snapshot = useCallback(() => read(clock.now()), [clock, read]);
  return useSyncExternalStore(clock.subscribe, snapshot, () => read(clock.serverNow));
}

/** The present by the server's clock when the component first asks, in ms: it does not tick. */
export function useServerNow(): number {
  const clock = use(Context);
  return useState(clock.present)[0];
}
