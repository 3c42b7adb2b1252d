"use client";

import { createContext, use, useCallback, useSyncExternalStore } from "react";
import type { Capability } from "#server/contracts/capability.ts";
import type { CardActions } from "./card-actions.ts";
import type { SlotKind } from "./card-words.ts";
import type { FoldFace } from "./fold-face.ts";
import type { Card, CardKind, ConnectionCard, EdgeLook, GraphTotals } from "./graph-types.ts";
import type { MarkStore } from "./marks.ts";
import { type SliceStore, useSlice, useSlices } from "./slice-store.ts";

/** The ways from a card to what belongs to it. */
export interface GraphWays {
  open: (id: string, tab?: string) => void;
  openRule: (connectionId: string, rule: SlotKind) => void;
  openNew: (what: CardKind, ends?: { source?: string; destination?: string }) => void;
  askDelete: (card: Card) => void;
  /** Asks until when to pause it. */
  askPause: (card: ConnectionCard) => void;
  /** Draws the members of a fold in its place, or folds them again. */
  toggleFold: (foldId: string) => void;
}

export interface GraphNumbers {
  totals: GraphTotals;
  /** How many there are, and how many connections are drawn each for itself. */
  counts: Record<CardKind, number> & { shownConnections: number; foldedConnections: number };
}
export const TOTALS = "totals";

/** What all cards of a graph share. It stays the same object while the page lives: nothing renders again because of it. */
export interface GraphShared {
  cards: SliceStore<Card>;
  folds: SliceStore<FoldFace>;
  edges: SliceStore<EdgeLook>;
  /** One slice, under {@link TOTALS}. */
  totals: SliceStore<GraphNumbers>;
  marks: MarkStore;
  actions: CardActions;
  go: GraphWays;
  can: readonly Capability[];
}

export const GraphContext = createContext<GraphShared | undefined>(undefined);

export function useGraph(): GraphShared {
  const shared = use(GraphContext);
  if (!shared) throw new Error("Cards stand within a graph only.");
  return shared;
}

/** What is marked of one card: it renders again only when that changes. */
export function useMarks(id: string): number {
  const { marks } = useGraph();
  const read = useCallback(() => marks.of(id), [marks, id]);
  return useSyncExternalStore(marks.subscribe, read, read);
}

const NO_NUMBERS: GraphNumbers = {
  totals: {
    failed: 0,
    held: 0,
    retrying: 0,
    queued: 0,
    requestsPerMinute: 0,
    eventsPerMinute: 0,
    needsYou: 0,
    movesOnByItself: 0,
  },
  counts: { source: 0, connection: 0, destination: 0, shownConnections: 0, foldedConnections: 0 },
};

/** The sums over the whole graph. */
export const useTotals = (): GraphNumbers => useSlice(useGraph().totals, TOTALS) ?? NO_NUMBERS;

const NO_IDS: readonly string[] = [];

/** The connections at a card, or the card itself, as they are now: what is said of them, and done to them, is of no older state. */
export function useBranches(card: Card): readonly ConnectionCard[] {
  const { cards } = useGraph();
  const branches = useSlices(cards, card.kind === "connection" ? NO_IDS : card.connectionIds);
  return card.kind === "connection" ? [card] : branches.filter((branch) => branch.kind === "connection");
}
