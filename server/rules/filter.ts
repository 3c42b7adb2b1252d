// Filter sees the transformed request. All of its clauses must hold; the first that does not is named.
//
//   A missing key fails every operator but `$exist: false`, `$neq`, `$nin` and `$not` too. (`$not` around an object
//   clause negates what the object says: `{"$not": {"type": "a"}}` holds for a body without type.)
//   A list in the data matches when an element does, and one element has to satisfy all keys and comparisons of its
//   object. `$exist`, `$not`, `$and` and `$or` judge the list as a whole, so `{"$not": "a"}` means that no element is "a".
//   A list as operand of `$eq` or `$neq`, or as a bare value, is also compared with the whole list. A list as operand of
//   `$contains`, `$startsWith` or `$endsWith` offers alternatives.
//   In a `$ref`, `[$index]` is the place of the element that is judged: `body.items[$index].limit`.
//   Types are strict: `1` is not `"1"`. Order is explained at `compares`. `{}` asks only that the key be there.

import type { FilterRule } from "#server/contracts/rule.ts";
import type { FilterMismatch } from "#server/contracts/why.ts";
import { isObject, type Json, own, type Work } from "#server/json/value.ts";
import { fullWork, TOO_EXPENSIVE } from "./budget.ts";
import { type ComparisonOperator, compares } from "./compare.ts";
import { fitsEventType } from "./event-type-glob.ts";
import { type Found, headerOf, parseFieldPath, readField } from "./field-path.ts";
import { ELEMENTS, type Failure, type Place, toMismatch } from "./filter-mismatch.ts";
import { notJsonReason } from "./not-json.ts";
import type { RuleRequest } from "./rule-request.ts";

export type FilterResult = { kind: "match" } | { kind: "mismatch"; mismatch: FilterMismatch; failure: Failure };

/** A path of its own is read for each element. */
const STEPS_PER_ELEMENT_REFERENCE = 20;

interface Run {
  request: RuleRequest;
  work: Work;
  /** Values of fields that `$ref` named, read once. */
  references: Map<string, Json[]>;
  /** The place of the judged element in its list, outermost list first. */
  indexes: number[];
}

/** @param work below zero afterwards, the answer is only that there was too much to do */
export function matchFilter(
  rule: FilterRule,
  request: RuleRequest,
  eventType: string | null,
  work: Work = fullWork(),
): FilterResult {
  const run = startRun(request, work);
  const failure = eventTypeFailure(rule, eventType) ?? partsFailure(rule, run);
  if (run.work.left < 0) return tooMuchWork(rule);
  if (!failure) return { kind: "match" };
  const mismatch = toMismatch(failure);
  const reason = notJsonReason(failure, request);
  const message = reason === null ? mismatch.message : `${reason}; so ${mismatch.message}`;
  return { kind: "mismatch", mismatch: { ...mismatch, message }, failure };
}

/** Whether one clause holds for a value as if it stood at `place` of this request. */
export function clauseHolds(
  clause: Json,
  value: Json | undefined,
  place: Place,
  request: RuleRequest,
  work: Work,
): boolean {
  const run = startRun(request, work);
  return clauseFailure(clause, value, place, run) === null && run.work.left >= 0;
}

const startRun = (request: RuleRequest, work: Work): Run => ({ request, work, references: new Map(), indexes: [] });

function eventTypeFailure(rule: FilterRule, eventType: string | null): Failure | null {
  if (rule.event_type === undefined) return null;
  const globs = typeof rule.event_type === "string" ? [rule.event_type] : rule.event_type;
  if (eventType !== null && globs.some((glob) => fitsEventType(glob, eventType))) return null;
  const place = { key: "event_type", parent: null };
  return { place, operator: "glob", operand: rule.event_type, actual: eventType ?? undefined };
}

function partsFailure(rule: FilterRule, run: Run): Failure | null {
  for (const part of ["event", "path", "headers", "query", "body"] as const) {
    const clause = rule[part];
    if (clause === undefined) continue;
    const failure = clauseFailure(clause, run.request[part], { key: part, parent: null }, run);
    if (failure) return failure;
  }
  return null;
}

