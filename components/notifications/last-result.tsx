"use client";

import Link from "next/link";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { NotificationResult } from "#server/contracts/notification.ts";
import { resultWords } from "./channel-words.ts";

/** What came of telling this channel last; it leads to the attempt. Null: nobody was told yet; undefined: not known yet. */
export function LastResult({ name, result }: { name: string; result: NotificationResult | null | undefined }) {
  if (result === undefined) return null;
  if (result === null) return <span className="text-muted text-xs">Told of nothing yet</span>;
  const words = resultWords(result);
  return (
    <span className={`text-xs ${result.is_delivered ? "text-ink-2" : "text-failed"}`}>
      <Link
        href={`/attempts/${result.attempt_id}`}
        prefetch={false}
        aria-label={`${name}: ${words}; open the attempt`}
        className="underline underline-offset-2"
      >
        {words}
      </Link>{" "}
      <RelativeTime iso={result.created_at} />
    </span>
  );
}
