import { cn } from "#components/ui/class-names.ts";
import { formatExact } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import type { AuditEntry } from "#server/contracts/audit.ts";
import { changedMembers } from "./audit-changes.ts";
import { ACTORS } from "./audit-words.ts";

interface ValueProps {
  value: string | undefined;
  isBefore: boolean;
  isTinted: boolean;
}

const Value = ({ value, isBefore, isTinted }: ValueProps) => (
  <td className="py-px pr-1.5 align-top">
    <span
      className={cn(
        "block rounded-xs px-1.5 font-mono text-ink text-xs leading-5 [overflow-wrap:anywhere]",
        isTinted && value !== undefined && (isBefore ? "bg-diff-del" : "bg-diff-add"),
        value === undefined && "text-faint",
      )}
    >
      {value ?? "–"}
    </span>
  </td>
);

const head = "pr-1.5 pl-1.5 text-left font-normal text-muted text-xs";

/** What was and what became of it, side by side; who asked and with what. */
export function AuditEntryDetail({ entry }: { entry: AuditEntry }) {
  const members = changedMembers(entry);
  const isChange = entry.before !== null && entry.after !== null;
  return (
    <div className="md:pl-[94px]">
      {members.length > 0 ? (
        <table className="w-full table-fixed border-collapse">
          <thead>
            <tr>
              <th className="w-[34%] text-left font-normal text-muted text-xs">Field</th>
              {entry.before === null ? null : <th className={head}>Before</th>}
              {entry.after === null ? null : <th className={head}>After</th>}
            </tr>
          </thead>
          <tbody>
            {members.map(({ path, before, after }) => (
              <tr key={path}>
                <td className="py-px pr-2 align-top font-mono text-ink-2 text-xs leading-5 [overflow-wrap:anywhere]">
                  {path}
                </td>
                {entry.before === null ? null : <Value value={before} isBefore isTinted={isChange} />}
                {entry.after === null ? null : <Value value={after} isBefore={false} isTinted={isChange} />}
              </tr>
            ))}
          </tbody>
        </table>
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
