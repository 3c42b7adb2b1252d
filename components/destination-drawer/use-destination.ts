"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { act, rename } from "#components/graph-drawer/act.ts";
import { useTake } from "#components/graph-drawer/use-take.ts";
import { rateMinutes, waitingAt } from "#components/live/live-state.ts";
import { useLiveState } from "#components/live/use-live.ts";
import { useResourceForm } from "#components/resource-form/use-resource-form.ts";
import { useNow } from "#components/ui/clock.tsx";
import type { BreakerMode } from "#server/contracts/breaker.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { changesOf, isSecret, valuesOf } from "./destination-fields.ts";
import { groupName } from "./group-words.ts";

const BREAKER_DONE: Record<BreakerMode, string> = {
  auto: "the breaker opens and closes by itself.",
  open: "the breaker is open. What comes is held.",
  closed: "the breaker is closed. What was held goes out, slowly at first.",
  off: "there is no breaker any more.",
};

/** What can be done with a destination at once, each with its Undo. */
export function useDestinationActs(destination: Destination) {
  const { destinations: api } = useTRPCClient();
  const { id, name } = destination;
  const take = useTake<Destination>({ kind: "destinations", valuesOf, isSecret });
  return {
    take,
    rename: (next: string) => rename(destination, next, api.update.mutate, take),
    setBreaker: (mode: BreakerMode) =>
      act({
        run: () => api.breaker.mutate({ id, mode }),
        says: `${name}: ${BREAKER_DONE[mode]}`,
        ...(mode === "open" && { kind: "held" as const }),
        undo: (if_updated_at) => api.breaker.mutate({ id, mode: destination.config.breaker.mode, if_updated_at }),
        onChanged: take,
      }),
    switchGroup: (value: string, isPaused: boolean) => {
      const to = (paused: boolean) => (paused ? api.pauseGroup : api.resumeGroup);
      return act({
        run: () => to(isPaused).mutate({ id, value }),
        says: `${name}: the group ${groupName(value)} ${isPaused ? "is paused. Its events are held." : "goes on."}`,
        ...(isPaused && { kind: "held" as const }),
        undo: (if_updated_at) => to(!isPaused).mutate({ id, value, if_updated_at }),
        onChanged: take,
      });
    },
    enable: () =>
      act({
        run: () => api.enable.mutate({ id }),
        says: `${name} is enabled. What was held goes out in order.`,
        undo: (if_updated_at) => api.disable.mutate({ id, if_updated_at }),
        onChanged: take,
      }),
    disable: () =>
      act({
        run: () => api.disable.mutate({ id }),
        says: `${name} is disabled. Every branch to it is held.`,
        kind: "held",
        undo: (if_updated_at) => api.enable.mutate({ id, if_updated_at }),
        onChanged: take,
      }),
  };
}
export type DestinationActs = ReturnType<typeof useDestinationActs>;

export function useDestinationForm(destination: Destination, take: (saved: Destination) => void) {
  const { id } = destination;
  const { destinations: api } = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useResourceForm<Destination>({
    resource: destination,
    valuesOf,
    isSecret,
    save: (changes, all, ifUpdatedAt) =>
      api.update.mutate({ ...changesOf(changes, all), id, if_updated_at: ifUpdatedAt } as Parameters<
        typeof api.update.mutate
      >[0]),
    readNow: () => queryClient.fetchQuery(trpc.destinations.get.queryOptions({ id }, { staleTime: 0 })),
    onSaved: take,
  });
}

const MOST_BRANCHES = 255;

/** The connections that share a destination, with what flows on each now. */
export function useBranches(id: string) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.connections.list.queryOptions({ destination_id: [id], limit: MOST_BRANCHES }));
  const rates = useLiveState("rates");
  const minutes = useNow(rateMinutes);
  const waiting = waitingAt(useLiveState("counts"), { destinationId: id });
  const branches = (data?.data ?? []).map((connection) => ({
    ...connection,
    perMinute: (rates?.[connection.id]?.delivered_count ?? 0) / minutes,
  }));
  const perMinute = branches.reduce((sum, branch) => sum + branch.perMinute, 0);
  return { branches, perMinute, waiting, isKnown: data !== undefined };
}
export type Branches = ReturnType<typeof useBranches>;
