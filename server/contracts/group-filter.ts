// The group in an event's turn key, and the filter of lists by it.
import { z } from "zod";
import { manyOf } from "./query-values.ts";

/** The characters of a turn key that tell the groups it was made for; the value follows. */
export const GROUP_MARK_LENGTH = 9;

/** The value in a turn key, empty where the request had none; null where the turn key is no group's. */
export function shownGroup(turnKey: string | null): string | null {
  if (!turnKey?.startsWith("g")) return null;
  const value = turnKey.slice(GROUP_MARK_LENGTH);
  return value.startsWith("=") ? value.slice(1) : value;
}

/** The ends of the turn keys that the groups with these values may have: the value itself, or the hash of one that is long. */
export const groupEnds = (values: readonly string[]): string[] =>
  values.flatMap((value) => (value === "" ? [""] : [`=${value}`, ...(value.startsWith("#") ? [value] : [])]));

/** The condition that an event belongs to one of these groups. @param ends a placeholder for {@link groupEnds} */
export const isOfGroups = (row: string, ends: string): string =>
  `(${row}.turn_key like 'g%' and substr(${row}.turn_key, ${GROUP_MARK_LENGTH + 1}) = any (${ends}::text[]))`;

export const GroupFilter = manyOf(z.string().max(200)).meta({
  description: "The value of the group that it belonged to when it was routed.",
});
