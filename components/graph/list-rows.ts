// The rows of the list in the order that somebody wants. Pure.
import type { Ordering } from "#server/contracts/ordering.ts";
import { WORST_FIRST } from "./card-state.ts";
import type { Card, ConnectionCard } from "./graph-types.ts";

export interface ListRow {
  id: string;
  name: string;
  sourceName: string;
  destinationName: string;
  /** These two of the destination. */
  ordering: Ordering;
  hasGroups: boolean;
}

export type ListColumn = "name" | "state" | "source" | "destination" | "rate" | "waiting";
export interface ListSort {
  by: ListColumn;
  isUp: boolean;
}

type Value = string | number;

function sortValueOf(row: ListRow, by: ListColumn, card: ConnectionCard | undefined): Value {
  switch (by) {
    case "name":
      return row.name;
    case "source":
      return row.sourceName;
    case "destination":
      return row.destinationName;
    case "state":
      return card ? WORST_FIRST.indexOf(card.state.kind) : WORST_FIRST.length;
    case "rate":
      return card?.perMinute ?? -1;
    case "waiting":
      return card?.badges.shown.reduce((sum, { state, count }) => sum + (state === "FAILED" ? 0 : count), 0) ?? 0;
  }
}

const compare = (a: Value, b: Value) =>
  typeof a === "string" && typeof b === "string" ? a.localeCompare(b, "en", { numeric: true }) : Number(a) - Number(b);

/** Equal rows keep the order of the graph. */
export function sortRows(
  rows: readonly ListRow[],
  sort: ListSort | undefined,
  cardOf: (id: string) => Card | undefined,
): readonly ListRow[] {
  if (!sort) return rows;
  const withValue = rows.map((row) => {
    const card = cardOf(row.id);
    return { row, value: sortValueOf(row, sort.by, card?.kind === "connection" ? card : undefined) };
  });
  const way = sort.isUp ? 1 : -1;
  return withValue.toSorted((a, b) => way * compare(a.value, b.value)).map(({ row }) => row);
}
