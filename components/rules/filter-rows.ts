// A filter as rows and as JSON: two forms of one rule. What rows cannot say is carried through them untouched, so that no
// way from one form to the other loses or changes a clause. Pure.
import { EVENT_FACTS } from "#server/contracts/event-facts.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import { pathStep } from "#server/json/show.ts";
import { isObject, type Json, type JsonObject, own } from "#server/json/value.ts";
import { parseFieldPath } from "#server/rules/field-path.ts";
import { OPERATORS, type RowOperator, readValue, showValue } from "./filter-values.ts";

const PARTS = ["body", "headers", "query", "path", "event"] as const;
type Part = (typeof PARTS)[number];

/** One clause. `path` is written as rules write it, `event_type`, `path`, `headers.x-topic` or `body.data["a.b"]`. */
export interface ClauseRow {
  kind: "clause";
  id: number;
  path: string;
  operator: RowOperator;
  /** As typed. */
  value: string;
  /** Judged apart from its neighbours: on a list, another element may meet it. */
  isApart?: boolean;
}
/** Clauses of which one has to hold, all within `base`. */
export interface GroupRow {
  kind: "group";
  id: number;
  base: string;
  rows: ClauseRow[];
  isApart?: boolean;
}
/** A clause that rows cannot say. */
export interface FixedRow {
  kind: "fixed";
  id: number;
  base: string;
  clause: JsonObject;
  isApart?: boolean;
}
export type FilterRow = ClauseRow | GroupRow | FixedRow;

const ROW_OPERATORS = new Set<string>(OPERATORS.map(({ value }) => value));

/** The rows of a filter, in the order of its JSON. */
export function rowsOf(filter: Omit<FilterRule, "type">): FilterRow[] {
  const reader = new Reader();
  for (const [part, clause] of Object.entries(filter)) {
    if (clause === undefined) continue;
    if (part === "event_type") reader.clause("event_type", "glob", clause as Json);
    else if (isPart(part)) reader.read(clause as Json, part, false);
  }
  return reader.rows;
}

const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

class Reader {
  readonly rows: FilterRow[] = [];
  #id = 0;

  next(): number {
    this.#id += 1;
    return this.#id;
  }

  clause(path: string, operator: RowOperator, operand: Json, isApart = false): void {
    this.rows.push(this.#row(path, operator, operand, isApart));
  }

  #row(path: string, operator: RowOperator, operand: Json, isApart: boolean): ClauseRow {
    const value = showValue(path, operator, operand);
    return { kind: "clause", id: this.next(), path, operator, value, ...(isApart && { isApart }) };
  }

  #fixed(base: string, clause: JsonObject, isApart: boolean): void {
    this.rows.push({ kind: "fixed", id: this.next(), base, clause, ...(isApart && { isApart }) });
  }

  read(clause: Json, path: string, isApart: boolean): void {
    if (!isObject(clause)) {
      this.clause(path, "$eq", clause, isApart);
      return;
    }
    const entries = Object.entries(clause);
    if (entries.length === 0) this.clause(path, "$exist", true, isApart);
    for (const [key, operand] of entries) this.#member(key, operand, path, isApart);
  }

  #member(key: string, operand: Json, path: string, isApart: boolean): void {
    if (!key.startsWith("$")) {
      // The path is one text: whatever stands below it is for the JSON.
      if (path === "path") this.#fixed(path, { [key]: operand }, isApart);
      else this.read(operand, path + pathStep(key), isApart);
    } else if (isRowOperand(key, operand)) {
      this.clause(path, key as RowOperator, operand, isApart);
    } else if (key === "$or") {
      this.#group(operand, path, isApart);
    } else if (key === "$and" && isPart(path) && !isApart && Array.isArray(operand)) {
      for (const item of operand) this.#apart(item, path);
    } else {
      this.#fixed(path, { [key]: operand }, isApart);
    }
  }

  /** One clause of an `$and`: it stays a clause of its own. */
  #apart(item: Json, path: string): void {
    const inner = new Reader();
    inner.read(item, path, true);
    const [only] = inner.rows;
    if (only && inner.rows.length === 1) this.rows.push({ ...only, id: this.next(), isApart: true } as FilterRow);
    else this.#fixed(path, { $and: [item] }, false);
  }

  #group(operand: Json, base: string, isApart: boolean): void {
    const rows = (Array.isArray(operand) ? operand : []).map((alternative) => {
      const inner = new Reader();
      inner.read(alternative, base, false);
      const [only] = inner.rows;
      return inner.rows.length === 1 && only?.kind === "clause" ? { ...only, id: this.next() } : null;
    });
    const known = rows.filter((row) => row !== null);
    if (known.length === 0 || known.length < rows.length) this.#fixed(base, { $or: operand }, isApart);
    else this.rows.push({ kind: "group", id: this.next(), base, rows: known, ...(isApart && { isApart }) });
  }
}

/** Whether a row can show the operand: another field (`$ref`) it cannot. */
function isRowOperand(key: string, operand: Json): boolean {
  return ROW_OPERATORS.has(key) && own(operand, "$ref") === undefined;
}

