"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import type { GroupBacklog } from "#server/contracts/groups.ts";
import { backlogWords, groupName } from "./group-words.ts";
import type { DestinationActs } from "./use-destination.ts";

const REFRESH_MS = 5_000;

/** What waits of each group, the longest queue first, and the switch of each. */
export function TopGroups({ id, acts }: { id: string; acts: DestinationActs }) {
  const { destinations } = useTRPC();
  const mayWrite = useMay("destination.write");
  const client = useQueryClient();
  const query = destinations.groups.queryOptions({ id });
  const { data } = useQuery({ ...query, refetchInterval: REFRESH_MS });
  if (!data || data.data.length === 0) return null;
  const flip = async ({ value, is_paused }: GroupBacklog) => {
    await acts.switchGroup(value, !is_paused);
    await client.invalidateQueries({ queryKey: query.queryKey });
  };
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">Waiting{data.is_partial ? ", of 200 groups looked at" : ""}</h3>
      <ul className="divide-y divide-line border-line border-y">
        {data.data.map((group) => (
          <li key={group.value} className="flex min-h-9 items-center gap-2 py-1">
            <Link
              title={groupName(group.value)}
              className="min-w-0 flex-1 truncate font-mono text-xs underline-offset-2 hovered:underline"
              href={`/events?${new URLSearchParams({ destination_id: id, group: group.value })}`}
            >
              {groupName(group.value)}
            </Link>
            <span className="shrink-0 text-muted text-xs tabular-nums">{backlogWords(group)}</span>
            {mayWrite ? (
              <Button
                size="sm"
                aria-label={`${group.is_paused ? "Resume" : "Pause"} ${groupName(group.value)}`}
                onClick={() => void flip(group)}
              >
                {group.is_paused ? "Resume" : "Pause"}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
