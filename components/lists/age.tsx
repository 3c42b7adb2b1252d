"use client";

import { useCallback } from "react";
import { useNow } from "#components/ui/clock.tsx";
import { formatAgo, formatExact } from "#components/ui/format.ts";

/** How old a row is, without a tab stop of its own; the exact time shows on hover. */
export function Age({ iso, hasAgo = false }: { iso: string; hasAgo?: boolean }) {
  const ago = useNow(useCallback((nowMs: number) => formatAgo(iso, new Date(nowMs).toISOString()), [iso]));
  return (
    <time dateTime={iso} title={formatExact(iso)} className="text-muted">
      {hasAgo ? ago : ago.replace(/ ago$/, "")}
    </time>
  );
}
