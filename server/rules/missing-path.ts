import type { FilterRule } from "#server/contracts/rule.ts";
import { pathStep } from "#server/json/show.ts";
import { isObject, type Json, own } from "#server/json/value.ts";
import { type Found, headerOf, indexOf, parseFieldPath, readField, type Segment } from "./field-path.ts";
import type { RuleRequest } from "./rule-request.ts";

/**
 * The paths in body, headers and query that a filter reads and that this output of a transform lacks, in the order of the
 * rule. A place that the filter allows to be absent (`$exist: false`) is not among them, nor is one in an empty list,
 * which says nothing about its elements.
 */
export function filterPathsMissing(rule: FilterRule, output: RuleRequest): string[] {
  const missing = new Set<string>();
  for (const part of ["body", "headers", "query"] as const) {
    const clause = rule[part];
    if (clause !== undefined) collect(clause, [output[part]], part, output, missing);
  }
  if (rule.path !== undefined) collectReferences(rule.path, output, missing);
  return [...missing];
}

/** `values` are what the place holds: several below a list, none where it is missing. Depth is bounded by the clause. */
function collect(
  clause: Json,
  values: (Json | undefined)[],
  path: string,
  output: RuleRequest,
  missing: Set<string>,
): void {
  const present = values.flatMap((value) => (Array.isArray(value) ? [value, ...value] : [value]));
  if (!isObject(clause)) {
    if (present.every((value) => value === undefined)) missing.add(path);
    return;
  }
  const isEmptyList = present.length > 0 && present.every((value) => Array.isArray(value) && value.length === 0);
  for (const [key, operand] of Object.entries(clause)) {
    if (key === "$or") {
      if (!allowsAbsence(clause)) collectAlternatives(listOf(operand), values, path, output, missing);
    } else if (key === "$and") {
      if (!allowsAbsence(clause)) for (const inner of listOf(operand)) collect(inner, values, path, output, missing);
    } else if (key === "$not") {
      collect(operand, values, path, output, missing);
    } else if (key.startsWith("$")) {
      if (!(key === "$exist" && operand === false)) collect(null, values, path, output, missing);
      collectReferences({ [key]: operand }, output, missing);
    } else if (!isEmptyList && !allowsAbsence(operand)) {
      const members = present.map((value) => (path === "headers" ? headerOf(output, key) : own(value, key)));
      collect(operand, members, path + pathStep(key), output, missing);
    }
  }
}

/** One alternative that finds all its places is enough, whatever the others lack. */
function collectAlternatives(
  alternatives: Json[],
  values: (Json | undefined)[],
  path: string,
  output: RuleRequest,
  missing: Set<string>,
): void {
  const lacks = alternatives.map((inner) => {
    const lacked = new Set<string>();
    collect(inner, values, path, output, lacked);
    return lacked;
  });
  if (lacks.some(({ size }) => size === 0)) return;
  for (const each of lacks.flatMap((lacked) => [...lacked])) missing.add(each);
}

const listOf = (operand: Json): Json[] => (Array.isArray(operand) ? operand : []);

/** Whether a clause can hold for a missing place: by `$exist: false`, or by an alternative that says so. */
function allowsAbsence(clause: Json): boolean {
  if (own(clause, "$exist") === false) return true;
  return listOf(own(clause, "$or") ?? null).some(allowsAbsence);
}

function collectReferences(clause: Json, output: RuleRequest, missing: Set<string>): void {
  if (!isObject(clause)) return;
  for (const [key, operand] of Object.entries(clause)) {
    if (key === "$ref" && typeof operand === "string") {
      const path = parseFieldPath(operand.replaceAll("[$index]", "[*]"));
      if (path.part !== "event" && readField(output, path) === undefined) missing.add(operand);
    } else {
      for (const inner of Array.isArray(operand) ? operand : [operand]) collectReferences(inner, output, missing);
    }
  }
}

/** Those of the paths that some request lacks and none has. An empty list says nothing about its elements. */
export function fieldPathsMissing(paths: readonly string[], requests: readonly RuleRequest[]): string[] {
  return paths.filter((path) => {
    const parsed = parseFieldPath(path);
    // Whether an event tells a fact is its provider's affair, and no mistake of spelling.
    if (parsed.part === "event") return false;
    const told = requests.map((request) => isThere(readField(request, parsed))).filter((is) => is !== null);
    return told.length > 0 && !told.includes(true);
  });
}

/** Whether a path found anything; `[*]` gives what each element holds. Null where there was no element to look at. */
function isThere(found: Found): boolean | null {
  if (!Array.isArray(found)) return found !== undefined;
  const inner = found.map((each) => (each === undefined ? false : Array.isArray(each) ? isThere(each as Found) : true));
  return inner.includes(true) || (inner.includes(false) ? false : null);
}

const MAX_KEYS = 1_000;

/** The path with its first key that the request lacks replaced by one that it has and that looks alike; null where none does. */
export function closestPath(path: string, request: RuleRequest): string | null {
  const { part, segments } = parseFieldPath(path.replaceAll("[$index]", "[*]"));
  let value: Json | undefined = request[part];
  let before: string = part;
  for (const [index, segment] of segments.entries()) {
    if (Array.isArray(value)) {
      value = value[indexOf(segment) ?? 0];
      before += segment.kind === "every" ? "[*]" : `[${indexOf(segment) ?? "*"}]`;
      if (segment.kind !== "key" || indexOf(segment) !== null) continue;
    }
    if (segment.kind !== "key" || !isObject(value)) return null;
    const { key } = segment;
    const inner: Json | undefined = own(value, key);
    if (inner === undefined) {
      const alike = Object.keys(value)
        .slice(0, MAX_KEYS)
        .find((other) => isAlike(key, other));
      return alike === undefined ? null : before + pathStep(alike) + textOf(segments.slice(index + 1));
    }
    value = inner;
    before += pathStep(key);
  }
  return null;
}

const textOf = (segments: readonly Segment[]): string =>
  segments
    .map((segment) =>
      segment.kind === "key" ? pathStep(segment.key) : segment.kind === "every" ? "[*]" : `[${segment.index}]`,
    )
    .join("");

/** The same but for case, dashes and underscores, or but for two neighbours that changed places, or one or two letters. */
function isAlike(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2 || a.length > 64) return false;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, "");
  if (plain(a) === plain(b)) return true;
  return a.length > 3 && distance(a, b) <= 2;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
