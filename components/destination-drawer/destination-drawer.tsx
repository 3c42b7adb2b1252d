"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Facts, Section } from "#components/detail-page/section.tsx";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Id } from "#components/ui/id.tsx";

/** One destination: its settings, its pace, and what happens at it. */
export function DestinationDrawer({ id }: { id: string }) {
  const { data: destination, error, refetch } = useQuery(useTRPC().destinations.get.queryOptions({ id }));
  if (error) return <DrawerFailed what="destination" error={error} retry={refetch} />;
  if (!destination) return <DrawerLoading what="destination" />;
  return (
    <DrawerContent title={destination.name}>
      <Section title="Settings">
        <Facts
          facts={[
            { name: "Id", value: <Id id={destination.id} what="destination id" /> },
            { name: "Type", value: destination.type },
            { name: "State", value: destination.disabled_at ? "Disabled" : "Enabled" },
          ]}
        />
      </Section>
    </DrawerContent>
  );
}
