import { SubjectIssues } from "#components/issues/subject-issues.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { Source } from "#server/contracts/source.ts";
import { LastSeen } from "./last-seen.tsx";
import { kindOfSource } from "./source-kinds.ts";
import { UrlRow } from "./url-row.tsx";

function stateOf({ disabled_at, unusable_because, config, is_system }: Source): {
  icon: IconName;
  look: string;
  word: string;
} {
  if (unusable_because !== null) return { icon: "warning", look: "text-failed", word: "Not usable" };
  if (disabled_at !== null) return { icon: "cancelled", look: "text-cancelled", word: "Disabled" };
  if (is_system) return { icon: "shield", look: "text-delivered", word: "Own happenings" };
  if (config.auth_type === "NONE") return { icon: "warning", look: "text-hold", word: "Not verified" };
  return { icon: "shield", look: "text-delivered", word: "Verifies" };
}

/** Under the name: who sends, whether senders are proved, the URL, and when something came last. */
export function SourceHead({ source, hasUrl }: { source: Source; hasUrl: boolean }) {
  const kind = kindOfSource(source);
  const { icon, look, word } = stateOf(source);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-center gap-2">
        <Tile type={kind.key} size="sm" />
        <span className="truncate">{kind.title}</span>
        <span className={cn("inline-flex items-center gap-1 whitespace-nowrap font-medium", look)}>
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
