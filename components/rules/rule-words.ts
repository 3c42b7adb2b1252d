// Rules in sentences. Pure.
import { spanWords } from "#components/data/span-words.ts";
import type { IconName } from "#components/ui/icons.tsx";
import type { RetryPolicy } from "#server/contracts/retry-policy.ts";
import type { DeduplicateRule, FilterRule, RetryRule, Rule } from "#server/contracts/rule.ts";
import { jsonText } from "#server/json/show.ts";
import { type FilterRow, rowsOf } from "./filter-rows.ts";
import { OPERATORS } from "./filter-values.ts";
import { waitsOf } from "./retry-times.ts";

export const RULE_LOOKS: Record<Rule["type"], { title: string; icon: IconName; none: string }> = {
  deduplicate: { title: "Deduplicate", icon: "dedupe", none: "Each request is an event of its own." },
  transform: { title: "Transform", icon: "transform", none: "Requests go on as they came." },
  filter: { title: "Filter", icon: "filter", none: "Every request passes." },
  delay: { title: "Delay", icon: "clock", none: "Events go out at once." },
  retry: {
    title: "Retry",
    icon: "replay",
    none: "As the destination says, or else after 1 min, 5 min, 30 min, 2 h, then every 6 h up to 3 days.",
  },
};

/** `a`, `a and b`, `a, b and c` */
const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

export interface SameWords {
  /** Before the fields. */
  before: string;
  fields: readonly string[];
}

/** What makes two requests the same. */
export function sameWords({ include_fields, exclude_fields }: Omit<DeduplicateRule, "type" | "window">): SameWords {
  if (include_fields?.length) return { before: "The same", fields: include_fields };
  if (exclude_fields?.length) return { before: "The same payload, leaving out", fields: exclude_fields };
  return { before: "The same body, query and path", fields: [] };
}

const SYMBOLS: Partial<Record<string, string>> = {
  $eq: "=",
  $neq: "≠",
  $gte: "≥",
  $gt: ">",
  $lte: "≤",
  $lt: "<",
  glob: "matches",
};
const LABELS = new Map<string, string>(OPERATORS.map(({ value, label }) => [value, label]));

/** A clause in a line: `body.amount ≥ 100`. */
function rowText(row: FilterRow): string {
  if (row.kind === "group") return `any of: ${row.rows.map(rowText).join(" · ")}`;
  if (row.kind === "fixed") return `${row.base} ${jsonText(row.clause, 200)}`;
  if (row.operator === "$exist") return `${row.path} ${row.value === "no" ? "is absent" : "exists"}`;
  return `${row.path} ${SYMBOLS[row.operator] ?? LABELS.get(row.operator) ?? row.operator} ${row.value}`;
}

const NUMBER_WORDS = ["none", "One", "Both", "All three", "All four", "All five", "All six"];

/** `All three must hold:`, and the clauses. */
export function filterWords({ type: _, ...filter }: FilterRule): { sentence: string; clauses: string[] } {
  const clauses = rowsOf(filter).map(rowText);
  const count = NUMBER_WORDS[clauses.length] ?? `All ${clauses.length}`;
  return { sentence: clauses.length === 1 ? "This must hold:" : `${count} must hold:`, clauses };
}

/** `500-599` as `500 to 599`, `!401` as `not 401`. */
export const statusWords = (pattern: string): string => {
  const words = pattern.replace("!", "").replace("-", " to ");
  return pattern.startsWith("!") ? `not ${words}` : words;
};

const STRATEGIES: Record<RetryPolicy["strategy"], string> = {
  exponential: "Exponential",
  linear: "Evenly",
  custom: "On its own schedule",
};

/** `Exponential from 1 min, 8 tries, ±10 %.` */
export function retryWords(policy: RetryPolicy): string {
  const waits = waitsOf(policy);
  const tries = waits.length === 0 ? "one try" : `${waits.length + 1} tries`;
  const start =
    waits[0] === undefined ? "" : ` ${policy.strategy === "linear" ? "every" : "from"} ${spanWords(waits[0])}`;
  return `${STRATEGIES[policy.strategy]}${start}, ${tries}, ±10 %.`;
}

/** What is tried again: `On 500 to 599, 429 and no answer.` */
export function retriedWords({ response_status_codes: codes }: Pick<RetryRule, "response_status_codes">): string {
  const wanted = (codes ?? []).filter((code) => !code.startsWith("!")).map(statusWords);
  const not = (codes ?? []).filter((code) => code.startsWith("!")).map((code) => statusWords(code.slice(1)));
  const on = wanted.length > 0 ? `On ${listed([...wanted, "no answer"])}` : "On every failure";
  return `${on}${not.length > 0 ? `, not on ${listed(not)}` : ""}.`;
}
