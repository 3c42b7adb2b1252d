// The name of a group, and its backlog in words. Pure.

import { formatCount } from "#components/ui/format.ts";
import type { GroupBacklog } from "#server/contracts/groups.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

export const groupName = (value: string): string => (value === "" ? "without the value" : visibleText(value));

/** `500+ queued, 12 held` */
export function backlogWords({ queued_count, held_count, is_paused, is_at_least }: GroupBacklog): string {
  const counted = (count: number) =>
    `${formatCount(count)}${is_at_least && count === Math.max(queued_count, held_count) ? "+" : ""}`;
  const parts = [
    ...(queued_count > 0 ? [`${counted(queued_count)} queued`] : []),
    ...(held_count > 0 ? [`${counted(held_count)} held`] : []),
  ];
  if (parts.length > 0) return parts.join(", ");
  return is_paused ? "paused, nothing waits" : "nothing waits";
}
