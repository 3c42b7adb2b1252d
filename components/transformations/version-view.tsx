"use client";

import { DiffView } from "#components/data/diff-view.tsx";
import { Button } from "#components/ui/button.tsx";
import type { TransformationVersion } from "#server/contracts/transformation.ts";
import { PaneHead, PaneNote } from "./pane.tsx";

interface VersionViewProps {
  version: TransformationVersion | undefined;
  live: { version: number; code: string; env: Record<string, string> };
  mayRestore: boolean;
  /** What was typed and is not saved; it stands beside the version that runs. */
  draft: string | undefined;
  isRestoring: boolean;
  restore: (version: number) => void;
}

/** An older version beside what runs now, and the way back to it. */
export function VersionView({ version, live, mayRestore, draft, isRestoring, restore }: VersionViewProps) {
  if (!version) return <PaneHead title="Choose a version" className="border-line border-b" />;
  const isLive = version.version === live.version;
  const isChanged = draft !== undefined;
  const [title, after, other] = !isLive
    ? [`v${version.version} beside v${live.version}, which runs now`, live.code, `version ${live.version}`]
    : isChanged
      ? [`v${version.version}, which runs now, beside your code`, draft, "your code"]
      : [`v${version.version} runs now`, live.code, "itself"];
  return (
    <section aria-label={`Version ${version.version}`} className="flex min-h-0 flex-1 flex-col">
      <PaneHead
        title={title}
        className="mb-2 border-line border-b"
        end={
          mayRestore && !isLive ? (
            <Button isBusy={isRestoring} disabled={isChanged} onClick={() => restore(version.version)}>
              Restore as v{live.version + 1}
            </Button>
          ) : undefined
        }
      />
      {isChanged && !isLive ? <PaneNote>Save or discard your code before you restore a version.</PaneNote> : null}
      {isLive ? null : <PaneNote>{envWords(version.env, live.env)}</PaneNote>}
      <DiffView
        label={`Code of version ${version.version} and of ${other}`}
        before={version.code}
        after={after}
        // Side by side, long lines would be cut.
        isUnified
        className="min-h-0 flex-1 overflow-auto"
      />
    </section>
  );
}

/** What restoring would change in env. Values are masked, so two that end alike may still differ. */
function envWords(theirs: Record<string, string>, live: Record<string, string>): string {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(live)])].sort();
  const differing = names.filter((name) => theirs[name] !== live[name]);
  if (names.length === 0) return "Neither has values of env.";
  return differing.length === 0 ? "Its values of env look the same." : `Its env differs in ${differing.join(", ")}.`;
}
