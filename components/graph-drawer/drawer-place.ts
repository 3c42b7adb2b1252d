"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const RULES = ["deduplicate", "transform", "filter", "delay", "retry"] as const;
export type RuleType = (typeof RULES)[number];
const MADE_KINDS = ["source", "destination", "connection"] as const;
type MadeKind = (typeof MADE_KINDS)[number];

/** What the drawer shows. */
export type DrawerPlace =
  | { kind: "nothing" }
  | { kind: "resource"; id: string }
  | { kind: "rule"; connectionId: string; rule: RuleType }
  | { kind: "new"; what: MadeKind; sourceId: string | undefined; destinationId: string | undefined };

const PARSERS = {
  panel: parseAsString,
  tab: parseAsString,
  rule: parseAsStringLiteral(RULES),
  new: parseAsStringLiteral(MADE_KINDS),
  source: parseAsString,
  destination: parseAsString,
};

const CLOSED = { panel: null, tab: null, rule: null, new: null, source: null, destination: null };

interface Query {
  panel: string | null;
  rule: RuleType | null;
  new: MadeKind | null;
  source: string | null;
  destination: string | null;
}

/** The place that an address names. Making something goes before what is open. */
export function placeOf(query: Query): DrawerPlace {
  const { panel, rule, source, destination } = query;
  if (query.new) {
    return { kind: "new", what: query.new, sourceId: source ?? undefined, destinationId: destination ?? undefined };
  }
  if (!panel) return { kind: "nothing" };
  if (rule && panel.startsWith("web_")) return { kind: "rule", connectionId: panel, rule };
  return { kind: "resource", id: panel };
}

/** What the address says is open, and the ways to other places. Each is a step of its own for the browser's Back. */
export function useDrawerPlace() {
  const [query, setQuery] = useQueryStates(PARSERS, { history: "push" });
  return {
    place: placeOf(query),
    /** The drawer of a resource; `tab` is one of its own. */
    open: (id: string, tab?: string) => void setQuery({ ...CLOSED, panel: id, tab: tab ?? null }),
    openRule: (connectionId: string, rule: RuleType) =>
      void setQuery({ ...CLOSED, panel: connectionId, tab: "rules", rule }),
    openNew: (what: MadeKind, ends: { source?: string; destination?: string } = {}) =>
      void setQuery({ ...CLOSED, new: what, ...ends }),
    close: () => void setQuery(CLOSED),
  };
}