function tooMuchWork(rule: FilterRule): FilterResult {
  const { type: _, ...operand } = rule;
  const failure: Failure = { place: { key: "request", parent: null }, operator: "$and", operand, actual: undefined };
  return { kind: "mismatch", mismatch: { ...toMismatch(failure), message: TOO_EXPENSIVE }, failure };
}

/** Recursion follows the clause, at most `MAX_FILTER_DEPTH` deep; lists of lists in the data are walked with a stack. */
function clauseFailure(clause: Json, value: Json | undefined, place: Place, run: Run): Failure | null {
  run.work.left -= 1;
  if (run.work.left < 0) return { place, operator: "$and", operand: clause, actual: value };
  if (!isObject(clause)) return elementFailure([["$eq", clause]], value, place, run);
  const perElement: [string, Json][] = [];
  for (const [key, operand] of Object.entries(clause)) {
    if (isWholeOperator(key, operand, run)) {
      const failure = wholeFailure(key, operand, value, place, run);
      if (failure) return failure;
    } else {
      perElement.push([key, operand]);
    }
  }
  if (perElement.length > 0) return elementFailure(perElement, value, place, run);
  const asksNothing = Object.keys(clause).length === 0;
  return asksNothing && value === undefined ? { place, operator: "$exist", operand: true, actual: value } : null;
}

type WholeOperator = "$exist" | "$and" | "$or" | "$not" | "$neq";

/**
 * Whether the operator judges a list as a whole. `$neq` with a list does, because each element differs from the list that
 * holds it.
 */
function isWholeOperator(key: string, operand: Json, run: Run): key is WholeOperator {
  if (key === "$neq") {
    const operands = operandsOf(operand, run);
    run.work.left -= operands.length;
    return operands.some(Array.isArray);
  }
  return key === "$exist" || key === "$and" || key === "$or" || key === "$not";
}

function wholeFailure(
  operator: WholeOperator,
  operand: Json,
  value: Json | undefined,
  place: Place,
  run: Run,
): Failure | null {
  const failure: Failure = { place, operator, operand, actual: value };
  const clauses = Array.isArray(operand) ? operand : [];
  switch (operator) {
    case "$exist":
      return (value !== undefined) === operand ? null : failure;
    case "$neq":
      return comparisonFailure(operator, operand, value, place, run);
    case "$and":
      return firstOf(clauses, (clause) => clauseFailure(clause, value, place, run));
    case "$or":
      return orFailure(failure, clauses, run);
    case "$not": {
      const inner = clauseFailure(operand, value, place, run);
      // A missing key fails `$not` as well, unless presence is the very thing that is negated.
      return inner !== null && (value !== undefined || inner.operator === "$exist") ? null : failure;
    }
  }
}

function orFailure(failure: Failure, clauses: Json[], run: Run): Failure | null {
  const alternatives: Failure[] = [];
  for (const clause of clauses) {
    const inner = clauseFailure(clause, failure.actual, failure.place, run);
    if (!inner) return null;
    alternatives.push(inner);
  }
  const [only] = alternatives;
  return only && alternatives.length === 1 ? only : { ...failure, alternatives };
}

type Entries = [key: string, operand: Json][];

function elementFailure(entries: Entries, value: Json | undefined, place: Place, run: Run): Failure | null {
  if (!Array.isArray(value)) return firstOf(entries, (entry) => entryFailure(entry, value, place, run));
  const ofList = listFailure(entries, value, place, run);
  if (!ofList) return null;
  const elements: Place = { key: ELEMENTS, parent: place };
  let first: Failure | null = null;
  let tried = 0;
  for (const [element, index] of everyElement(value)) {
    if (run.work.left < 0) break;
    run.indexes.push(index);
    const failure = Array.isArray(element)
      ? listFailure(entries, element, elements, run)
      : firstOf(entries, (entry) => entryFailure(entry, element, elements, run));
    run.indexes.pop();
    if (!failure) return null;
    first ??= failure;
    tried += 1;
  }
  if (!first) return ofList;
  // A comparison that no element meets is best shown with the list; a key of an element with that element's value.
  return first.place === elements
    ? { ...first, place, actual: value }
    : { ...first, elements: first.elements ?? tried };
}

