// Exact numbers between a server and a browser. The usual carriers write values as JSON or take objects apart, and neither
// keeps an exact number.
import { ExactNumber } from "./exact-number.ts";
import { parseJson } from "./parse.ts";

/** A member name that no answer and no input has as its only one. */
const AS_TEXT = "$json";

/** For tRPC and the queries that a page brings along: a value with exact numbers goes as JSON text, any other as it is. */
export const exactNumbersTransport = {
  serialize: (value: unknown): unknown => (holdsExactNumber(value) ? { [AS_TEXT]: JSON.stringify(value) } : value),
  deserialize(value: unknown): unknown {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, AS_TEXT)) return value;
    const text = (value as { [AS_TEXT]: unknown })[AS_TEXT];
    return typeof text === "string" && Object.keys(value).length === 1 ? parseJson(text) : value;
  },
};

function holdsExactNumber(root: unknown): boolean {
  const open: unknown[] = [root];
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (value instanceof ExactNumber) return true;
    if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
  return false;
}
