"use client";

import { useCallback, useSyncExternalStore } from "react";
import { useNow } from "./clock.tsx";
import { clockWords, timeUntil } from "./until-words.ts";

const never = () => () => {};

/** Whether this is drawn where the person is: the server does not know their zone. */
const useIsHere = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

/** `14:30` or `Fri 08:00`, in the zone of whoever looks. */
export function ClockTime({ atMs }: { atMs: number }) {
  const words = useNow(useCallback((nowMs: number) => clockWords(atMs, nowMs), [atMs]));
  return useIsHere() ? words : null;
}

/** `until 14:30` */
export const UntilTime = ({ atMs }: { atMs: number }) => (
  <span>
    until <ClockTime atMs={atMs} />
  </span>
);

/** `until 14:30, in 25 min` */
export function Until({ atMs }: { atMs: number }) {
  const left = useNow(useCallback((nowMs: number) => timeUntil(new Date(atMs).toISOString(), nowMs), [atMs]));
  return (
    <time dateTime={new Date(atMs).toISOString()} className="whitespace-nowrap">
      <UntilTime atMs={atMs} />
      {left === "ended" ? ", about to resume" : `, ${left}`}
    </time>
  );
}
