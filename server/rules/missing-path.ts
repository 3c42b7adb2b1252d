import { pathStep } from "#server/json/show.ts";
import { isObject, type Json, own } from "#server/json/value.ts";
import type { FilterRule } from "../contracts/rule.ts";
import { headerOf, parseFieldPath, readField } from "./field-path.ts";
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
    if (key === "$or" || key === "$and") {
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
      const found = readField(output, parseFieldPath(operand.replaceAll("[$index]", "[*]")));
      if (found === undefined) missing.add(operand);
    } else {
      for (const inner of Array.isArray(operand) ? operand : [operand]) collectReferences(inner, output, missing);
    }
  }
}
