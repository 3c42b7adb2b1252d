"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import { NameDialog } from "./name-dialog.tsx";

const MAX_NAME_CHARS = 155;
const SUFFIX = "-copy";

interface DuplicateDialogProps {
  saved: Transformation;
  isOpen: boolean;
  close: () => void;
}

/** Makes another one of what is saved, its values of env included. */
export function DuplicateDialog({ saved, isOpen, close }: DuplicateDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const duplicate = useMutation(
    trpc.transformations.duplicate.mutationOptions({
      onSuccess(made) {
        close();
        showToast({ kind: "done", text: `${made.name} was made of v${saved.version}.` });
        router.push(`/transformations/${made.id}`);
      },
    }),
  );
  return (
    <NameDialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (next) return;
        duplicate.reset();
        close();
      }}
      title={`Duplicate ${saved.name}`}
      description={`The copy starts with the code of v${saved.version} and the same values of env. No connection uses it yet.`}
      initial={`${saved.name.slice(0, MAX_NAME_CHARS - SUFFIX.length)}${SUFFIX}`}
      action="Duplicate"
      isBusy={duplicate.isPending}
      error={duplicate.error}
      onName={(name) => duplicate.mutate({ id: saved.id, name })}
    />
  );
}
