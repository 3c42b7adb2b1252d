// The operators that compare one value with one operand. Their effect on lists and missing keys is the filter's matter.
import { RE2JS } from "re2js";
import { compareDecimals, type Decimal, readDecimal } from "#server/json/decimal.ts";
import { decimalOfNumber } from "#server/json/exact-number.ts";
import { isNumber, type Json, jsonEquals, type Work } from "#server/json/value.ts";

export type ComparisonOperator =
  | "$eq"
  | "$neq"
  | "$gt"
  | "$gte"
  | "$lt"
  | "$lte"
  | "$in"
  | "$nin"
  | "$contains"
  | "$startsWith"
  | "$endsWith"
  | "$regex";

/** Whether `value` stands in this relation to `operand`. A list is compared as a whole. False when the work runs out. */
export function compares(operator: ComparisonOperator, value: Json, operand: Json, work: Work): boolean {
  work.left -= 1;
  if (work.left < 0) return false;
  switch (operator) {
    case "$eq":
      return jsonEquals(value, operand, work);
    case "$neq":
      return !jsonEquals(value, operand, work);
    case "$in":
      return isAmong(value, operand, work);
    case "$nin":
      return Array.isArray(operand) && !isAmong(value, operand, work);
    case "$contains":
      if (typeof value === "string") return anyText(operand, work, (text) => includesText(value, text, work));
      return isAmong(operand, value, work) || isAnyAmong(operand, value, work);
    case "$startsWith":
      return typeof value === "string" && anyText(operand, work, (text) => value.startsWith(text));
    case "$endsWith":
      return typeof value === "string" && anyText(operand, work, (text) => value.endsWith(text));
    case "$regex":
      return typeof value === "string" && typeof operand === "string" && matchesPattern(operand, value, work);
    default:
      return isOrdered(operator, order(value, operand));
  }
}

function isAmong(value: Json, list: Json, work: Work): boolean {
  return Array.isArray(list) && list.some((element) => jsonEquals(element, value, work));
}

/** An operand that is a list offers alternatives. */
const isAnyAmong = (operands: Json, list: Json, work: Work): boolean =>
  Array.isArray(operands) && operands.some((operand) => isAmong(operand, list, work));

function anyText(operand: Json, work: Work, holds: (text: string) => boolean): boolean {
  const texts = Array.isArray(operand) ? operand : [operand];
  return texts.some((text) => {
    work.left -= 1;
    return work.left >= 0 && typeof text === "string" && holds(text);
  });
}

function isOrdered(operator: "$gt" | "$gte" | "$lt" | "$lte", sign: number | null): boolean {
  if (sign === null) return false;
  if (operator === "$gt") return sign > 0;
  if (operator === "$gte") return sign >= 0;
  return operator === "$lt" ? sign < 0 : sign <= 0;
}

/** A longer text is no number of a header or query parameter. */
const MAX_DECIMAL_LENGTH = 1000;
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * The sign of `value - operand`, or null where the two have no order. Two strings that are both ISO 8601 are compared as
 * instants, other strings by code unit. A number is also compared with a string that is a decimal number, because headers
 * and query parameters are always strings.
 */
function order(value: Json, operand: Json): number | null {
  if (typeof value === "string" && typeof operand === "string") {
    if (ISO_TIME.test(value) && ISO_TIME.test(operand)) {
      const sign = instant(value) - instant(operand);
      if (!Number.isNaN(sign)) return sign;
    }
    return value < operand ? -1 : Number(value > operand);
  }
  if (typeof value === "number" && typeof operand === "number") return value < operand ? -1 : Number(value > operand);
  const left = decimalOf(value);
  const right = decimalOf(operand);
  return left === null || right === null ? null : compareDecimals(left, right);
}

function decimalOf(value: Json): Decimal | null {
  if (isNumber(value)) return decimalOfNumber(value);
  return typeof value === "string" && value.length <= MAX_DECIMAL_LENGTH ? readDecimal(value) : null;
}

/** A time without an offset is read as UTC, so that the answer does not depend on the machine. */
function instant(text: string): number {
  const iso = text.replace(" ", "T");
  return Date.parse(iso.length > 10 && !/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso);
}

/** V8's search may compare every character of the needle at every place of a hostile text. */
const CHARACTERS_PER_STEP = 64;

function includesText(text: string, needle: string, work: Work): boolean {
  work.left -= Math.ceil((text.length * Math.min(needle.length, text.length)) / CHARACTERS_PER_STEP);
  return work.left >= 0 && text.includes(needle);
}

/** Some 0.3 ms for an ordinary pattern. Who has more patterns than are kept pays it at each request. */
const STEPS_PER_COMPILED = 1_000;
/** re2js visits at most each instruction at each character, 20 to 40 M a second. */
const INSTRUCTIONS_PER_STEP = 4;

function matchesPattern(pattern: string, text: string, work: Work): boolean {
  if (!patterns.has(pattern)) work.left -= STEPS_PER_COMPILED;
  if (work.left < 0) return false;
  const regex = compiled(pattern);
  work.left -= Math.ceil((text.length * regex.programSize()) / INSTRUCTIONS_PER_STEP);
  return work.left >= 0 && regex.test(text);
}

// Each pattern may hold an automaton of up to 8 MB, so few are kept.
const MAX_COMPILED = 64;
const patterns = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  const regex = known ?? RE2JS.compile(pattern);
  patterns.delete(pattern);
  patterns.set(pattern, regex);
  const [oldest] = patterns.keys();
  if (patterns.size > MAX_COMPILED && oldest !== undefined) patterns.delete(oldest);
  return regex;
}