/** Judges a list as one value: it may equal a list, be among lists, or contain; below it there is only what `[]` lacks. */
function listFailure(entries: Entries, list: Json[], place: Place, run: Run): Failure | null {
  return firstOf(entries, ([key, operand]) => {
    if (key === "$eq" || key === "$ref" || key === "$in" || key === "$contains") {
      return comparisonFailure(key, operand, list, place, run);
    }
    if (!key.startsWith("$") && list.length === 0) return entryFailure([key, operand], undefined, place, run);
    const operator = key.startsWith("$") ? (key as ComparisonOperator) : "$eq";
    return { place, operator, operand, actual: list };
  });
}

function entryFailure(
  [key, operand]: Entries[number],
  value: Json | undefined,
  place: Place,
  run: Run,
): Failure | null {
  if (key.startsWith("$")) return comparisonFailure(key as ComparisonOperator | "$ref", operand, value, place, run);
  const isHeader = place.parent === null && place.key === "headers";
  const member = isHeader ? headerOf(run.request, key) : own(value, key);
  return clauseFailure(operand, member, { key, parent: place }, run);
}

function comparisonFailure(
  operator: ComparisonOperator | "$ref",
  operand: Json,
  value: Json | undefined,
  place: Place,
  run: Run,
): Failure | null {
  const failure: Failure = { place, operator, operand, actual: value };
  if (value === undefined) return failure;
  const operands = operator === "$ref" ? operandsOf({ $ref: operand }, run) : operandsOf(operand, run);
  if (operands.length === 0) return { ...failure, lacksReference: true };
  const relation = operator === "$ref" ? "$eq" : operator;
  const isMembership = relation === "$in" || relation === "$nin";
  // `{"$in": {"$ref": "body.items[*].id"}}` finds ids, each of which is a list of one.
  const holds = (other: Json) =>
    compares(relation, value, isMembership && !Array.isArray(other) ? [other] : other, run.work);
  const isEvery = relation === "$neq" || relation === "$nin";
  // Spent work makes `holds` false. Without this look at it the rest would be walked for nothing.
  const isSettled = (other: Json) => run.work.left < 0 || holds(other);
  return (isEvery ? operands.every(holds) : operands.some(isSettled)) ? null : failure;
}

/** The operand, or the values of the field that it refers to. */
function operandsOf(operand: Json, run: Run): Json[] {
  const path = own(operand, "$ref");
  return typeof path === "string" ? referenced(path, run) : [operand];
}

/** The values of the field that a `$ref` names: several where its path has `[*]`, none where it is missing. */
function referenced(written: string, run: Run): Json[] {
  const path = atIndexes(written, run);
  if (path === null) return [];
  const known = run.references.get(path);
  if (known) return known;
  const found = readField(run.request, parseFieldPath(path));
  const values = path.includes("[*]") ? [...leavesOf(found, path.split("[*]").length - 1)] : [found];
  const present = values.filter((value): value is Json => value !== undefined);
  run.work.left -= present.length;
  // A path per element is rarely read twice, and there may be millions.
  if (path === written) run.references.set(path, present);
  return present;
}

/** `body.items[$index].id` for the element that is judged; null where no list is gone through. */
function atIndexes(path: string, { indexes, work }: Run): string | null {
  if (!path.includes("[$index]")) return path;
  work.left -= STEPS_PER_ELEMENT_REFERENCE;
  let depth = 0;
  let isInside = true;
  const place = path.replaceAll("[$index]", () => {
    const index = indexes[depth];
    depth += 1;
    isInside &&= index !== undefined;
    return `[${index}]`;
  });
  return isInside ? place : null;
}

function* leavesOf(found: Found, levels: number): Generator<Found> {
  if (levels === 0 || !Array.isArray(found)) yield found;
  else for (const inner of found) yield* leavesOf(inner, levels - 1);
}

/** Every element of a list and of the lists within it, with the place in the outer list, without recursion. */
function* everyElement(list: Json[]): Generator<[element: Json, index: number]> {
  const open = [list.values()];
  let index = -1;
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const next = top.next();
    if (next.done) {
      open.pop();
      continue;
    }
    if (open.length === 1) index += 1;
    yield [next.value, index];
    if (Array.isArray(next.value)) open.push(next.value.values());
  }
}

function firstOf<T>(items: T[], failureOf: (item: T) => Failure | null): Failure | null {
  for (const item of items) {
    const failure = failureOf(item);
    if (failure) return failure;
  }
  return null;
}
