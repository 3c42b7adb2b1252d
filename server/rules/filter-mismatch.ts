// A failed clause as a reader sees it: its place, its operand, the actual value, and one plain sentence.

import type { FilterOperator } from "#server/contracts/filter.ts";
import type { FilterMismatch } from "#server/contracts/why.ts";
import { jsonText, pathStep, shorten } from "#server/json/show.ts";
import { type Json, own } from "#server/json/value.ts";

/**
 * The place that a clause reads, from the innermost key outwards. One is made on every descent, so it is rendered only when
 * shown.
 */
export interface Place {
  key: string;
  parent: Place | null;
}

/** `[*]` as the key of a place stands for the elements of a list. */
export const ELEMENTS = "[*]";

export interface Failure {
  place: Place;
  operator: FilterOperator | "glob";
  /** The operand as it stands in the rule. */
  operand: Json;
  /** Undefined where the key is missing. */
  actual: Json | undefined;
  /** The failures of each `$or` alternative. */
  alternatives?: Failure[];
  /** The operand names a field that the request lacks. */
  lacksReference?: boolean;
  /** The number of elements that were tried, when `actual` belongs to the first one. */
  elements?: number;
}

export function placeKeys(place: Place): string[] {
  const keys: string[] = [];
  for (let at: Place | null = place; at; at = at.parent) keys.unshift(at.key);
  return keys;
}

function placeText(place: Place): string {
  const [root = "", ...keys] = placeKeys(place);
  return root + keys.map((key) => (key === ELEMENTS ? ELEMENTS : pathStep(key))).join("");
}

export function toMismatch(failure: Failure): FilterMismatch {
  return {
    path: placeText(failure.place),
    operator: failure.operator,
    expected: shorten(failure.operand),
    ...(failure.actual === undefined ? {} : { actual: shorten(failure.actual) }),
    message: sentence(failure),
  };
}

const SHOWN_IN_SENTENCE = 200;
const SHOWN_ALTERNATIVES = 4;

function sentence(failure: Failure): string {
  const path = placeText(failure.place);
  if (failure.alternatives) {
    const shown = failure.alternatives.slice(0, SHOWN_ALTERNATIVES).map(sentence).join("; ");
    const more = failure.alternatives.length - SHOWN_ALTERNATIVES;
    return `${path} must match one of ${failure.alternatives.length} alternatives: ${shown}${more > 0 ? `; and ${more} more` : ""}`;
  }
  const reference = referencedPath(failure);
  if (failure.lacksReference) return `${path} ${demand(failure)} but ${reference} is missing`;
  const actual = failure.actual === undefined ? "is missing" : `is ${jsonText(failure.actual, SHOWN_IN_SENTENCE)}`;
  const tried = failure.elements ?? 1;
  const others = tried > 1 ? ` in the first of ${tried} elements, and no other matches` : "";
  return `${path} ${demand(failure)} but ${actual}${others}`;
}

/** The path that the operand refers to with `$ref`, or null when it is a value. */
function referencedPath({ operator, operand }: Failure): string | null {
  const path = operator === "$ref" ? operand : own(operand, "$ref");
  return typeof path === "string" ? path : null;
}

function demand(failure: Failure): string {
  const { operator, operand } = failure;
  if (operator === "$exist") return operand === true ? "must be present" : "must be absent";
  if (operator === "glob" && Array.isArray(operand)) return `must match one of ${jsonText(operand, SHOWN_IN_SENTENCE)}`;
  const path = referencedPath(failure);
  const wanted = path === null ? jsonText(operand, SHOWN_IN_SENTENCE) : `the value of ${path}`;
  return `${DEMANDS[operator]} ${wanted}`;
}

const DEMANDS: Record<Exclude<Failure["operator"], "$exist">, string> = {
  $ref: "must equal",
  $eq: "must equal",
  $neq: "must differ from",
  $gt: "must be greater than",
  $gte: "must be at least",
  $lt: "must be less than",
  $lte: "must be at most",
  $in: "must be one of",
  $nin: "must be none of",
  $contains: "must contain",
  $startsWith: "must start with",
  $endsWith: "must end with",
  $regex: "must match the pattern",
  $or: "must match one of",
  $and: "must match all of",
  $not: "must not match",
  glob: "must match",
};
