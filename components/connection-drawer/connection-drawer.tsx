"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { DrawerTitle } from "#components/graph-drawer/drawer-title.tsx";
import { useMay } from "#components/graph-drawer/may.tsx";
import { useNames } from "#components/lists/use-names.ts";
import { waitingAt } from "#components/live/live-state.ts";
import { useLiveState } from "#components/live/use-live.ts";
import { ConflictPanel } from "#components/resource-form/conflict-panel.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { SaveBar } from "#components/resource-form/save-bar.tsx";
import { onSaveKey } from "#components/resource-form/save-keys.ts";
import { useResourceForm } from "#components/resource-form/use-resource-form.ts";
import { RulesTab } from "#components/rules/rules-tab.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import { ConnectionActivity } from "./connection-activity.tsx";
import { changesOf, FIELDS, isSecret, labelOf, valuesOf } from "./connection-fields.ts";
import { ConnectionHead } from "./connection-head.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";
import { useConnectionActs } from "./use-connection.ts";

/** One connection: its settings, its rules, and what happens on it. */
export function ConnectionDrawer({ id }: { id: string }) {
  const { data: connection, error, refetch } = useQuery(useTRPC().connections.get.queryOptions({ id }));
  if (!connection) {
    return error ? (
      <DrawerFailed what="connection" error={error} retry={refetch} />
    ) : (
      <DrawerLoading what="connection" />
    );
  }
  return <Loaded connection={connection} />;
}

/** Rates are of the running and the last whole minute together. */
const RATE_MINUTES = 2;

function Loaded({ connection }: { connection: Connection }) {
  const { id } = connection;
  const [tab, setTab] = usePart("tab", ["settings", "rules", "activity"]);
  const mayWrite = useMay("connection.write");
  const acts = useConnectionActs(connection);
  const form = useConnectionForm(connection, acts.take);
  const waiting = waitingAt(useLiveState("counts"), { connectionId: id });
  const perMinute = (useLiveState("rates")?.[id]?.delivered_count ?? 0) / RATE_MINUTES;
  const { sources, destinations } = useNames();
  const nameOf = (value: unknown) => sources.get(String(value))?.name ?? destinations.get(String(value))?.name;
  const save = () => void form.save();
  const facts = { connection, acts, waiting, perMinute };
  return (
    <DrawerContent
      title={<DrawerTitle name={connection.name} rename={mayWrite ? acts.rename : undefined} />}
      head={<ConnectionHead {...facts} />}
      footer={
        tab === "settings" && mayWrite ? (
          <SaveBar form={form} onSave={save} note="Holds for requests from now on; what waits goes as it was." />
        ) : undefined
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the key of the form's own button */}
      <div onKeyDown={onSaveKey(save)}>
        {form.conflict ? (
          <ConflictPanel
            since={form.conflict.since}
            meanwhile={form.meanwhile}
            labelOf={labelOf}
            textOf={(_field, value) => nameOf(value) ?? (value === "" ? "empty" : String(value))}
            isBusy={form.isBusy}
            onSettle={(dropped) => void form.settle(dropped)}
          />
        ) : null}
        <FormContext value={{ values: form.values, set: form.set, errors: form.errors(FIELDS) }}>
          <Tabs
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
        </FormContext>
      </div>
    </DrawerContent>
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
