import { Age } from "#components/lists/age.tsx";
import { cn } from "#components/ui/class-names.ts";
import type { VersionSummary } from "#server/contracts/version.ts";
import { authorName, versionTitle, wayOf } from "./version-words.ts";

interface VersionLineProps {
  version: VersionSummary;
  isNewest: boolean;
  isOpen: boolean;
  onOpen: () => void;
}

/** A version on the line of all of them: a square is a file, the green one runs. */
export function VersionLine({ version, isNewest, isOpen, onOpen }: VersionLineProps) {
  const isFlow = version.flow !== null;
  return (
    <li
      className={cn(
        "relative border-line border-b before:absolute before:top-0 before:-bottom-px before:left-6 before:border-line-strong before:border-l max-md:before:left-4",
        isOpen ? "bg-accent-bg shadow-[inset_2px_0_0_var(--accent-solid)]" : "hovered:bg-inset",
      )}
    >
      <button
        type="button"
        aria-current={isOpen || undefined}
        onClick={onOpen}
        className="flex min-h-[52px] w-full items-center gap-2.5 py-1 pr-3.5 pl-5 text-left max-md:px-3"
      >
        <span
          className={cn(
            "relative size-[9px] shrink-0 border-[1.5px]",
            isFlow ? "rounded-[2px]" : "rounded-full",
            isNewest ? "border-delivered-solid bg-delivered-solid" : "border-cancelled-solid bg-surface",
          )}
        />
        <span className="w-11 shrink-0 font-mono text-ink-2 text-xs">v{version.number}</span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{versionTitle(version)}</span>
          <span className="block truncate text-muted text-xs">
            {authorName(version)} · {wayOf(version)} · <Age iso={version.created_at} hasAgo />
          </span>
        </span>
        {isNewest ? (
          <span className="shrink-0 rounded-xs bg-delivered-bg px-1.5 font-medium text-2xs text-delivered leading-[18px]">
            runs now
          </span>
        ) : null}
      </button>
    </li>
  );
}
