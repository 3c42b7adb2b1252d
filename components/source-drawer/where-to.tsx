"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Source } from "#server/contracts/source.ts";
import { Help, Step } from "./steps.tsx";

const OFFERED = 4;
const row =
  "flex h-[34px] items-center gap-2 rounded-md border px-2.5 text-left text-sm hovered:bg-inset pointer-coarse:h-10";

/** The last step: a connection to a destination that is there, or to a new one. */
export function WhereTo({ source, number }: { source: Source; number: number }) {
  const trpc = useTRPC();
  const { openNew, open } = useDrawerPlace();
  const mayConnect = useMay("connection.write");
  const { data: connections } = useQuery(trpc.connections.list.queryOptions({ source_id: [source.id], limit: 5 }));
  const { data: destinations } = useQuery(trpc.destinations.list.queryOptions({ limit: OFFERED }));
  if (!connections || !destinations) return null;
  if (connections.data.length > 0) {
    return (
      <Step number={number} title="Where it goes" state="done">
        <div className="flex flex-wrap gap-x-3 gap-y-1">
          {connections.data.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              onClick={() => open(id)}
              className="underline decoration-line underline-offset-4 hovered:decoration-current"
            >
              {name}
            </button>
          ))}
        </div>
      </Step>
    );
  }
  if (!mayConnect) return null;
  return (
    <Step number={number} title="Where should it go?" state="now">
      <Help>It goes nowhere yet. Everything that arrives meanwhile is kept and can be sent later.</Help>
      <div className="grid gap-1.5">
        {destinations.data.map(({ id, name, type }) => (
          <button
            key={id}
            type="button"
            onClick={() => openNew("connection", { source: source.id, destination: id })}
            className={`${row} border-line-strong bg-surface`}
          >
            <span className="min-w-0 flex-1 truncate">
              <b className="font-medium">{name}</b> <span className="text-muted text-xs">{type}</span>
            </span>
            <Icon name="plus" size={14} className="text-muted" />
          </button>
        ))}
        <button
          type="button"
          onClick={() => openNew("destination", { source: source.id })}
          className={`${row} border-line-strong border-dashed text-ink-2`}
        >
          <span className="flex-1">New destination</span>
          <Icon name="plus" size={14} className="text-muted" />
        </button>
      </div>
    </Step>
  );
}
