import type { Filter } from "#components/data/filters.ts";
import type { Names } from "#components/data/use-names.ts";

const NAMED: Readonly<Record<string, keyof Names>> = {
  source_id: "sources",
  connection_id: "connections",
  destination_id: "destinations",
};

/** The filters with what can be chosen in them today. */
export const withNames = (filters: readonly Filter[], names: Names): readonly Filter[] =>
  filters.map((filter) => {
    const kind = NAMED[filter.key];
    if (kind === undefined || filter.kind !== "many-of") return filter;
    const options = [...names[kind]].map(([value, { name }]) => ({ value, label: name }));
    return { ...filter, options: options.toSorted((a, b) => a.label.localeCompare(b.label)) };
  });
