"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Facts, Section } from "#components/detail-page/section.tsx";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Id } from "#components/ui/id.tsx";

/** One source and its settings. */
export function SourceDrawer({ id }: { id: string }) {
  const { data: source, error, refetch } = useQuery(useTRPC().sources.get.queryOptions({ id }));
  if (error) return <DrawerFailed what="source" error={error} retry={refetch} />;
  if (!source) return <DrawerLoading what="source" />;
  return (
    <DrawerContent title={source.name}>
      <Section title="Settings">
        <Facts
          facts={[
            { name: "Id", value: <Id id={source.id} what="source id" /> },
            { name: "Type", value: source.type },
            { name: "URL", value: source.url },
            { name: "State", value: source.disabled_at ? "Disabled" : "Enabled" },
          ]}
        />
      </Section>
    </DrawerContent>
  );
}
