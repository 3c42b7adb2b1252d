"use client";

import { SubjectIssues } from "#components/issues/subject-issues.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { Source } from "#server/contracts/source.ts";
import { LastSeen } from "./last-seen.tsx";
import { missingProof } from "./missing-proof.ts";
import { kindOfSource } from "./source-kinds.ts";
import { UrlRow } from "./url-row.tsx";
import { useArrivals } from "./use-arrivals.ts";

interface State {
  icon: IconName;
  look: string;
  word: string;
}

/** @param isProved whether a genuine webhook has come; undefined while that is not known */
function stateOf(source: Source, isProved: boolean | undefined): State {
  const { unusable_because, disabled_at, config, is_system, type } = source;
  if (unusable_because !== null) return { icon: "warning", look: "text-failed", word: "Not usable" };
  if (disabled_at !== null) return { icon: "cancelled", look: "text-cancelled", word: "Disabled" };
  if (is_system) return { icon: "shield", look: "text-delivered", word: "Own happenings" };
  if (type === "PUBLISH") return { icon: "key", look: "text-delivered", word: "By API key" };
  if (config.auth_type === "NONE") return { icon: "warning", look: "text-hold", word: "Not verified" };
  if (missingProof(source)) return { icon: "warning", look: "text-hold", word: "No secret yet: refuses all" };
  if (isProved === undefined) return { icon: "shield", look: "text-muted", word: "Verifies" };
  return isProved
    ? { icon: "shield", look: "text-delivered", word: "Verified" }
    : { icon: "shield", look: "text-muted", word: "Nothing verified yet" };
}

/** Under the name: who sends, whether senders are proved, the URL, and when something came last. */
export function SourceHead({ source, hasUrl }: { source: Source; hasUrl: boolean }) {
  const kind = kindOfSource(source);
  const proved = useArrivals(source.id, 1, { test: false, verification: ["verified", "authenticated"] });
  const { icon, look, word } = stateOf(source, proved && proved.length > 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-center gap-2">
        <Tile type={kind.key} size="sm" />
        <span className="truncate">{kind.title}</span>
        <span role="status" className={cn("inline-flex items-center gap-1 whitespace-nowrap font-medium", look)}>
          <Icon name={icon} size={14} />
          {word}
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
