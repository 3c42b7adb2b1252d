// A filter's verdict on one request, clause by clause, for the rows, the JSON and the payload alike. Pure.
import { type JsonLines, pathOf, readJsonLines } from "#components/data/json-lines.ts";
import { clauseWords } from "#components/data/why-lines.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import type { FilterMismatch } from "#server/contracts/why.ts";
import { pathStep } from "#server/json/show.ts";
import { matchFilter } from "#server/rules/filter.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";
import { type FilterRow, filterOf } from "./filter-rows.ts";

/** A request as the filter sees it. */
export interface Seen {
  request: RuleRequest;
  eventType: string | null;
}

export interface RowVerdict {
  holds: boolean;
  mismatch: FilterMismatch | null;
}

/** Whether all of the filter holds, and the clause that decides where it does not. */
export function judgeFilter(filter: Omit<FilterRule, "type"> | undefined, seen: Seen): RowVerdict {
  if (filter === undefined) return { holds: true, mismatch: null };
  const result = matchFilter({ type: "filter", ...filter }, seen.request, seen.eventType);
  return result.kind === "match" ? { holds: true, mismatch: null } : { holds: false, mismatch: result.mismatch };
}

/** Each row by itself, by its id; also those within groups. A row that is not whole is not judged. */
export function judgeRows(rows: readonly FilterRow[], seen: Seen): Map<number, RowVerdict> {
  const verdicts = new Map<number, RowVerdict>();
  for (const row of rows.flatMap((one): FilterRow[] => (one.kind === "group" ? [one, ...one.rows] : [one]))) {
    const filter = filterOf([row]);
    if (filter) verdicts.set(row.id, judgeFilter(filter, seen));
  }
  return verdicts;
}

/** `expected ≥ 5000, got 1200 at body.amount` */
export function mismatchWords(mismatch: FilterMismatch): { expected: string; actual: string; path: string } {
  const { expected, actual } = clauseWords(mismatch);
  if (mismatch.operator !== "glob") return { expected, actual, path: mismatch.path };
  return { expected: [mismatch.expected].flat().join(" or "), actual, path: mismatch.path };
}

const withoutElements = (path: string) => path.replaceAll("[*]", "");
const withoutIndexes = (path: string) => path.replaceAll(/\[\d+\]/g, "");
const withoutLogic = (path: string) => path.replaceAll(/\.\$(?:and|or|not)(?:\[\d+\])?/g, "");

/** The line of the filter's JSON with the clause that failed; undefined where it cannot be told. */
export function lineOfMismatch(doc: JsonLines, { path, operator }: FilterMismatch): number | undefined {
  const place = `.${withoutElements(path)}`;
  const wanted = [place + pathStep(operator), place];
  const paths = doc.lines.map((line, index) => (line.kind === "close" ? "" : pathOf(doc, index, "")));
  for (const one of wanted) {
    for (const shape of [(text: string) => text, withoutLogic]) {
      const found = paths.findIndex((text) => text !== "" && shape(text) === one);
      if (found !== -1) return found;
    }
  }
  return undefined;
}

export interface LineMark {
  holds: boolean;
  /** What was expected of a value that fails. */
  note: string | null;
}

/** The lines of a payload that rows look at. A line that two rows look at shows the one that fails. */
export function marksOf(
  doc: JsonLines,
  root: string,
  rows: readonly FilterRow[],
  verdicts: ReadonlyMap<number, RowVerdict>,
): Map<number, LineMark> {
  const byPath = new Map<string, LineMark>();
  for (const row of rows.flatMap((one) => (one.kind === "group" ? one.rows : [one]))) {
    const verdict = verdicts.get(row.id);
    if (row.kind !== "clause" || !verdict) continue;
    const path = withoutElements(row.path);
    if (byPath.get(path)?.holds === false) continue;
    const note = verdict.mismatch ? clauseWords(verdict.mismatch).expected : null;
    byPath.set(path, { holds: verdict.holds, note });
  }
  const marks = new Map<number, LineMark>();
  for (const [index, line] of doc.lines.entries()) {
    if (line.kind === "close") continue;
    const mark = byPath.get(withoutIndexes(pathOf(doc, index, root)));
    if (mark) marks.set(index, mark);
  }
  return marks;
}

/** A value as the lines of its indented JSON. */
export const linesOf = (value: unknown): JsonLines | null => readJsonLines(JSON.stringify(value ?? null));
