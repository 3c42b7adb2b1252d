import { jsonMistake } from "#server/json/error-place.ts";
import type { Failure } from "./filter-mismatch.ts";
import { placeKeys } from "./filter-mismatch.ts";
import type { RuleRequest } from "./rule-request.ts";

/** Finding the place of a mistake takes about as long as parsing. */
const MAX_CHARS = 256 * 1024;

/** The reason why a filter finds nothing below `body`, when the body is no JSON. It comes before any missing field. */
export function notJsonReason({ place }: Failure, { body, raw_body, headers }: RuleRequest): string | null {
  const [part, ...keys] = placeKeys(place);
  if (part !== "body" || keys.length === 0) return null;
  if (body === undefined) return "the body is empty";
  if (raw_body !== undefined) return "the body is not JSON: it is no text, or its content-encoding could not be undone";
  if (typeof body !== "string") return null;
  if (body.length > MAX_CHARS) return "the body is not JSON";
  const mistake = jsonMistake(body);
  if (mistake) return `the body is not JSON: at line ${mistake.line}, column ${mistake.column}, ${mistake.problem}`;
  const type = headers["content-type"];
  return type === undefined
    ? "the body is a text"
    : `the body is not taken for JSON: its content-type is ${type.slice(0, 100)}, where application/json is needed`;
}
