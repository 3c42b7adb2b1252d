import type { Ordering } from "#server/contracts/ordering.ts";

const TAGS: Record<Ordering, string | null> = { none: null, fifo: "FIFO", by_key: "By key" };

/** The order that a destination keeps, in a word for its card; null where it keeps none. */
export const orderTag = (ordering: Ordering) => TAGS[ordering];
