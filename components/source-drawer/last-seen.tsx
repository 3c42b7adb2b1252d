"use client";

import { cn } from "#components/ui/class-names.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Source } from "#server/contracts/source.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { lastSeenWords } from "./last-seen-words.ts";
import { useNewestSent } from "./use-arrivals.ts";

const TONES = { good: "text-muted", bad: "text-failed", none: "text-muted" };

/** Tells never reached us from reached us and was refused. */
export function LastSeen({ source }: { source: Source }) {
  const page = useNewestSent(source.id);
  if (!page) return <Skeleton className="my-1 w-44" />;
  const [newest] = page.data;
  const { stopped_at: stoppedAt } = page.pagination;
  const { tone, before, after } = lastSeenWords(newest ?? null, stoppedAt !== undefined);
  return (
    <p className={cn("text-xs [overflow-wrap:anywhere]", TONES[tone])}>
      {before} <RelativeTime iso={newest?.created_at ?? stoppedAt ?? source.created_at} />
      {visibleText(after)}
    </p>
  );
}
