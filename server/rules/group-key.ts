// The group of a request at a destination that has groups: events with equal keys are one group. As with an order key, the first
// characters name the place that was read, so a key of earlier settings is told from one of today's.
import { createHash } from "node:crypto";
import { GROUP_MARK_LENGTH, shownGroup } from "#server/contracts/group-filter.ts";
import { type Groups, limitsOfGroup } from "#server/contracts/groups.ts";

/** The beginning of the keys of all groups with these settings. No other turn key begins so. */
export const groupMark = ({ key }: Pick<Groups, "key">): string =>
  `g${createHash("sha256")
    .update(key)
    .digest("hex")
    .slice(0, GROUP_MARK_LENGTH - 1)}`;

/** @param value as `orderValue` reads it */
export const toGroupKey = (mark: string, value: string | null): string => mark + (value ?? "");

/** Whether nothing may go of the group that this turn key names. A turn key of other groups names none. */
export function isGroupPaused(groups: Groups | null, turnKey: string | null): boolean {
  if (!groups || !turnKey?.startsWith(groupMark(groups))) return false;
  return limitsOfGroup(groups, shownGroup(turnKey) ?? "").isPaused;
}
