// A list as it is looked at, as the server keeps it under a name.
import { type Filter, type FilterValues, readFilter } from "#components/data/filters.ts";

export type ViewFilters = Readonly<Record<string, string>>;

/** The filters that are set. A view keeps no more: what is open, and how far the list was scrolled, is of the moment. */
export const filtersSet = (filters: readonly Filter[], values: FilterValues): ViewFilters =>
  Object.fromEntries(filters.flatMap(({ key }) => (values[key] == null ? [] : [[key, values[key]]])));

/** The page's values for a view; null where it has none. What a view says that the list cannot read is left out. */
export const viewValues = (filters: readonly Filter[], kept: ViewFilters): Record<string, string | null> =>
  Object.fromEntries(
    filters.map((filter) => {
      const text = Object.hasOwn(kept, filter.key) ? kept[filter.key] : undefined;
      return [filter.key, text === undefined ? null : readFilter(filter, text)];
    }),
  );

/** Whether a list shows what the view was saved of. */
export const isAsSaved = (filters: readonly Filter[], values: FilterValues, kept: ViewFilters): boolean => {
  const saved = viewValues(filters, kept);
  return filters.every(({ key }) => (values[key] ?? null) === saved[key]);
};
