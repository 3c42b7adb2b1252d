"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import type { FlowChoice } from "#server/contracts/flow.ts";

/** So long after the last key the file is planned. */
const TYPED_MS = 350;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (text === settled) return;
    const timer = setTimeout(() => setSettled(text), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, settled]);
  return settled;
}

/** The plan of a file against what runs, made anew as either changes. */
export function usePlan(text: string, prune: boolean) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const queries = useQueryClient();
  const planned = useSettled(text);
  const queryKey = ["flow-plan", planned, prune];
  // A file that is being read keeps its plan until somebody asks: only what runs has changed.
  const [changedAt, setChangedAt] = useState(0);
  useLive(["config"], () => setChangedAt(Date.now()));
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.flows.plan.mutate({ text: planned, prune }, { signal }),
    enabled: planned.trim() !== "",
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const isStale = query.data !== undefined && changedAt > query.dataUpdatedAt;
  const apply = useMutation(
    trpc.flows.applyFile.mutationOptions({
      onSuccess: () => void queries.invalidateQueries(),
    }),
  );
  return {
    plan: planned.trim() === "" ? undefined : query.data,
    error: query.error?.message,
    isStale: isStale || apply.error?.data?.code === "CONFLICT",
    isBusy: query.isFetching || planned !== text,
    again: () => {
      apply.reset();
      void query.refetch();
    },
    apply: (choices: FlowChoice[]) =>
      apply.mutateAsync({
        text: planned,
        prune,
        choices,
        ...(query.data?.fingerprint && { fingerprint: query.data.fingerprint }),
      }),
    applyError: apply.error?.message,
    isApplying: apply.isPending,
  };
}

export type Planning = ReturnType<typeof usePlan>;
