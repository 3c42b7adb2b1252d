import { DiffView } from "#components/data/diff-view.tsx";
import { FieldTable, fieldText } from "#components/data/field-table.tsx";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import type { VersionChange, VersionField } from "#server/contracts/version.ts";

const ICONS: Record<string, IconName> = { create: "plus", delete: "minus" };
const WORDS: Record<string, string> = { create: "made", delete: "deleted" };

const asRow = ({ path, before, after }: VersionField) => ({
  path,
  before: fieldText(before),
  after: fieldText(after),
});

const isCode = ({ path, before, after }: VersionField) =>
  path === "code" && typeof before === "string" && typeof after === "string";

interface ChangedFieldsProps {
  changes: readonly VersionChange[];
  /** The heads of the columns. */
  before: string;
  after: string;
}

/** What changed, resource by resource and field by field. */
export function ChangedFields({ changes, before, after }: ChangedFieldsProps) {
  if (changes.length === 0) return <p className="pt-4 text-muted">Nothing differs between the two.</p>;
  return changes.map((change) => {
    const { resource_id: id, resource_kind: kind, resource_name: name, action, fields } = change;
    const isMade = action === "create";
    const isGone = action === "delete";
    const code = fields.find(isCode);
    const others = fields.filter((field) => field !== code);
    return (
      <section key={id} aria-label={`${kind} ${name}`} className="pt-4">
        <h3 className="mb-1.5 flex items-center gap-1.5 font-semibold text-xs">
          <Icon name={ICONS[action] ?? "arrow"} size={14} />
          {kind} <span className="font-medium font-mono">{name}</span>
          {WORDS[action] ? <span className="font-normal text-muted">{WORDS[action]}</span> : null}
        </h3>
        {others.length > 0 ? (
          <FieldTable
            before={isMade ? null : { head: before, tint: isGone ? "" : "bg-diff-del" }}
            after={isGone ? null : { head: after, tint: isMade ? "" : "bg-diff-add" }}
            rows={others.map(asRow).filter((row) => row.before !== undefined || row.after !== undefined)}
            unset="not set"
          />
        ) : null}
        {code ? (
          <DiffView
            label={`Code of ${name}`}
            before={String(code.before)}
            after={String(code.after)}
            isUnified
            className="h-64"
          />
        ) : null}
        {fields.length === 0 ? <p className="text-muted text-xs">No field of it differs.</p> : null}
        {fields.some(({ is_secret }) => is_secret) ? (
          <p className="mt-1 text-muted text-xs">No version keeps a secret: a restore leaves the present one.</p>
        ) : null}
      </section>
    );
  });
}
