"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import type { Transformation } from "#server/contracts/transformation.ts";
import { type Draft, keepDraft, readDraft, standingOf, tabStore } from "./draft.ts";

/** What was typed into the code and is not saved yet. */
export function useDraft(saved: Transformation) {
  const [draft, setDraft] = useState<Draft>();
  // After the page: the server knows nothing of this tab.
  useEffect(() => setDraft(readDraft(tabStore(), saved.id)), [saved.id]);
  const keep = (next: Draft | undefined) => {
    setDraft(next);
    keepDraft(tabStore(), saved.id, next);
  };
  return {
    code: draft?.code ?? saved.code,
    standing: standingOf(draft, saved),
    type: (code: string) => {
      if (code === draft?.code || (draft === undefined && code === saved.code)) return;
      keep(code === saved.code ? undefined : { code, version: draft?.version ?? saved.version });
    },
    drop: () => keep(undefined),
    /** What was typed while it was saved is a draft of the new version. */
    settle: (next: Transformation) =>
      keep(draft === undefined || draft.code === next.code ? undefined : { ...draft, version: next.version }),
    /** The draft goes on from the version that is saved now: whoever chose so has seen it. */
    rebase: () => draft && keep({ ...draft, version: saved.version }),
  };
}

/** The transformation, and what changes it. Each answer takes its place on the page at once. */
export function useTransformation(id: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data: saved } = useSuspenseQuery(trpc.transformations.get.queryOptions({ id }));
  const onSuccess = (next: Transformation) => {
    queries.setQueryData(trpc.transformations.get.queryKey({ id }), next);
    void queries.invalidateQueries({ queryKey: [["transformations"]] });
  };
  // What was refused because somebody else was first is made from what is read now.
  const onError = () => void queries.invalidateQueries({ queryKey: trpc.transformations.get.queryKey({ id }) });
  return {
    saved,
    update: useMutation(trpc.transformations.update.mutationOptions({ onSuccess, onError })),
    restore: useMutation(trpc.transformations.restore.mutationOptions({ onSuccess, onError })),
  };
}

export type Changes = Omit<ReturnType<typeof useTransformation>, "saved">;
