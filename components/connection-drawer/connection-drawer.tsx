"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Facts, Section } from "#components/detail-page/section.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { RulesTab } from "#components/rules/rules-tab.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tabs } from "#components/ui/tabs.tsx";

/** One connection: its settings, its rules, and what happens on it. */
export function ConnectionDrawer({ id }: { id: string }) {
  const [tab, setTab] = usePart("tab", ["settings", "rules"]);
  const { data: connection, error, refetch } = useQuery(useTRPC().connections.get.queryOptions({ id }));
  if (error) return <DrawerFailed what="connection" error={error} retry={refetch} />;
  if (!connection) return <DrawerLoading what="connection" />;
  const settings = (
    <Section title="Settings">
      <Facts
        facts={[
          { name: "Id", value: <Id id={connection.id} what="connection id" /> },
          { name: "State", value: connection.disabled_at ? "Disabled" : connection.paused_at ? "Paused" : "Enabled" },
        ]}
      />
    </Section>
  );
  return (
    <DrawerContent title={connection.name}>
      <Tabs
        label="Parts of the connection"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: "settings", label: "Settings", content: settings },
          { value: "rules", label: "Rules", content: <RulesTab connection={connection} /> },
        ]}
      />
    </DrawerContent>
  );
}
