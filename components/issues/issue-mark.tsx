"use client";

import Link from "next/link";
import { useLiveState } from "#components/live/use-live.ts";
import { Icon } from "#components/ui/icon.tsx";
import { lookOf } from "./issue-words.ts";

/** On a card: what is open about it, as the way to its issue. */
export function IssueMark({ id, tabIndex }: { id: string; tabIndex: 0 | -1 }) {
  const live = useLiveState("issues") ?? {};
  const open = Object.entries(live).find(([, { subject_id, state }]) => subject_id === id && state === "open");
  if (!open) return null;
  const { icon, colour, word } = lookOf(open[1]);
  return (
    <Link
      href={`/issues?open=${open[0]}`}
      prefetch={false}
      tabIndex={tabIndex}
      aria-label={`${word}: to its issue`}
      title={`${word}: to its issue`}
      className={`nopan grid size-4 shrink-0 place-items-center rounded-xs ${colour}`}
    >
      <Icon name={icon} size={12} />
    </Link>
  );
}
