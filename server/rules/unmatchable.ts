// Doubts about a filter that is valid: no request can ever meet it, or its owner surely means something else.

import type { FilterRule } from "#server/contracts/rule.ts";
import { jsonText, pathStep } from "#server/json/show.ts";
import { isNumber, isObject, type Json, own } from "#server/json/value.ts";

export interface Doubt {
  path: string;
  /** A sentence with the right spelling. */
  message: string;
}

const MAX_DOUBTS = 20;
const SHOWN = 120;
const PARTS = ["body", "headers", "query", "path", "event"] as const;
type Part = (typeof PARTS)[number];

/** The doubts about a filter, in the order of the rule. Depth and size are bounded by the `FilterClause` contract. */
export function filterDoubts(rule: FilterRule): Doubt[] {
  const doubts: Doubt[] = [];
  for (const part of PARTS) {
    const clause = rule[part];
    if (clause !== undefined) doubtClause(clause, { part, path: part, isRoot: true }, doubts);
  }
  return doubts.slice(0, MAX_DOUBTS);
}

interface Place {
  part: Part;
  path: string;
  isRoot: boolean;
}

function doubtClause(clause: Json, place: Place, doubts: Doubt[]): void {
  if (!isObject(clause)) {
    doubtLiteral(clause, place, doubts);
    return;
  }
  const keys = Object.keys(clause);
  const say = (message: string) => doubts.push({ path: place.path, message });
  if (clause.$exist === false && keys.length > 1) {
    const other = keys.find((key) => key !== "$exist") ?? "";
    const rest = Object.fromEntries(Object.entries(clause).filter(([key]) => key !== "$exist"));
    say(
      `A missing value never meets ${other}, so this can never match: write {"$or": [{"$exist": false}, ${jsonText(rest, SHOWN)}]} for either of the two.`,
    );
  }
  if (isEmptyRange(clause))
    say("No value is above the one bound and below the other, so this can never match: correct the bounds.");
  if (Array.isArray(clause.$in) && clause.$in.length === 0)
    say("An empty $in can never match: list the values that are wanted.");
  for (const [key, operand] of Object.entries(clause)) doubtMember(key, operand, place, doubts);
}

function doubtMember(key: string, operand: Json, place: Place, doubts: Doubt[]): void {
  const at = { ...place, path: place.path + pathStep(key), isRoot: false };
  if (key === "$or" || key === "$and") {
    for (const inner of Array.isArray(operand) ? operand : []) doubtClause(inner, place, doubts);
  } else if (key === "$not") {
    doubtClause(operand, place, doubts);
  } else if (key === "$regex") {
    const inner = typeof operand === "string" && slashed(operand);
    if (inner)
      doubts.push({
        path: at.path,
        message: `$regex takes the pattern without slashes, which it would look for: write ${inner}.`,
      });
  } else if (key.startsWith("$")) {
    doubtLiteral(operand, { ...at, isRoot: place.isRoot }, doubts);
  } else {
    if (place.part === "path") {
      doubts.push({
        path: at.path,
        message: `The path is one text and has no fields: write {"path": {"$startsWith": "/…"}} or another operator.`,
      });
    } else if (key.includes(".") && place.part === "body") {
      doubts.push({
        path: at.path,
        message: `A dot is part of the key here. For a field within a field, nest: write ${nested(key, operand)}.`,
      });
    }
    doubtClause(operand, at, doubts);
  }
}

/** `{"data": {"type": "x"}}` for `{"data.type": "x"}`. */
const nested = (key: string, operand: Json): string =>
  jsonText(
    key.split(".").reduceRight<Json>((inner, name) => ({ [name]: inner }), operand),
    SHOWN,
  );

function doubtLiteral(value: Json, place: Place, doubts: Doubt[]): void {
  const say = (message: string) => doubts.push({ path: place.path, message });
  const inner = typeof value === "string" && place.part !== "path" && slashed(value);
  if (inner) say(`This compares with the text ${jsonText(value, SHOWN)} as it stands. For a pattern write ${inner}.`);
  if (
    (place.part === "headers" || place.part === "query") &&
    (isNumber(value) || typeof value === "boolean") &&
    !place.isRoot
  ) {
    if (!/\.\$(?:gte?|lte?|exist)$/.test(place.path))
      say(`Headers and query parameters are texts, so this can never match: write "${String(value)}".`);
  }
  const operator = operatorWithin(value);
  if (operator)
    say(
      `A list or an operand is compared as it stands, ${operator} and all: write ${`{"${operator}": …}`} as the clause of the field itself.`,
    );
}

/** An operator in the place of a plain value, at most some levels down. */
function operatorWithin(value: Json, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  if (Array.isArray(value)) {
    for (const element of value) {
      const found = operatorWithin(element, depth + 1);
      if (found) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const own$ = Object.keys(value).find((key) => key.startsWith("$") && key !== "$ref");
  return (
    own$ ??
    Object.values(value)
      .map((inner) => operatorWithin(inner, depth + 1))
      .find(Boolean)
  );
}

const SLASHED = /^\/(.+)\/([dgimsuvy]*)$/s;

/** The pattern for `$regex` that means `/a/i`; false for any other text. */
function slashed(text: string): string | false {
  const [, pattern, flags] = SLASHED.exec(text) ?? [];
  if (pattern === undefined || flags === undefined) return false;
  const own = [...new Set(flags)].filter((flag) => "ims".includes(flag)).join("");
  return jsonText({ $regex: own === "" ? pattern : `(?${own})${pattern}` }, SHOWN);
}

function isEmptyRange(clause: Json): boolean {
  const bound = (...names: string[]) =>
    names.map((name) => own(clause, name)).find((value) => typeof value === "number");
  const [low, high] = [bound("$gt", "$gte"), bound("$lt", "$lte")];
  if (typeof low !== "number" || typeof high !== "number") return false;
  const isOpen = own(clause, "$gt") !== undefined || own(clause, "$lt") !== undefined;
  return isOpen ? low >= high : low > high;
}
