import type { ListInput } from "./list-input.ts";

/** What is chosen in a list: rows by their ids, or everything that the filter names. */
export type ListTarget = { kind: "ids"; ids: readonly string[] } | { kind: "filter"; filter: ListInput };

/** For the bar of a selection. */
export interface ListSelection {
  target: ListTarget;
  count: number;
  /** There are more than `count`, which stopped counting. */
  isAtLeast: boolean;
  clear: () => void;
}

interface Matching {
  count: number;
  isAtLeast: boolean;
}

/** All that the list's filters name; undefined where no operation takes one of them, or a time has no beginning. */
export function wholeSelection(
  bulkFilters: readonly string[],
  input: ListInput,
  matching: Matching | undefined,
): Omit<ListSelection, "clear"> | undefined {
  const isTaken = bulkFilters.length > 0 && Object.keys(input).every((key) => bulkFilters.includes(key));
  return isTaken && "from" in input && matching
    ? { target: { kind: "filter", filter: input }, ...matching }
    : undefined;
}
