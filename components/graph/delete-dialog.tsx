"use client";

import { waitingAt } from "#components/live/live-state.ts";
import { useLiveState } from "#components/live/use-live.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deleteWords } from "./delete-words.ts";
import { useBranches, useGraph } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";
import { useSlice } from "./slice-store.ts";

interface DeleteDialogProps {
  /** As it was when somebody asked; what is said and done is of the card as it is now. */
  asked: Card;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** It is gone. */
  onDeleted: (id: string) => void;
}

/** Asks for the name of what is to be deleted, and says before what goes with it. */
export function DeleteDialog({ asked, isOpen, onOpenChange, onDeleted }: DeleteDialogProps) {
  const { cards, actions } = useGraph();
  const counts = useLiveState("counts");
  const card = useSlice(cards, asked.id) ?? asked;
  const branches = useBranches(card);
  const waiting = branches.flatMap(({ id }) => waitingAt(counts, { connectionId: id }) ?? []);
  const { title, affects, confirmLabel } = deleteWords(card, branches, waiting);
  const remove = async () => {
    const others = branches.filter(({ id }) => id !== card.id);
    for (const branch of others) if (!(await actions.remove(branch, true))) return;
    if (await actions.remove(card)) onDeleted(card.id);
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={title}
      affects={affects}
      name={card.name}
      confirmLabel={confirmLabel}
      onConfirm={remove}
    />
  );
}
