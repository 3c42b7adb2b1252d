// The JSON of a search in payloads, apart from its contract: pages judge it as it is typed, without the library of
// contracts.
import { parseJson } from "#server/json/parse.ts";
import { isObject, type Json } from "#server/json/value.ts";
import { MAX_JSON_DEPTH, passedLimit } from "./json-limits.ts";

export const SEARCH_LIMITS = { values: 1_000, depth: MAX_JSON_DEPTH };

/** A single value would be found in no body of an object. */
export const isSearchable = (value: Json): boolean => isObject(value) || Array.isArray(value);

/** Whether a text is JSON that can be searched for. */
export function isSearchedJson(text: string): boolean {
  if (passedLimit(text, SEARCH_LIMITS) !== null) return false;
  try {
    return isSearchable(parseJson(text));
  } catch {
    return false;
  }
}
