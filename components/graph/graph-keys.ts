"use client";

import { useKeys } from "#components/ui/use-keys.ts";
import type { CanvasLink } from "./canvas-link.ts";
import { cardIdOf } from "./card-at.ts";
import { cardKeys } from "./card-keys.ts";
import type { GraphShared } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";
import type { Arrow } from "./neighbour.ts";

const ARROWS: readonly [Arrow, string][] = [
  ["ArrowUp", "The card above"],
  ["ArrowDown", "The card below"],
  ["ArrowLeft", "Back along an edge"],
  ["ArrowRight", "On along an edge"],
];

/** The card that a key is meant for: the one that has the focus, else the one that is selected. */
function heldCard({ cards, marks }: GraphShared): Card | undefined {
  const focused = cardIdOf(document.activeElement);
  const id = focused ?? marks.read().selectedId;
  return id === undefined ? undefined : cards.get(id);
}

interface GraphKeys {
  shared: GraphShared;
  move: (arrow: Arrow) => void;
  nextProblem: () => void;
  fold: () => void;
  isDense: boolean;
  link: CanvasLink;
}

const open = (shared: GraphShared) => {
  const focused = cardIdOf(document.activeElement);
  if (focused !== undefined && shared.folds.get(focused)) return shared.go.toggleFold(focused);
  const card = heldCard(shared);
  if (card) shared.go.open(card.id);
};

const select = ({ marks }: GraphShared) => {
  const { selectedId, currentId } = marks.read();
  marks.set({ selectedId: selectedId === currentId ? undefined : currentId });
};

const connect = (shared: GraphShared) => {
  const card = heldCard(shared);
  if (!card || card.kind === "connection" || !shared.can.includes("connection.write")) return;
  shared.go.openNew("connection", { [card.kind]: card.id });
};

/** The keys of the graph. They act on the card that has the focus, or on the selected one. */
export function useGraphKeys({ shared, move, nextProblem, fold, isDense, link }: GraphKeys): void {
  const { marks, go, can } = shared;
  useKeys([
    ...ARROWS.map(([keys, label]) => ({ keys, label, run: () => move(keys) })),
    { keys: "Enter", label: "Open the card", run: () => open(shared) },
    { keys: "Space", label: "Select the card", run: () => select(shared) },
    { keys: "Escape", label: "Let go of what is selected", run: () => marks.set({ selectedId: undefined }) },
    ...cardKeys(shared, () => heldCard(shared)),
    { keys: "c", label: "Connect the source or the destination", run: () => connect(shared) },
    isDense || !can.includes("connection.write")
      ? { keys: "n", label: "Next problem", run: nextProblem }
      : { keys: "n", label: "New connection", run: () => go.openNew("connection") },
    { keys: "+", label: "Zoom in", run: () => link.commands?.zoomIn() },
    { keys: "-", label: "Zoom out", run: () => link.commands?.zoomOut() },
    { keys: "0", label: "Show all", run: () => link.commands?.fit() },
    { keys: "f", label: "Fold what is healthy, or draw all", run: fold },
  ]);
}
