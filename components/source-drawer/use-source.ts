"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { act, rename } from "#components/graph-drawer/act.ts";
import { useTake } from "#components/graph-drawer/use-take.ts";
import { useResourceForm } from "#components/resource-form/use-resource-form.ts";
import type { Source } from "#server/contracts/source.ts";
import { changesOf, isSecret, valuesOf } from "./source-fields.ts";

export const useTakeSource = () => useTake<Source>({ kind: "sources", valuesOf, isSecret });

/** What can be done with a source at once, each with its Undo. */
export function useSourceActs(source: Source) {
  const { id, name } = source;
  const { sources: api } = useTRPCClient();
  const onChanged = useTakeSource();
  return {
    rename: (next: string) => rename(source, next, api.update.mutate, onChanged),
    enable: () =>
      act({
        run: () => api.enable.mutate({ id }),
        says: `${name} takes webhooks again.`,
        undo: (if_updated_at) => api.disable.mutate({ id, if_updated_at }),
        onChanged,
      }),
    disable: () =>
      act({
        run: () => api.disable.mutate({ id }),
        says: `${name} is disabled. What comes is refused with 403.`,
        kind: "held",
        undo: (if_updated_at) => api.enable.mutate({ id, if_updated_at }),
        onChanged,
      }),
  };
}

export function useSourceForm(source: Source) {
  const { id } = source;
  const { sources: api } = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const take = useTakeSource();
  return useResourceForm<Source>({
    resource: source,
    valuesOf,
    isSecret,
    save: (changes, all, ifUpdatedAt) =>
      api.update.mutate({ id, if_updated_at: ifUpdatedAt, ...changesOf(changes, all) } as Parameters<
        typeof api.update.mutate
      >[0]),
    readNow: () => queryClient.fetchQuery(trpc.sources.get.queryOptions({ id }, { staleTime: 0 })),
    onSaved: take,
  });
}
