"use client";

import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { act, rename } from "#components/graph-drawer/act.ts";
import { useTake } from "#components/graph-drawer/use-take.ts";
import type { Connection } from "#server/contracts/connection.ts";
import { isSecret, valuesOf } from "./connection-fields.ts";

/** What can be done with a connection at once, each with its Undo. */
export function useConnectionActs(connection: Connection) {
  const { connections: api } = useTRPCClient();
  const { id, name, paused_at, paused_until } = connection;
  const take = useTake<Connection>({ kind: "connections", valuesOf, isSecret });
  const onChanged = take;
  return {
    take,
    rename: (next: string) => rename(connection, next, api.update.mutate, take),
    pause: () =>
      act({
        run: () => api.pause.mutate({ id }),
        says: `${name} is paused. What comes is held.`,
        kind: "held",
        undo: (if_updated_at) => api.unpause.mutate({ id, if_updated_at }),
        onChanged,
      }),
    pauseUntil: (until: string) =>
      act({
        run: () => api.pause.mutate({ id, until }),
        says: `${name} is paused. It resumes by itself.`,
        kind: "held",
        undo: (if_updated_at) =>
          paused_at === null
            ? api.unpause.mutate({ id, if_updated_at })
            : api.pause.mutate({ id, until: paused_until, if_updated_at }),
        onChanged,
      }),
    resume: () =>
      act({
        run: () => api.unpause.mutate({ id }),
        says: `${name} is resumed. What was held goes out in order.`,
        undo: (if_updated_at) => api.pause.mutate({ id, until: paused_until, if_updated_at }),
        onChanged,
      }),
    enable: () =>
      act({
        run: () => api.enable.mutate({ id }),
        says: `${name} is enabled.`,
        undo: (if_updated_at) => api.disable.mutate({ id, if_updated_at }),
        onChanged,
      }),
    disable: () =>
      act({
        run: () => api.disable.mutate({ id }),
        says: `${name} is disabled. New requests are ignored.`,
        undo: (if_updated_at) => api.enable.mutate({ id, if_updated_at }),
        onChanged,
      }),
  };
}
export type ConnectionActs = ReturnType<typeof useConnectionActs>;
