import type { TRPCClient } from "@trpc/client";
import type { ReactNode } from "react";
import type { Filter } from "#components/data/filters.ts";
import type { Series } from "#components/data/histogram.tsx";
import type { Names } from "#components/data/use-names.ts";
import type { IconName } from "#components/ui/icons.tsx";
import type { AppRouter } from "#server/api/app-router.ts";
import type { Histogram, RequestCounts } from "#server/contracts/histogram.ts";
import type { LiveKind } from "#server/contracts/live.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ViewedList } from "#server/contracts/saved-view.ts";
import type { ListColumn } from "./columns.ts";
import type { ListInput } from "./list-input.ts";

export type ApiClient = TRPCClient<AppRouter>;

export interface ListRow {
  id: string;
  created_at: string;
}

/** How many rows match; of requests also how many came twice or had nowhere to go. */
export type ListCounts = Histogram & Partial<RequestCounts>;

/** A filter that is one press away. */
export interface QuickFilter {
  /** The filter's, and its value. */
  key: string;
  value: string;
  label: string;
  icon?: IconName;
  tone?: string;
  countIn: (counts: ListCounts) => number;
}

/** What tells one list from another; all else is the same page. */
export interface ListDefinition<Row extends ListRow> {
  title: string;
  /** The page's path; an id behind it is the row's own page. */
  path: string;
  /** The list by whose name the server keeps its views. */
  viewsOf: ViewedList;
  one: string;
  many: string;
  /** When there are none yet. */
  emptyWords: string;
  filters: readonly Filter[];
  columns: (names: Names) => readonly ListColumn<Row>[];
  cardOf: (row: Row, names: Names) => ReactNode;
  nameOf: (row: Row) => string;
  /** The parts of a bar of the histogram, by the keys of its counts. */
  series: readonly Series[];
  /** Chips of their own, with how many there are. */
  quick: readonly QuickFilter[];
  /** The live changes that may be of this list. */
  newsKind: LiveKind;
  /** Whether a row can become another one after it is there. */
  hasMoves: boolean;
  list: (api: ApiClient, input: ListInput, signal: AbortSignal | undefined) => Promise<Page<Row>>;
  count: (api: ApiClient, input: ListInput, signal: AbortSignal | undefined) => Promise<ListCounts>;
  /** The filters that an operation on all that match takes; empty where there is no such operation. */
  bulkFilters: readonly string[];
}
