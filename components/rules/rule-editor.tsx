"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { type RuleType, useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { Drawer } from "#components/ui/drawer.tsx";

/** One rule of a connection. */
export function RuleEditor({ connectionId, rule }: { connectionId: string; rule: RuleType }) {
  const { open } = useDrawerPlace();
  const { data: connection } = useQuery(useTRPC().connections.get.queryOptions({ id: connectionId }));
  const saved = connection?.rules.find(({ type }) => type === rule);
  return (
    <Drawer
      isOpen
      onOpenChange={() => open(connectionId, "rules")}
      title={connection ? `${connection.name}: ${rule}` : rule}
    >
      <pre className="overflow-auto p-4 font-mono text-xs">
        {saved ? JSON.stringify(saved, null, 2) : "This connection has no such rule."}
      </pre>
    </Drawer>
  );
}
