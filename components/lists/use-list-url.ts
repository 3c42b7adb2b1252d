"use client";

import { createParser, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { type Filter, type FilterValues, filterParsers } from "#components/data/filters.ts";
import { parseTimeRange, type TimeRange, writeTimeRange } from "#components/data/time-range.ts";

const rangeParser = createParser({ parse: parseTimeRange, serialize: writeTimeRange });
const idParser = createParser({
  parse: (text: string) => (/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text : null),
  serialize: (id: string) => id,
});

const columnsParser = createParser({
  parse: (text: string) => (/^[a-z_,]{1,400}$/.test(text) ? text : null),
  serialize: (keys: string) => keys,
});

export interface ListUrl {
  values: FilterValues;
  /** The range that the histogram shows where the list is narrowed to a part of it. */
  axis: TimeRange | null;
  openId: string | undefined;
  /** The saved view that the list was opened by; its filters may have been changed since. */
  viewId: string | undefined;
  /** Keys between commas; null where the address names none. */
  columns: string | null;
  setColumns: (keys: readonly string[] | null) => void;
  setFilter: (key: string, value: string | null) => void;
  /** By key; null takes a filter away. */
  setFilters: (values: Readonly<Record<string, string | null>>) => void;
  /** Narrows the list to a part of what the histogram shows. */
  narrow: (to: TimeRange, axis: TimeRange) => void;
  clearFilters: () => void;
  /** @param values of all filters, null for those that the view has not */
  showView: (id: string, values: FilterValues) => void;
  /** The filters stay, under no name. */
  leaveView: () => void;
  /** `isStep`: to the next row from an open one, which is no new entry of the history. */
  open: (id: string | undefined, isStep?: boolean) => void;
}

/** Everything about a list that can be shared, gone back to and reloaded. `filters` stay the same object. */
export function useListUrl(filters: readonly Filter[]): ListUrl {
  const parsers = useMemo(
    () => ({ ...filterParsers(filters), axis: rangeParser, open: idParser, view: idParser, columns: columnsParser }),
    [filters],
  );
  const [state, set] = useQueryStates(parsers, { history: "push" });
  const { axis, open, view, columns, ...values } = state;
  const timeKey = filters.find(({ kind }) => kind === "time")?.key ?? "time";
  // A row that is open need not be in what the filter shows next.
  const closed = { open: null };
  const cleared = { ...Object.fromEntries(filters.map(({ key }) => [key, null])), axis: null, ...closed };
  const setFilters = (next: Readonly<Record<string, string | null>>) =>
    void set({ ...next, ...closed, ...(timeKey in next ? { axis: null } : {}) });
  return {
    values: values as FilterValues,
    axis,
    openId: open ?? undefined,
    viewId: view ?? undefined,
    columns,
    setColumns: (keys) => void set({ columns: keys?.join(",") ?? null }, { history: "replace" }),
    setFilter: (key, value) => setFilters({ [key]: value }),
    setFilters,
    narrow: (to, of) => void set({ [timeKey]: writeTimeRange(to), axis: of, ...closed }),
    clearFilters: () => void set({ ...cleared, view: null }),
    showView: (id, values) => void set({ ...cleared, ...values, view: id }),
    leaveView: () => void set({ view: null }, { history: "replace" }),
    open: (id, isStep = false) => void set({ open: id ?? null }, { history: isStep ? "replace" : "push" }),
  };
}
