// The audit log as a table for other programs.
import type { AuditEntry } from "#server/contracts/audit.ts";
import { jsonText } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";

const COLUMNS = [
  "created_at",
  "actor_kind",
  "actor_id",
  "actor_name",
  "action",
  "resource_kind",
  "resource_id",
  "resource_name",
  "before",
  "after",
  "seq",
  "hash",
  "id",
] as const satisfies readonly (keyof AuditEntry)[];

/** An entry's own bound, with room for what escaping adds. */
const MAX_CHARS = 200_000;
/** A spreadsheet takes a cell that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : typeof value === "object"
        ? jsonText(value as Json, MAX_CHARS)
        : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** Lines of RFC 4180 with a head; no cell is a formula. */
export const auditCsv = (entries: readonly AuditEntry[]): string =>
  [COLUMNS.join(","), ...entries.map((entry) => COLUMNS.map((column) => cell(entry[column])).join(","))].join("\r\n");
