import { FieldTable } from "#components/data/field-table.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import type { AuditEntry } from "#server/contracts/audit.ts";
import { changedMembers } from "./audit-changes.ts";
import { ACTORS } from "./audit-words.ts";

/** What was and what became of it, side by side; who asked and with what. */
export function AuditEntryDetail({ entry }: { entry: AuditEntry }) {
  const members = changedMembers(entry);
  const isChange = entry.before !== null && entry.after !== null;
  return (
    <div className="md:pl-[94px]">
      {members.length > 0 ? (
        <FieldTable
          before={entry.before === null ? null : { head: "Before", tint: isChange ? "bg-diff-del" : "" }}
          after={entry.after === null ? null : { head: "After", tint: isChange ? "bg-diff-add" : "" }}
          rows={members}
        />
      ) : (
        <p className="text-muted text-xs">The entry notes no fields.</p>
      )}
      <p className="mt-1.5 flex flex-wrap items-center gap-x-2 border-line border-t pt-1.5 text-muted text-xs">
        <span>{ACTORS[entry.actor_kind] ?? "The person at the machine"},</span>
        <Id id={entry.actor_id} what="id of who did it" />
        <span>
          {formatExact(entry.created_at)}
          {entry.seq === null ? ", from before the chain" : `, number ${entry.seq} of the chain`},
        </span>
        <Id id={entry.id} what="audit id" />
        <Id id={entry.resource_id} what="id of the resource" />
      </p>
    </div>
  );
}
