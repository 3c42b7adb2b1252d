// The draft of a filter: its rows and its JSON, which follow each other. Pure.
import { pathOf, readJsonLines } from "#components/data/json-lines.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import { jsonMistake } from "#server/json/error-place.ts";
import { parseJson } from "#server/json/parse.ts";
import { pathStep } from "#server/json/show.ts";
import { isObject, type Json } from "#server/json/value.ts";
import { compactJson } from "./compact-json.ts";
import { type FilterRow, filterOf, rowsOf } from "./filter-rows.ts";

export interface FilterDraft {
  rows: FilterRow[];
  /** The JSON as it stands in its editor. */
  text: string;
}

export type ReadFilter =
  | { filter: FilterRule; problem: null; line: null }
  /** `line` counts from 0; null where it is none of the lines'. */
  | { filter: null; problem: string; line: number | null };

const PARTS = ["event_type", "event", "body", "headers", "query", "path"] as const;

/** The parts in the order in which people think of them; the database keeps none. */
function inOrder(filter: Omit<FilterRule, "type">): Omit<FilterRule, "type"> {
  return Object.fromEntries(PARTS.flatMap((part) => (filter[part] === undefined ? [] : [[part, filter[part]]])));
}

const textOf = (filter: Omit<FilterRule, "type"> | undefined): string => compactJson(inOrder(filter ?? {}) as Json);

export function draftOfRule(rule: FilterRule | undefined): FilterDraft {
  if (!rule) return { rows: [], text: textOf(undefined) };
  const { type: _, ...filter } = rule;
  return { rows: rowsOf(inOrder(filter)), text: textOf(filter) };
}

/** The draft after a change of its rows: the JSON is written anew. */
export const withRows = (rows: FilterRow[]): FilterDraft => ({ rows, text: textOf(filterOf(rows)) });

/** The draft after a change of its JSON: the rows follow when it is a filter, and stay as they were when it is none. */
export function withText(before: FilterDraft, text: string): FilterDraft {
  const { filter } = readFilter(text);
  return filter ? { ...draftOfRule(filter), text } : { rows: before.rows, text };
}

/** The filter that a JSON text says, or the first thing that is wrong with it. */
export function readFilter(text: string): ReadFilter {
  const mistake = jsonMistake(text);
  if (mistake) {
    const problem = `Line ${mistake.line}, column ${mistake.column}: ${mistake.problem}.`;
    return { filter: null, problem, line: mistake.line - 1 };
  }
  const value = parseJson(text);
  if (!isObject(value)) return { filter: null, problem: 'A filter is an object, such as {"body": {…}}.', line: 0 };
  const stray = Object.keys(value).find((key) => !(PARTS as readonly string[]).includes(key));
  if (stray === undefined) return { filter: { type: "filter", ...value } as FilterRule, problem: null, line: null };
  const problem = `There is no ${stray} in a filter: it has ${PARTS.join(", ")}.`;
  return { filter: null, problem, line: lineOf(text, pathStep(stray)) };
}

/** What the server says is wrong with the filter of a connection's rules, and on which line. */
export function refusedFilter(text: string, issues: readonly { path: string; message: string }[]) {
  const [issue] = issues.filter(({ path }) => /^rules\[\d+\]/.test(path));
  if (!issue) return null;
  return { problem: issue.message, line: lineOf(text, issue.path.replace(/^rules\[\d+\]/, "")) };
}

/** The line of the editor on which the value at this path stands. */
function lineOf(text: string, wanted: string): number | null {
  const doc = wanted === "" ? null : readJsonLines(text);
  const index = doc?.lines.findIndex((line, at) => line.kind !== "close" && pathOf(doc, at, "") === wanted) ?? -1;
  const line = doc?.lines[index];
  return line ? textLine(text, line.start) : null;
}

/** The line of a text, from 0, on which a character stands. */
export const textLine = (text: string, at: number): number => text.slice(0, at).split("\n").length - 1;
