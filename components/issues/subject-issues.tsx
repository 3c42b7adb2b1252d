"use client";

import Link from "next/link";
import { useLiveState } from "#components/live/use-live.ts";
import { Icon } from "#components/ui/icon.tsx";
import { lookOf } from "./issue-words.ts";

/** What is open about one source, connection or destination, each a way to its issue. */
export function SubjectIssues({ id }: { id: string }) {
  const live = useLiveState("issues") ?? {};
  const open = Object.entries(live).filter(([, { subject_id, state }]) => subject_id === id && state === "open");
  if (open.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      {open.map(([issueId, issue]) => {
        const { icon, colour, word } = lookOf(issue);
        return (
          <Link
            key={issueId}
            href={`/issues?open=${issueId}`}
            prefetch={false}
            className={`inline-flex items-center gap-1.5 rounded-xs font-medium text-xs underline-offset-2 hovered:underline ${colour}`}
          >
            <Icon name={icon} size={14} />
            {word}: see the issue
          </Link>
        );
      })}
    </span>
  );
}
