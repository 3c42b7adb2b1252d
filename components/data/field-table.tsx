import { cn } from "#components/ui/class-names.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { jsonText } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";

const MAX_CHARS = 2_000;

/** A value of a setting as text; undefined where it is not set. */
export function fieldText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : jsonText(value as Json, MAX_CHARS);
}

export interface FieldRow {
  path: string;
  /** Undefined where it was not set. */
  before: string | undefined;
  after: string | undefined;
}

interface Column {
  head: string;
  /** The tint behind what is there; the words above say the same. */
  tint: string;
}

interface FieldTableProps {
  /** Null leaves the column out. */
  before: Column | null;
  after: Column | null;
  rows: readonly FieldRow[];
  unset?: string;
}

const Value = ({ value, tint, unset }: { value: string | undefined; tint: string; unset: string }) => (
  <td className="py-px pr-1.5 align-top">
    <span
      className={cn(
        "block rounded-xs px-1.5 text-xs leading-5 [overflow-wrap:anywhere]",
        value === undefined ? "text-muted" : cn("font-mono text-ink", tint),
      )}
    >
      {value === undefined ? unset : visibleText(value)}
    </span>
  </td>
);

const head = "pr-1.5 pl-1.5 text-left font-normal text-muted text-xs";

/** Fields with what they were and what they became, side by side. */
export function FieldTable({ before, after, rows, unset = "–" }: FieldTableProps) {
  return (
    <table className="w-full table-fixed border-collapse">
      <thead>
        <tr>
          <th className="w-[34%] text-left font-normal text-muted text-xs">Field</th>
          {before ? <th className={head}>{before.head}</th> : null}
          {after ? <th className={head}>{after.head}</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.path}>
            <td className="py-px pr-2 align-top font-mono text-ink-2 text-xs leading-5 [overflow-wrap:anywhere]">
              {visibleText(row.path)}
            </td>
            {before ? <Value value={row.before} tint={before.tint} unset={unset} /> : null}
            {after ? <Value value={row.after} tint={after.tint} unset={unset} /> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
