"use client";

import { useKeys } from "#components/ui/use-keys.ts";
import type { CanvasLink } from "./canvas-link.ts";
import { cardIdOf } from "./card-at.ts";
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

/** What changes something, each only for those who may. */
const WRITES: readonly [key: string, label: string, run: (shared: GraphShared, card: Card) => void][] = [
  [
    "p",
    "Pause or resume the connection",
    ({ actions, can }, card) => {
      if (card.kind === "connection" && can.includes("connection.pause")) void actions.setPaused(card, !card.isPaused);
    },
  ],
  [
    "r",
    "Replay what failed on the connection",
    ({ actions, can }, card) => {
      if (card.kind === "connection" && can.includes("events.retry")) actions.replay(card);
    },
  ],
  [
    "c",
    "Connect the source or the destination",
    ({ go, can }, card) => {
      if (!can.includes("connection.write") || card.kind === "connection") return;
      go.openNew("connection", { [card.kind]: card.id });
    },
  ],
  [
    "F2",
    "Rename the card in place",
    ({ marks, can }, card) => {
      if (can.includes(`${card.kind}.write`)) marks.set({ renamingId: card.id });
    },
  ],
  [
    "d",
    "Duplicate the connection, disabled at first",
    ({ actions, can, go }, card) => {
      if (card.kind !== "connection" || !can.includes("connection.write")) return;
      void actions.duplicate(card).then((id) => id && go.open(id));
    },
  ],
  ["Delete", "Delete the card, asks first", (shared, card) => askDelete(shared, card)],
  ["Backspace", "Delete the card, asks first", (shared, card) => askDelete(shared, card)],
];

const askDelete = ({ go, can }: GraphShared, card: Card) => {
  if (can.includes("resources.delete")) go.askDelete(card);
};

/** The keys of the graph. They act on the card that has the focus, or on the selected one. */
export function useGraphKeys({ shared, move, nextProblem, fold, isDense, link }: GraphKeys): void {
  const { marks, go, can } = shared;
  const withCard = (run: (shared: GraphShared, card: Card) => void) => () => {
    const card = heldCard(shared);
    if (card) run(shared, card);
  };
  useKeys([
    ...ARROWS.map(([keys, label]) => ({ keys, label, run: () => move(keys) })),
    { keys: "Enter", label: "Open the card", run: () => open(shared) },
    { keys: "Space", label: "Select the card", run: () => select(shared) },
    { keys: "Escape", label: "Let go of what is selected", run: () => marks.set({ selectedId: undefined }) },
    ...WRITES.map(([keys, label, run]) => ({ keys, label, run: withCard(run) })),
    isDense || !can.includes("connection.write")
      ? { keys: "n", label: "Next problem", run: nextProblem }
      : { keys: "n", label: "New connection", run: () => go.openNew("connection") },
    { keys: "+", label: "Zoom in", run: () => link.commands?.zoomIn() },
    { keys: "-", label: "Zoom out", run: () => link.commands?.zoomOut() },
    { keys: "0", label: "Show all", run: () => link.commands?.fit() },
    { keys: "f", label: "Fold what is healthy, or draw all", run: fold },
  ]);
}
