"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerOf, ResourceDrawer } from "#components/graph-drawer/resource-drawer.tsx";
import { rateMinutes, waitingAt } from "#components/live/live-state.ts";
import { useLiveState } from "#components/live/use-live.ts";
import { useResourceForm } from "#components/resource-form/use-resource-form.ts";
import { RulesTab } from "#components/rules/rules-tab.tsx";
import { useNow } from "#components/ui/clock.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import { ConnectionActivity } from "./connection-activity.tsx";
import { changesOf, FIELDS, isSecret, labelOf, valuesOf } from "./connection-fields.ts";
import { ConnectionHead } from "./connection-head.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";
import { useConnectionActs } from "./use-connection.ts";

/** One connection: its settings, its rules, and what happens on it. */
export function ConnectionDrawer({ id }: { id: string }) {
  const query = useQuery(useTRPC().connections.get.queryOptions({ id }));
  return (
    <DrawerOf what="connection" query={query}>
      {(connection) => <Loaded connection={connection} />}
    </DrawerOf>
  );
}

function Loaded({ connection }: { connection: Connection }) {
  const { id } = connection;
  const [tab, setTab] = usePart("tab", ["settings", "rules", "activity"]);
  const mayWrite = useMay("connection.write");
  const acts = useConnectionActs(connection);
  const form = useConnectionForm(connection, acts.take);
  const waiting = waitingAt(useLiveState("counts"), { connectionId: id });
  const perMinute = (useLiveState("rates")?.[id]?.delivered_count ?? 0) / useNow(rateMinutes);
  const { sources, destinations } = useNames();
  const nameOf = (value: unknown) => sources.get(String(value))?.name ?? destinations.get(String(value))?.name;
  const facts = { connection, acts, waiting, perMinute };
  return (
    <ResourceDrawer
      name={connection.name}
      rename={mayWrite ? acts.rename : undefined}
      head={<ConnectionHead {...facts} />}
      form={form}
      errors={form.errors(FIELDS)}
      labelOf={labelOf}
      textOf={(_field, value) => nameOf(value) ?? (value === "" ? "empty" : String(value))}
      saveNote={
        tab === "settings" && mayWrite ? "Holds for requests from now on; what waits goes as it was." : undefined
      }
      label="Parts of the connection"
      value={tab}
      onChange={setTab}
      tabs={[
        { value: "settings", label: "Settings", content: <ConnectionSettings {...facts} /> },
        {
          value: "rules",
          label: "Rules",
          ...(connection.rules.length > 0 ? { count: String(connection.rules.length) } : {}),
          content: <RulesTab connection={connection} />,
        },
        { value: "activity", label: "Activity", content: <ConnectionActivity id={id} /> },
      ]}
    />
  );
}

function useConnectionForm(connection: Connection, take: (saved: Connection) => void) {
  const { id } = connection;
  const { connections: api } = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useResourceForm<Connection>({
    resource: connection,
    valuesOf,
    isSecret,
    save: (changes, _all, ifUpdatedAt) =>
      api.update.mutate({ id, if_updated_at: ifUpdatedAt, ...changesOf(changes) } as Parameters<
        typeof api.update.mutate
      >[0]),
    readNow: () => queryClient.fetchQuery(trpc.connections.get.queryOptions({ id }, { staleTime: 0 })),
    onSaved: take,
  });
}
