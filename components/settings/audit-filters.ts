import type { Filter, FilterValues } from "#components/data/filters.ts";
import { parseTimeRange, writeTimeRange } from "#components/data/time-range.ts";
import { ACTIONS, ACTORS, RESOURCES } from "./audit-words.ts";

const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));

export const AUDIT_FILTERS: readonly Filter[] = [
  { kind: "time", key: "time", label: "Time", zone: "utc" },
  { kind: "one-of", key: "actor_kind", label: "Who", options: options(ACTORS), isClosed: true },
  { kind: "many-of", key: "action", label: "What", options: options(ACTIONS), isClosed: true },
  { kind: "many-of", key: "resource_kind", label: "On", options: options(RESOURCES), isClosed: true },
  { kind: "text", key: "resource_id", label: "Id of the resource", hint: "src_…, web_…" },
  { kind: "text", key: "actor_id", label: "Id of who did it", hint: "usr_…, key_…" },
];

const PAGE_ENTRIES = 50;

export interface AuditInput {
  limit: number;
  from?: string;
  to?: string;
  [filter: string]: string | number | undefined;
}

/** The filters of the URL as the API takes them. */
export function auditInput(values: FilterValues): AuditInput {
  const { time, ...rest } = values;
  const range = time == null ? null : parseTimeRange(time);
  const span = !range
    ? {}
    : range.kind === "last"
      ? { from: `now-${writeTimeRange(range)}` }
      : { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
  const set = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] != null);
  return { limit: PAGE_ENTRIES, ...span, ...Object.fromEntries(set) };
}
