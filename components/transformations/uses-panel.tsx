"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { type Names, nameIn } from "#components/data/use-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SidePanel } from "./side-panel.tsx";
import { useUses } from "./use-inputs.ts";

const failedWords = (count: number) =>
  count === 0
    ? "It failed on no request in 24 hours."
    : `It failed on ${formatCount(count)} ${count === 1 ? "request" : "requests"} in 24 hours: they were left out.`;

/** The connections whose transform rule names it, and how often it failed on them. */
export function UsesPanel({ id, names, close }: { id: string; names: Names; close: () => void }) {
  const trpc = useTRPC();
  const uses = useUses(id);
  const { data: usage } = useQuery(trpc.transformations.usage.queryOptions({ id: [id] }));
  const failed = usage?.data[0]?.failed_24h_count;
  const connections = uses.data?.data ?? [];
  return (
    <SidePanel title="Where it is used" close={close}>
      {uses.isLoading ? <Skeleton className="mx-5 my-3 w-1/2" /> : null}
      {uses.error ? <p className="px-5 py-3 text-failed">{uses.error.message}</p> : null}
      {uses.data && connections.length === 0 ? (
        <p className="px-5 py-3 text-muted">No connection uses it. Choose it in the transform rule of one.</p>
      ) : null}
      <ul>
        {connections.map((connection) => (
          <li key={connection.id} className="border-line border-b">
            <Link
              href={`/connections?panel=${connection.id}&tab=rules`}
              prefetch={false}
              className="grid gap-0.5 px-5 py-2.5 hovered:bg-inset max-md:px-3.5"
            >
              <span className="truncate font-medium">{connection.name}</span>
              <span className="flex items-center gap-1.5 truncate text-muted text-xs">
                {nameIn(names.sources, connection.source_id)}
                <Icon name="arrow" size={12} />
                {nameIn(names.destinations, connection.destination_id)}
                {connection.disabled_at ? ", disabled" : connection.paused_at ? ", paused" : ""}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {failed === undefined || connections.length === 0 ? null : (
        <p className={`px-5 py-3 text-xs ${failed > 0 ? "text-failed" : "text-muted"}`}>{failedWords(failed)}</p>
      )}
    </SidePanel>
  );
}
