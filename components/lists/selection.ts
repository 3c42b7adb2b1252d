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