/** Why a row says nothing yet; null when it is whole. */
export function rowProblem(row: ClauseRow): string | null {
  if (row.path === "") return "Choose the field that is looked at.";
  if (row.path === "event_type") return row.value.trim() === "" ? "Give a type, or a pattern such as payment.*" : null;
  if (!/^(?:body|headers|query|path|event)(?:$|[.[])/.test(row.path))
    return "Start with body, headers, query, path, event or event_type.";
  const keys = keysOf(row.path);
  if (keys === null) return 'A path goes on with .key or ["any key"], such as body.data.id.';
  if (row.path.startsWith("headers") && keys.length !== 1) return "Name one header, such as headers.x-topic.";
  if (row.path.startsWith("event") && !isFact(keys))
    return "Name one fact of the event: event.type, event.id, event.occurred_at or event.resource_id.";
  if (row.path.startsWith("path") && keys.length > 0) return "The path is one text and has no fields.";
  return null;
}

const isFact = (keys: readonly string[]) =>
  keys.length === 1 && (EVENT_FACTS as readonly string[]).includes(keys[0] ?? "");

/** The first thing that keeps the rows from being a whole filter; null where nothing does. */
export function rowsProblem(rows: readonly FilterRow[]): string | null {
  if (rows.length === 0) return "Add a clause: a filter without one is none.";
  for (const row of rows) {
    if (row.kind === "fixed") continue;
    if (row.kind === "group" && baseOf(row) === null) return GROUP_PROBLEM;
    const problem = (row.kind === "group" ? row.rows : [row]).map(rowProblem).find((each) => each !== null);
    if (problem) return problem;
  }
  const types = rows.filter((row) => row.kind === "clause" && row.path === "event_type");
  return types.length > 1 ? TYPES_PROBLEM : null;
}

export const GROUP_PROBLEM = "A group stays within one part of the request: only body, only headers or only query.";
export const TYPES_PROBLEM = "Put all event types into one row, with commas.";

/** The keys of a path below its part; null where it is none. A filter looks at every element of a list, so `[*]` is nothing. */
function keysOf(path: string): string[] | null {
  try {
    const { segments } = parseFieldPath(path);
    if (segments.some(({ kind }) => kind === "index")) return null;
    return segments.flatMap((segment) => (segment.kind === "key" ? [segment.key] : []));
  } catch {
    return null;
  }
}

/** The filter that the rows say, those that are not whole left out. Undefined when nothing is said. */
export function filterOf(rows: readonly FilterRow[]): Omit<FilterRule, "type"> | undefined {
  const filter: JsonObject = {};
  for (const row of rows) {
    const said = clauseOf(row);
    if (!said) continue;
    if (said.part === "event_type") filter.event_type ??= said.clause;
    else place(filter, said, row.isApart === true);
  }
  return Object.keys(filter).length === 0 ? undefined : (filter as Omit<FilterRule, "type">);
}

interface Said {
  part: string;
  keys: string[];
  clause: Json;
}

function clauseOf(row: FilterRow): Said | undefined {
  if (row.kind === "clause") {
    if (rowProblem(row) !== null) return undefined;
    if (row.path === "event_type") return { part: row.path, keys: [], clause: readValue(row.path, "glob", row.value) };
    const operand = readValue(row.path, row.operator, row.value);
    // An object as a bare value would be a clause.
    const isBare = row.operator === "$eq" && !isObject(operand);
    return placed(row.path, isBare ? operand : { [row.operator]: operand });
  }
  if (row.kind === "fixed") return placed(row.base, row.clause);
  const base = baseOf(row);
  if (base === null) return undefined;
  const alternatives = row.rows.flatMap((one): Json[] => {
    const said = clauseOf(one);
    return said ? [nest(said.keys.slice((keysOf(base) ?? []).length), said.clause)] : [];
  });
  return alternatives.length === 0 ? undefined : placed(base, { $or: alternatives });
}

const placed = (path: string, clause: Json): Said => ({
  part: /^[a-z]+/.exec(path)?.[0] ?? "body",
  keys: keysOf(path) ?? [],
  clause,
});

const nest = (keys: readonly string[], clause: Json): Json =>
  keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), clause);

/** The place around all rows of a group: where it stood, or else their part. Null when they are of several parts. */
export function baseOf(group: GroupRow): string | null {
  const whole = group.rows.filter((row) => rowProblem(row) === null);
  const isWithin = (path: string) => path === group.base || /^[.[]/.test(path.slice(group.base.length));
  if (whole.every(({ path }) => path.startsWith(group.base) && isWithin(path))) return group.base;
  const parts = new Set(whole.map(({ path }) => /^[a-z_]+/.exec(path)?.[0] ?? ""));
  const [part] = parts;
  return parts.size === 1 && part !== undefined && isPart(part) ? part : null;
}

/** Adds a clause to its part; where it meets another in the same place it goes into the part's `$and`. */
function place(parts: JsonObject, { part, keys, clause }: Said, isApart: boolean): void {
  const whole = nest(keys, clause);
  const present = own(parts, part);
  if (!isApart) {
    const merged = present === undefined ? whole : merge(present, whole);
    if (merged !== undefined) {
      parts[part] = merged;
      return;
    }
  }
  const object: JsonObject = present === undefined ? {} : isObject(present) ? present : { $eq: present };
  const others = own(object, "$and");
  parts[part] = { ...object, $and: [...(Array.isArray(others) ? others : []), whole] };
}

/** Both clauses as one; undefined where they speak of the same thing. */
function merge(a: Json, b: Json): Json | undefined {
  const [left, right] = [asObject(a), asObject(b)];
  const merged: JsonObject = { ...left };
  for (const [key, operand] of Object.entries(right)) {
    const there = own(left, key);
    if (there === undefined) merged[key] = operand;
    else if (key.startsWith("$")) return undefined;
    else {
      const inner = merge(there, operand);
      if (inner === undefined) return undefined;
      merged[key] = inner;
    }
  }
  return merged;
}

const asObject = (clause: Json): JsonObject => (isObject(clause) ? clause : { $eq: clause });
