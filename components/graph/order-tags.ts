import type { Ordering } from "#server/contracts/ordering.ts";

const TAGS: Record<Ordering, readonly string[]> = { none: [], fifo: ["FIFO"], by_key: ["By key"] };

/** In what order a destination is sent to, and whether groups take turns there, each in a word. */
export const orderTags = (ordering: Ordering, hasGroups: boolean): readonly string[] =>
  hasGroups ? [...TAGS[ordering], "Groups"] : TAGS[ordering];
