"use client";

import { Fragment, useEffect, useRef } from "react";
import { useNarrow } from "#components/data/use-narrow.ts";
import { IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { AuditEntry } from "#server/contracts/audit.ts";
import { changedMembers } from "./audit-changes.ts";
import { AuditEntryDetail } from "./audit-entry-detail.tsx";
import { actionWords, actorName, resourceName, resourceWords } from "./audit-words.ts";
import { onWide, td, th, tr } from "./section.tsx";

/** As many as the head has; on a phone only the first, the third and the last are drawn. */
const COLUMNS = { wide: 6, narrow: 3 };

const Head = () => (
  <thead>
    <tr>
      <th className={`${th} w-[108px]`}>When</th>
      <th className={`${th} w-[23%] max-md:hidden`}>Who</th>
      <th className={`${th} w-[22%] max-md:w-auto`}>What</th>
      <th className={`${th} ${onWide}`}>On</th>
      <th className={`${th} ${onWide} w-[17%]`}>Fields</th>
      <th className={`${th} w-12`}>
        <span className="sr-only">Details</span>
      </th>
    </tr>
  </thead>
);

const ROWS = Array.from({ length: 8 }, (_, i) => i);

export const AuditTableSkeleton = () => (
  <div role="status" aria-label="Loading">
    <div className="h-7" />
    {ROWS.map((row) => (
      <div key={row} className="flex h-9 items-center border-line border-t px-3.5 max-md:h-11">
        <Skeleton className="w-full max-w-xl" />
      </div>
    ))}
  </div>
);

interface AuditTableProps {
  entries: readonly AuditEntry[];
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
}

export function AuditTable({ entries, openId, onOpen }: AuditTableProps) {
  return (
    <table className="w-full table-fixed border-collapse">
      <Head />
      <tbody>
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            isOpen={entry.id === openId}
            onToggle={() => onOpen(entry.id === openId ? undefined : entry.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

const MAX_FIELDS = 4;

/** The members that differ; of something that was made or deleted none in particular. */
function fieldsOf(entry: AuditEntry): string {
  if (entry.before === null || entry.after === null) return "";
  const paths = changedMembers(entry).map(({ path }) => path.replace(/^config\./, ""));
  const more = paths.length - MAX_FIELDS;
  return paths.slice(0, MAX_FIELDS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

interface EntryProps {
  entry: AuditEntry;
  isOpen: boolean;
  onToggle: () => void;
}

function Entry({ entry, isOpen, onToggle }: EntryProps) {
  const who = actorName(entry);
  const name = resourceName(entry);
  const row = useRef<HTMLTableRowElement>(null);
  const isNarrow = useNarrow();
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <Fragment>
      <tr ref={row} className={cn(tr, isOpen && "bg-accent-bg")}>
        <td className={cn(td, "text-muted", isOpen && "shadow-[inset_2px_0_0_var(--accent-solid)]")}>
          <RelativeTime iso={entry.created_at} />
        </td>
        <td className={`${td} max-md:hidden`}>
          <span className="flex min-w-0 items-center gap-2">
            <Initials name={who} />
            <span className="truncate" title={who}>
              {who}
            </span>
          </span>
        </td>
        <td
          className={`${td} truncate text-muted max-md:whitespace-normal max-md:py-1.5 max-md:[overflow-wrap:anywhere]`}
        >
          <span className="md:hidden">{who} </span>
          {actionWords(entry.action)} <span className="text-ink">{resourceWords(entry.resource_kind)}</span>
          <span className="font-medium text-ink md:hidden"> {name}</span>
        </td>
        <td className={`${td} ${onWide} truncate font-medium`} title={name ?? entry.resource_id}>
          {name ?? <Id id={entry.resource_id} what="id" />}
        </td>
        <td className={`${td} ${onWide} truncate font-mono text-muted text-xs`} title={fieldsOf(entry)}>
          {fieldsOf(entry)}
        </td>
        <td className={`${td} text-right`}>
          <IconButton
            icon={isOpen ? "down" : "right"}
            size="sm"
            label={isOpen ? "Hide the details" : "Show the details"}
            aria-expanded={isOpen}
            onClick={onToggle}
          />
        </td>
      </tr>
      {isOpen ? (
        <tr className={tr}>
          <td colSpan={isNarrow ? COLUMNS.narrow : COLUMNS.wide} className="bg-inset px-3.5 py-2">
            <AuditEntryDetail entry={entry} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}

const Initials = ({ name }: { name: string }) => (
  <span
    aria-hidden="true"
    className="grid size-5 shrink-0 place-items-center rounded-full bg-press font-semibold text-[9.5px] text-ink-2"
  >
    {name.slice(0, 2)}
  </span>
);
