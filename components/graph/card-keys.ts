import type { KeyBinding } from "#components/ui/key-sequence.ts";
import type { GraphShared } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";

/** What changes a card, each only for those who may. */
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

/** The keys that change the card that `held` gives at the moment of the press, in the graph as in the list. */
export const cardKeys = (shared: GraphShared, held: () => Card | undefined): KeyBinding[] =>
  WRITES.map(([keys, label, run]) => ({
    keys,
    label,
    run: () => {
      const card = held();
      if (card) run(shared, card);
    },
  }));
