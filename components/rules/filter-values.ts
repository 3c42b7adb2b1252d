// The value of a clause as a person types it, and the JSON that it stands for. Pure.
import { parseJson } from "#server/json/parse.ts";
import { jsonText } from "#server/json/show.ts";
import { isNumber, type Json } from "#server/json/value.ts";

export const OPERATORS = [
  { value: "$eq", label: "is" },
  { value: "$neq", label: "is not" },
  { value: "$gte", label: "at least" },
  { value: "$gt", label: "more than" },
  { value: "$lte", label: "at most" },
  { value: "$lt", label: "less than" },
  { value: "$in", label: "is one of" },
  { value: "$nin", label: "is none of" },
  { value: "$contains", label: "contains" },
  { value: "$startsWith", label: "starts with" },
  { value: "$endsWith", label: "ends with" },
  { value: "$exist", label: "exists" },
  { value: "$regex", label: "fits pattern" },
] as const;
export type RowOperator = (typeof OPERATORS)[number]["value"] | "glob";

const LISTS: readonly RowOperator[] = ["$in", "$nin", "glob"];
const TEXTS: readonly RowOperator[] = ["$startsWith", "$endsWith", "$regex"];
const ORDERED: readonly RowOperator[] = ["$gt", "$gte", "$lt", "$lte"];
const MAX_SHOWN = 100_000;

/** The parts of a request whose values are texts, whatever they look like. */
const isTextPart = (path: string) => /^(?:headers|query|path)\b/.test(path);

/** What the value is, for the eye: `number`, `list`. */
export function kindOf(path: string, operator: RowOperator, text: string): string {
  if (operator === "$exist") return "bool";
  if (operator === "glob") return "glob";
  if (operator === "$regex") return "pattern";
  const value = readValue(path, operator, text);
  if (Array.isArray(value)) return "list";
  if (isNumber(value)) return "number";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "object") return value === null ? "null" : "JSON";
  return "text";
}

/** The operand that a text stands for. A text in double quotes is a text whatever is in it: `"5000"`. */
export function readValue(path: string, operator: RowOperator, text: string): Json {
  if (operator === "$exist") return text !== "no";
  if (operator === "glob") {
    const globs = splitList(text).map(String);
    return globs.length === 1 ? (globs[0] ?? "") : globs;
  }
  if (operator === "$regex") return text;
  const scalar = (item: string) => readScalar(item, asksText(path, operator));
  if (LISTS.includes(operator)) return readList(text, scalar);
  // A list in brackets is one for every operator that takes alternatives.
  if (/^\s*[[{]/.test(text) && !ORDERED.includes(operator)) return readWhole(text) ?? text;
  return scalar(text);
}

const asksText = (path: string, operator: RowOperator): boolean =>
  TEXTS.includes(operator) || (isTextPart(path) && !ORDERED.includes(operator));

function readList(text: string, scalar: (item: string) => Json): Json[] {
  const whole = /^\s*\[/.test(text) ? readWhole(text) : undefined;
  return Array.isArray(whole) ? whole : splitList(text).map(scalar);
}

function readWhole(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const splitList = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

function readScalar(text: string, isText: boolean): Json {
  const trimmed = text.trim();
  if (/^".*"$/s.test(trimmed)) {
    const whole = readWhole(trimmed);
    if (typeof whole === "string") return whole;
  }
  if (isText) return text;
  const whole = /^(?:-?\d[\d.eE+-]*|true|false|null)$/.test(trimmed) ? readWhole(trimmed) : undefined;
  return whole === undefined ? text : whole;
}

/** The text that reads back as this operand. */
export function showValue(path: string, operator: RowOperator, value: Json): string {
  if (operator === "$exist") return value === false ? "no" : "yes";
  if (operator === "$regex") return String(value);
  if (operator === "glob") return Array.isArray(value) ? value.join(", ") : String(value);
  const candidate = Array.isArray(value) && LISTS.includes(operator) ? value.map(plain).join(", ") : plain(value);
  return sameJson(readValue(path, operator, candidate), value) ? candidate : jsonText(value, MAX_SHOWN);
}

const plain = (value: Json): string => (typeof value === "string" ? value : jsonText(value, MAX_SHOWN));
const sameJson = (a: Json, b: Json) => jsonText(a, MAX_SHOWN) === jsonText(b, MAX_SHOWN);
