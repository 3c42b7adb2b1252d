// The filter language: JSON that says what a part of a request must look like. `server/rules/filter.ts` runs it.
//
//   bare value   equality                                {"type": "invoice.paid"}
//   object       nests; its keys are ANDed               {"data": {"amount": {"$gte": 100, "$lt": 500}}}
//   $ref         another field of the same request,      {"to": {"$neq": {"$ref": "body.from"}}}
//                alone (equality) or as an operand;      {"items": {"sold": {"$lt": {"$ref": "body.items[$index].stock"}}}}
//                [$index] is the place of the element
import { z } from "zod";
import { ExactNumber } from "#server/json/exact-number.ts";
import type { Json } from "#server/json/value.ts";
import { FieldPath } from "./field-path.ts";
import { MAX_PROGRAM_SIZE, patternProblem, programSize } from "./regex-pattern.ts";

export const FILTER_OPERATORS = [
  "$eq",
  "$neq",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$in",
  "$nin",
  "$contains",
  "$startsWith",
  "$endsWith",
  "$exist",
  "$regex",
  "$or",
  "$and",
  "$not",
  "$ref",
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

const MAX_FILTER_DEPTH = 32;
const MAX_FILTER_NODES = 1000;
const MAX_NUMBER_DIGITS = 1000;
const MAX_ISSUES = 20;
/** Compiling takes some 15 µs an instruction. */
const MAX_PROGRAM_SIZES = 4 * MAX_PROGRAM_SIZE;

/** A field path in which `[$index]` stands for the element that is judged. */
const ReferencePath = z.preprocess(
  (path) => (typeof path === "string" ? path.replaceAll("[$index]", "[0]") : path),
  FieldPath,
);

export type FilterClause = Json;

/**
 * A filter on one part of a request. The input is hostile until checked, so this is not `z.json()`, which recurses as
 * deep as it is given.
 */
export const FilterClause: z.ZodType<FilterClause, FilterClause> = (
  z.unknown() as z.ZodType<FilterClause, FilterClause>
)
  .superRefine((clause, ctx) => {
    new ClauseCheck((path, message) => ctx.addIssue({ code: "custom", path, message })).clause(clause, []);
  })
  .meta({
    description: `Bare values mean equality, objects nest, and an object may hold the operators ${FILTER_OPERATORS.join(", ")}.`,
    examples: [{ type: "invoice.paid" }, { data: { amount: { $gte: 100 } } }],
  });

/** Walks a clause that a caller sent and reports what cannot be saved, each with its path and the remedy. */
class ClauseCheck {
  #nodes = 0;
  #issues = 0;
  #programSizes = 0;
  readonly #report: (path: PropertyKey[], message: string) => void;

  constructor(report: (path: PropertyKey[], message: string) => void) {
    this.#report = report;
  }

  clause(clause: unknown, path: PropertyKey[]): void {
    if (!isObject(clause)) {
      this.#literal(clause, path);
      return;
    }
    if (!this.#enter(path)) return;
    for (const [key, operand] of Object.entries(clause)) {
      const at = [...path, key];
      if (!key.startsWith("$")) this.clause(operand, at);
      else if (isOperator(key)) this.#operand(key, operand, at);
      else this.#fail(at, `${key} is not a filter operator; use one of ${FILTER_OPERATORS.join(", ")}.`);
    }
  }

  #operand(operator: FilterOperator, operand: unknown, at: PropertyKey[]): void {
    if (operator === "$or" || operator === "$and") {
      this.#clauses(operator, operand, at);
    } else if (operator === "$not") {
      this.clause(operand, at);
    } else if (operator === "$exist") {
      if (typeof operand !== "boolean") this.#fail(at, "$exist takes true or false.");
    } else if (operator === "$regex") {
      const problem = typeof operand === "string" ? this.#pattern(operand) : "$regex takes a pattern as a string.";
      if (problem) this.#fail(at, problem);
    } else if (operator === "$ref") {
      if (ReferencePath.safeParse(operand).success) return;
      this.#fail(at, "$ref takes the path of a field, such as body.data.id, headers.x-topic, query.page or path.");
    } else {
      this.#comparison(operator, operand, at);
    }
  }

  #pattern(pattern: string): string | null {
    this.#programSizes += Math.min(programSize(pattern), MAX_PROGRAM_SIZE);
    if (this.#programSizes <= MAX_PROGRAM_SIZES) return patternProblem(pattern);
    return `The $regex patterns of a filter have together at most ${MAX_PROGRAM_SIZES} parts; use fewer or shorter ones.`;
  }

  #clauses(operator: "$or" | "$and", operand: unknown, at: PropertyKey[]): void {
    if (!Array.isArray(operand) || operand.length === 0) {
      this.#fail(at, `${operator} takes a list of at least one clause.`);
    } else if (this.#enter(at)) {
      for (const [index, clause] of operand.entries()) this.clause(clause, [...at, index]);
    }
  }

  #comparison(operator: FilterOperator, operand: unknown, at: PropertyKey[]): void {
    const wanted = OPERAND_KINDS[operator];
    if (isReference(operand)) this.clause(operand, at);
    else if (!wanted || wanted.accepts(operand)) this.#literal(operand, at);
    else this.#fail(at, `${operator} takes ${wanted.kind}, or {"$ref": path}.`);
  }

  #literal(value: unknown, path: PropertyKey[]): void {
    if (!this.#enter(path)) return;
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) this.#literal(element, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) this.#literal(member, [...path, key]);
    } else if (isTooLong(value)) {
      this.#fail(path, `A number in a filter has at most ${MAX_NUMBER_DIGITS} digits, with its exponent written out.`);
    } else if (!isScalar(value)) {
      this.#fail(path, "A filter is plain JSON: strings, numbers, booleans, null, lists and objects.");
    }
  }

  /** Counts one more node; false when the walk has to end here. */
  #enter(path: PropertyKey[]): boolean {
    this.#nodes += 1;
    if (this.#issues >= MAX_ISSUES || this.#nodes > MAX_FILTER_NODES + 1) return false;
    if (this.#nodes > MAX_FILTER_NODES) {
      this.#fail(path, `A filter has at most ${MAX_FILTER_NODES} keys and values; split it or use $regex.`);
      return false;
    }
    if (path.length > MAX_FILTER_DEPTH) {
      this.#fail(path, `A filter nests at most ${MAX_FILTER_DEPTH} levels deep.`);
      return false;
    }
    return true;
  }

  #fail(path: PropertyKey[], message: string): void {
    this.#issues += 1;
    if (this.#issues <= MAX_ISSUES) this.#report(path, message);
  }
}

