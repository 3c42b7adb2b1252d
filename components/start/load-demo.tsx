"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { docsOf } from "#components/frame/error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { DEMO_OFFER } from "./demo-words.ts";

/** Makes the demo in this team. */
export function LoadDemo() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const load = useMutation(trpc.demo.load.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  return (
    <div className="mt-9 grid justify-items-center gap-2 max-md:mt-5 max-md:justify-items-start">
      <div className="flex flex-wrap items-center justify-center gap-3 max-md:justify-start">
        <span className="text-muted">No producer at hand?</span>
        <Button icon="bolt" isBusy={load.isPending} onClick={() => load.mutate({})}>
          Load the demo
        </Button>
        <span className="text-faint text-xs">{DEMO_OFFER}</span>
      </div>
      <FormError docs={docsOf(load.error)}>{load.error?.message}</FormError>
    </div>
  );
}
