import { Age } from "#components/lists/age.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Issue } from "#server/contracts/issue.ts";
import { IssueBars } from "./issue-bars.tsx";
import { lookOf, wordsOf } from "./issue-words.ts";

interface IssueRowProps {
  issue: Issue;
  isOpen: boolean;
  open: () => void;
}

/** One issue of the list: what is so, how it went in half an hour, and since when. */
export function IssueRow({ issue, isOpen, open }: IssueRowProps) {
  const [{ icon, colour, bar }, { title, detail }] = [lookOf(issue), wordsOf(issue)];
  const isOver = issue.state === "resolved";
  const hasBars = issue.bars.bad.some((count) => count > 0);
  return (
    <li className="border-line border-b">
      <button
        type="button"
        aria-current={isOpen || undefined}
        onClick={open}
        className={cn(
          "relative grid w-full grid-cols-[18px_minmax(0,1fr)_96px_64px] items-center gap-2 px-5 py-2 text-left -outline-offset-2 hovered:bg-inset max-md:grid-cols-[22px_minmax(0,1fr)_64px] max-md:px-4",
          isOpen &&
            "bg-accent-bg before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent-solid hovered:bg-accent-bg",
        )}
      >
        <Icon name={icon} className={isOver ? "text-muted" : colour} />
        <span className="min-w-0">
          <span className={cn("block truncate", isOver ? "text-ink-2" : "font-medium")}>{title}</span>
          <span className="block text-muted text-xs md:truncate">
            {issue.state === "snoozed" ? "Muted. " : ""}
            {isOver ? (issue.resolved_because ?? "Closed.") : detail}
          </span>
        </span>
        <span className="max-md:hidden">
          {hasBars && !isOver ? <IssueBars bars={issue.bars} bar={bar} height={16} className="h-4 w-full" /> : null}
        </span>
        <span className="whitespace-nowrap text-right text-xs">
          <Age iso={issue.resolved_at ?? issue.first_at} />
        </span>
      </button>
    </li>
  );
}
