"use client";

import { useEffect, useRef } from "react";
import { useLive } from "#components/live/use-live.ts";
import type { LiveKind } from "#server/contracts/live.ts";

/** Sums over much of the past: a page asks for them again seldom, and spread, since all pages of a team hear the same news. */
const EVERY_MS = 15_000;
const SPREAD_MS = 5_000;

/** Calls `run` some seconds after news of these kinds, however much comes meanwhile. */
export function useNews(kinds: readonly LiveKind[], run: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(run);
  latest.current = run;
  useLive(kinds, (change) => {
    if (change.is_whole || !kinds.some((kind) => change[kind] !== undefined)) return;
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined;
        latest.current();
      },
      EVERY_MS + Math.random() * SPREAD_MS,
    );
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
