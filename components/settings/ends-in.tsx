"use client";

import { useCallback } from "react";
import { useNow } from "#components/ui/clock.tsx";
import { formatExact } from "#components/ui/format.ts";
import { timeUntil } from "#components/ui/until-words.ts";

/** How long until something ends: `in 12 d`. */
export function EndsIn({ iso }: { iso: string }) {
  const words = useNow(useCallback((nowMs: number) => timeUntil(iso, nowMs), [iso]));
  return (
    <time dateTime={iso} title={formatExact(iso)} className={words === "ended" ? "font-medium text-hold" : ""}>
      {words}
    </time>
  );
}
