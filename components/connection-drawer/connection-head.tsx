"use client";

import { useQuery } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { RetryFailed } from "#components/graph-drawer/retry-failed.tsx";
import { SubjectIssues } from "#components/issues/subject-issues.tsx";
import type { Waiting } from "#components/live/live-state.ts";
import { Button } from "#components/ui/button.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { formatCount, formatShare } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { Later } from "#components/ui/later.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { Until } from "#components/ui/until.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { ConnectionActs } from "./use-connection.ts";

const loadPause = async () => ({ default: (await import("./pause-dialog.tsx")).PauseDialog });
const PauseDialog = lazy(loadPause);
const REFRESH_MS = 30_000;

interface ConnectionHeadProps {
  connection: Connection;
  acts: ConnectionActs;
  waiting: Waiting | undefined;
  perMinute: number;
}

/** From where to where, the one thing to do now, and how it goes. */
export function ConnectionHead({ connection, acts, waiting, perMinute }: ConnectionHeadProps) {
  const { id, source_id, destination_id, paused_at, paused_until, disabled_at } = connection;
  const { sources, destinations } = useNames();
  const { open } = useDrawerPlace();
  const mayPause = useMay("connection.pause");
  const [isAsked, askPause] = useState(false);
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.metrics.events.queryOptions({ connection_id: [id], granularity: "total" }, { refetchInterval: REFRESH_MS }),
  );
  const rate = data?.data[0]?.metrics.success_rate ?? null;
  const [source, destination] = [sources.get(source_id), destinations.get(destination_id)];
  const failed = waiting?.failed ?? 0;
  const held = waiting?.held ?? 0;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
        {source ? <Tile type={source.type} size="sm" /> : null}
        <EndLink onClick={() => open(source_id)}>{source?.name ?? "…"}</EndLink>
        <Icon name="arrow" size={14} className="text-muted" />
        <EndLink onClick={() => open(destination_id)}>{destination?.name ?? "…"}</EndLink>
        {disabled_at ? <StateBadge state="CANCELLED">Disabled</StateBadge> : null}
        {paused_at ? <StateBadge state="HOLD">Paused</StateBadge> : null}
        {paused_until ? (
          <span className="text-muted text-xs">
            <Until atMs={Date.parse(paused_until)} />
          </span>
        ) : null}
        <span className="ml-auto">
          <Id id={id} what="connection id" />
        </span>
      </div>
      <SubjectIssues id={id} />
      <div className="flex flex-wrap items-center gap-2">
        {paused_at && mayPause ? (
          <Button kind="primary" icon="play" onClick={() => void acts.resume()}>
            {held > 0 ? `Resume, send ${formatCount(held)} held` : "Resume"}
          </Button>
        ) : null}
        <RetryFailed count={failed} where={{ connection_id: id }} isPrimary={!paused_at} />
        {!paused_at && mayPause ? (
          <Button icon="pause" onClick={() => void acts.pause()}>
            Pause
          </Button>
        ) : null}
        {mayPause ? (
          <Button icon="clock" onClick={() => askPause(true)}>
            {paused_at ? "Resume at…" : "Pause until…"}
          </Button>
        ) : null}
        <Later isOpen={isAsked} load={loadPause}>
          <PauseDialog
            name={connection.name}
            isOpen={isAsked}
            onOpenChange={askPause}
            onPause={(until) => void acts.pauseUntil(until)}
          />
        </Later>
        <span className="ml-auto whitespace-nowrap text-muted text-xs tabular-nums">
          <b className="font-medium text-ink">{formatCount(Math.round(perMinute))}</b>/min · {formatShare(rate)} in 24 h
        </span>
      </div>
    </div>
  );
}

const EndLink = ({ onClick, children }: { onClick: () => void; children: string }) => (
  <button
    type="button"
    onClick={onClick}
    className="max-w-40 truncate rounded-xs hovered:underline pointer-coarse:h-10"
  >
    {children}
  </button>
);
