"use client";

import { SubjectIssues } from "#components/issues/subject-issues.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { Source } from "#server/contracts/source.ts";
import { LastSeen } from "./last-seen.tsx";
import { type ProofState, provedState, settledState } from "./proof-state.ts";
import { kindOfSource } from "./source-kinds.ts";
import { UrlRow } from "./url-row.tsx";
import { useNewestGenuine } from "./use-arrivals.ts";

/** Under the name: who sends, whether senders are proved, the URL, and when something came last. */
export function SourceHead({ source, hasUrl }: { source: Source; hasUrl: boolean }) {
  const kind = kindOfSource(source);
  const settled = settledState(source);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Tile type={kind.key} size="sm" />
        <span className="min-w-0 truncate">{kind.title}</span>
        <span role="status" className="flex">
          {settled ? <Words state={settled} /> : <Proved id={source.id} />}
        </span>
        <span className="ml-auto">
          <Id id={source.id} what="source id" />
        </span>
      </div>
      {hasUrl && !source.is_system ? <UrlRow url={source.url} /> : null}
      <SubjectIssues id={source.id} />
      <LastSeen source={source} />
      {source.unusable_because === null ? null : <Banner kind="failed">{source.unusable_because}</Banner>}
    </div>
  );
}

/** Senders who prove nothing are not looked for. */
const Proved = ({ id }: { id: string }) => <Words state={provedState(useNewestGenuine(id))} />;

const Words = ({ state: { icon, look, word } }: { state: ProofState }) => (
  <span className={cn("inline-flex items-center gap-1 whitespace-nowrap font-medium", look)}>
    <Icon name={icon} size={14} />
    {word}
  </span>
);
