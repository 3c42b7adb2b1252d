// Filters of other systems as ours. They share one ancestor, so that only some operators differ.
import { isObject, type Json, type JsonObject } from "#server/json/value.ts";

/** Operators that are the same here; the others are told. */
const SAME = new Set([
  ...["$eq", "$neq", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$startsWith", "$endsWith", "$exist", "$or", "$and"],
  ...["$not", "$ref", "$regex", "$contains"],
]);

const isOperator = (key: string) => key.startsWith("$");

/** A clause in our words, and the operators that ours have not. */
export interface ReadClause {
  clause: Json;
  unknown: string[];
}

/** `$in` with a text asks for a part of a text there; `$exists` is `$exist`. */
function member(key: string, operand: Json, read: (clause: Json) => Json): JsonObject {
  if ((key === "$in" || key === "$nin") && typeof operand === "string")
    return key === "$in" ? { $contains: operand } : { $not: { $contains: operand } };
  if (key === "$exists") return { $exist: operand };
  if (key === "$or" || key === "$and") return { [key]: Array.isArray(operand) ? operand.map(read) : operand };
  if (key === "$not") return { [key]: read(operand) };
  return { [key]: isOperator(key) ? operand : read(operand) };
}

/** Two members of one name are both asked for. */
function joined(clause: JsonObject, more: JsonObject): JsonObject {
  const out: JsonObject = { ...clause };
  for (const [key, value] of Object.entries(more)) {
    const there = Object.hasOwn(out, key) ? out[key] : undefined;
    if (there === undefined) out[key] = value;
    else if (isObject(there) && isObject(value)) out[key] = joined(there, value);
    else out.$and = [...(Array.isArray(out.$and) ? out.$and : []), { [key]: value }];
  }
  return out;
}

/** @param isDotted whether a key such as `data.id` leads into an object, and `$` stands for each element of a list */
export function readClause(clause: Json, { isDotted = false } = {}): ReadClause {
  const unknown = new Set<string>();
  const read = (value: Json): Json => {
    if (!isObject(value)) return value;
    let out: JsonObject = {};
    for (const [key, operand] of Object.entries(value)) {
      const steps = isDotted && !isOperator(key) ? key.split(".").filter((step) => step !== "$" && step !== "") : [key];
      const [last = key, ...before] = steps.reverse();
      if (isOperator(last) && !SAME.has(last) && last !== "$exists") unknown.add(last);
      const inner = member(last, operand, read);
      out = joined(
        out,
        before.reduce<JsonObject>((within, step) => ({ [step]: within }), inner),
      );
    }
    return out;
  };
  return { clause: read(clause), unknown: [...unknown] };
}

/** Names of headers are lower case here. */
export const lowerKeys = (clause: Json): Json =>
  isObject(clause)
    ? Object.fromEntries(
        Object.entries(clause).map(([key, value]) => [isOperator(key) ? key : key.toLowerCase(), value]),
      )
    : clause;

/** A list of event types as a filter: names of types, of which `*` is any. Null where all are wanted. */
export function typesFilter(types: readonly string[]): { [name: string]: Json } | null {
  if (types.length === 0 || types.includes("*")) return null;
  // A list of globs is bounded; a list of values may be longer.
  if (types.length > 100) return { event: { type: { $in: [...types] } } };
  return { eventType: types.length === 1 ? (types[0] ?? "") : [...types] };
}
