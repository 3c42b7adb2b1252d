"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { carryDraft } from "#components/resource-form/carry-draft.ts";
import type { Values } from "#components/resource-form/values.ts";

interface ResourceFields<R> {
  kind: "sources" | "connections" | "destinations";
  valuesOf: (resource: R) => Values;
  isSecret: (field: string) => boolean;
}

/** Shows a resource as it is now, here and wherever else it stands. A draft of it stands on the new state. */
export function useTake<R extends { id: string; updated_at: string }>(fields: ResourceFields<R>): (now: R) => void {
  const { kind, valuesOf, isSecret } = fields;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return (now) => {
    const key: QueryKey = trpc[kind].get.queryKey({ id: now.id });
    const from = queryClient.getQueryData<R>(key)?.updated_at;
    if (from !== undefined) carryDraft(now.id, from, { updatedAt: now.updated_at, values: valuesOf(now) }, isSecret);
    queryClient.setQueryData(key, now);
    for (const changed of ["topology", kind]) void queryClient.invalidateQueries({ queryKey: [[changed]] });
  };
}
