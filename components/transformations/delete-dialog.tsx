"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { AskFirst } from "#components/settings/ask-first.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import { keepDraft, keepPastedText, tabStore } from "./draft.ts";

interface DeleteDialogProps {
  saved: Transformation;
  isOpen: boolean;
  close: () => void;
}

const versions = (count: number) => (count === 1 ? "1 version" : `${count} versions`);

/** Asks before a transformation that nothing uses is gone with its history. */
export function DeleteDialog({ saved, isOpen, close }: DeleteDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.transformations.delete.mutationOptions({
      // Who uses it meanwhile is in the server's sentence.
      onError: ({ message }) => showToast({ kind: "failed", text: message }),
    }),
  );
  const confirm = async () => {
    await remove.mutateAsync({ id: saved.id });
    keepDraft(tabStore(), saved.id, undefined);
    keepPastedText(tabStore(), saved.id, "");
    void queries.invalidateQueries({ queryKey: trpc.transformations.list.queryKey() });
    showToast({ kind: "done", text: `${saved.name} was deleted.` });
    router.push("/transformations");
  };
  return (
    <AskFirst
      isOpen={isOpen}
      onOpenChange={close}
      title={`Delete ${saved.name}?`}
      affects={`No connection uses it. ${versions(saved.version)} of its code go with it, and ${Object.keys(saved.env).length} values of env.`}
      name={saved.name}
      confirmLabel={`Delete ${versions(saved.version)}`}
      onConfirm={confirm}
    />
  );
}