const OPERAND_KINDS: Partial<Record<FilterOperator, { kind: string; accepts(operand: unknown): boolean }>> = {
  $gt: { kind: "a number or a string", accepts: isOrdered },
  $gte: { kind: "a number or a string", accepts: isOrdered },
  $lt: { kind: "a number or a string", accepts: isOrdered },
  $lte: { kind: "a number or a string", accepts: isOrdered },
  $in: { kind: "a list of values", accepts: Array.isArray },
  $nin: { kind: "a list of values", accepts: Array.isArray },
  $startsWith: { kind: "a string or a list of strings", accepts: isTextOrTexts },
  $endsWith: { kind: "a string or a list of strings", accepts: isTextOrTexts },
};

function isTextOrTexts(operand: unknown): boolean {
  const isText = (value: unknown) => typeof value === "string";
  return isText(operand) || (Array.isArray(operand) && operand.length > 0 && operand.every(isText));
}

function isOperator(key: string): key is FilterOperator {
  return (FILTER_OPERATORS as readonly string[]).includes(key);
}

/** `{"$ref": path}` in the place of an operand. */
function isReference(operand: unknown): boolean {
  return isObject(operand) && Object.hasOwn(operand, "$ref") && Object.keys(operand).length === 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" || isFiniteNumber(value);
}

function isOrdered(value: unknown): boolean {
  return typeof value === "string" || isFiniteNumber(value);
}

function isFiniteNumber(value: unknown): boolean {
  return value instanceof ExactNumber || (typeof value === "number" && Number.isFinite(value));
}

/** The database writes an exponent out, so that it bounds what a saved rule takes. */
function isTooLong(value: unknown): boolean {
  if (!(value instanceof ExactNumber)) return false;
  const { digits, exponent } = value.decimal;
  return digits.length > MAX_NUMBER_DIGITS || exponent > MAX_NUMBER_DIGITS || exponent < -MAX_NUMBER_DIGITS;
}
