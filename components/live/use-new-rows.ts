"use client";

import { useEffect, useRef, useState } from "react";
import type { LiveEvent, LiveRequest } from "#server/contracts/live.ts";
import { MAX_NEW, noteNew } from "./note-new.ts";
import { useLive, useLiveState } from "./use-live.ts";

interface RowsByKind {
  requests: LiveRequest;
  events: LiveEvent;
}

/** How many are new; at least so many where some may have been missed. */
export interface NewRows {
  count: number;
  isAtLeast: boolean;
}

const NONE: NewRows = { count: 0, isAtLeast: false };
/** So many are told at once at most. */
const FULL = 50;
/**
 * How many rows have come that a list would show above its first one, for its "12 new". Counts anew when `newestId`, the id of the
 * list's first row, changes; undefined is an empty list. `matches` judges by what is told of a row.
 */
export function useNewRows<K extends keyof RowsByKind>(
  kind: K,
  newestId: string | undefined,
  matches: (row: RowsByKind[K]) => boolean,
): NewRows {
  const known = useLiveState(kind) as readonly unknown[] as readonly RowsByKind[K][];
  const [shown, show] = useState(NONE);
  const noted = useRef({ seen: new Set<string>(), isAtLeast: false });
  const note = (rows: readonly RowsByKind[K][], mayMiss: boolean) => {
    const { current } = noted;
    noteNew(current.seen, rows, newestId ?? "", matches);
    current.isAtLeast ||= mayMiss || current.seen.size >= MAX_NEW;
    const next = { count: current.seen.size, isAtLeast: current.isAtLeast };
    show((before) => (before.count === next.count && before.isAtLeast === next.isAtLeast ? before : next));
  };
  useLive([kind], (change, isGap) => {
    const rows = (change[kind] ?? []) as readonly unknown[] as readonly RowsByKind[K][];
    note(rows, isGap || (rows.length >= FULL && !change.is_whole));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is heard later comes by useLive
  useEffect(() => {
    noted.current = { seen: new Set(), isAtLeast: false };
    note(known, false);
  }, [newestId]);
  return shown;
}
