"use client";

import { Age } from "#components/lists/age.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { TransformationVersion } from "#server/contracts/transformation.ts";
import { SidePanel } from "./side-panel.tsx";
import { authorOf, type Versions } from "./use-versions.ts";

interface VersionsPanelProps {
  versions: Versions;
  live: number;
  /** The one that stands beside the code. */
  shown: number | undefined;
  show: (version: number) => void;
  close: () => void;
}

/** Every version with its author, the newest first. */
export function VersionsPanel({ versions, live, shown, show, close }: VersionsPanelProps) {
  const { rows, error, isLoading, hasMore, more, isLoadingMore } = versions;
  return (
    <SidePanel title="Versions" note="none is ever lost" close={close}>
      {isLoading ? <Skeleton className="mx-5 my-3 w-1/2" /> : null}
      {error ? <p className="px-5 py-3 text-failed">The versions did not load: {error}</p> : null}
      <ol>
        {rows.map((row) => (
          <li key={row.version} className="border-line border-b">
            <button
              type="button"
              aria-current={row.version === shown || undefined}
              onClick={() => show(row.version)}
              className={cn(
                "grid w-full gap-0.5 px-5 py-2 text-left max-md:px-3.5",
                row.version === shown ? "bg-accent-bg" : "hovered:bg-inset",
              )}
            >
              <span className="flex items-center gap-2">
                <b className="font-medium">v{row.version}</b>
                {row.version === live ? <Tag>live</Tag> : null}
                <span className="ml-auto text-xs">
                  <Age iso={row.created_at} hasAgo />
                </span>
              </span>
              <span className="truncate text-muted text-xs">{aboutOf(row)}</span>
            </button>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <div className="px-5 py-3">
          <Button size="sm" isBusy={isLoadingMore} onClick={more}>
            Show older ones
          </Button>
        </div>
      ) : null}
    </SidePanel>
  );
}

function aboutOf(row: TransformationVersion): string {
  const what = row.restored_from === null ? "" : `, brings back v${row.restored_from}`;
  return `${authorOf(row)}${what}`;
}
