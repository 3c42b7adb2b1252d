"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { STARTER } from "./starter.ts";

/** Makes a transformation that changes nothing yet, and opens it. */
export function NewDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const create = useMutation(
    trpc.transformations.create.mutationOptions({
      onSuccess: (made) => router.push(`/transformations/${made.id}`),
    }),
  );
  return (
    <NameDialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (next) return;
        create.reset();
        close();
      }}
      title="New transformation"
      description="JavaScript that changes requests on their way. It starts as code that changes nothing."
      initial=""
      action="Make it"
      isBusy={create.isPending}
      error={create.error}
      onName={(name) => create.mutate({ name, code: STARTER })}
    />
  );
}
