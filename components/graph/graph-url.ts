"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { GraphSort } from "./arrange.ts";

const VIEWS = ["graph", "list"] as const;
export type GraphView = (typeof VIEWS)[number];
const SORTS = ["problems", "name"] as const satisfies GraphSort[];

const PARSERS = {
  view: parseAsStringLiteral(VIEWS).withDefault("graph"),
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SORTS).withDefault("problems"),
  /** What is drawn unfolded although it could be folded: all of it. */
  fold: parseAsStringLiteral(["none"] as const),
};

/** How the page shows what it shows: in the address, beside the drawer's own part (graph-drawer/drawer-place.ts). */
export function useGraphUrl() {
  const [{ view, q, sort, fold }, set] = useQueryStates(PARSERS, { history: "replace" });
  return {
    view,
    query: q,
    sort,
    isUnfolded: fold === "none",
    setView: (next: GraphView) => void set({ view: next }, { history: "push" }),
    setQuery: (next: string) => void set({ q: next || null }),
    setSort: (next: GraphSort) => void set({ sort: next }),
    setUnfolded: (isUnfolded: boolean) => void set({ fold: isUnfolded ? "none" : null }),
  };
}
