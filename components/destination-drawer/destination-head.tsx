"use client";

import { RetryFailed } from "#components/graph-drawer/retry-failed.tsx";
import { SubjectIssues } from "#components/issues/subject-issues.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Destination } from "#server/contracts/destination.ts";
import { placeWords } from "./destination-words.ts";
import { MaintenanceNow } from "./maintenance-now.tsx";
import type { Branches } from "./use-destination.ts";

/** Where it is, in which state, and the one thing to do now. */
export function DestinationHead({ destination, branches }: { destination: Destination; branches: Branches }) {
  const { id, type, config, disabled_at, unusable_because } = destination;
  const { waiting, perMinute } = branches;
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex items-center gap-1.5">
        <Tag>{type === "HTTP" ? ((config.http_method as string | null) ?? "HTTP") : type}</Tag>
        <span className="min-w-0 truncate font-mono text-muted text-xs">{placeWords(destination)}</span>
        {disabled_at ? <StateBadge state="HOLD">Disabled</StateBadge> : null}
        <span className="ml-auto">
          <Id id={id} what="destination id" />
        </span>
      </div>
      <MaintenanceNow windows={config.maintenance_windows} />
      <SubjectIssues id={id} />
      {unusable_because ? (
        <p role="alert" className="text-failed text-xs">
          {unusable_because}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <RetryFailed count={waiting?.failed ?? 0} where={{ destination_id: id }} isPrimary={disabled_at === null} />
        <span className="ml-auto whitespace-nowrap text-muted text-xs tabular-nums">
          <b className="font-medium text-ink">{formatCount(Math.round(perMinute))}</b>/min ·{" "}
          {formatCount(waiting ? waiting.queued + waiting.retrying + waiting.scheduled : 0)} queued ·{" "}
          {formatCount(waiting?.held ?? 0)} held
        </span>
      </div>
    </div>
  );
}
