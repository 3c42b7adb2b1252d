import { jsonMistake } from "#server/json/error-place.ts";
import type { Failure } from "./filter-mismatch.ts";
import { placeKeys } from "./filter-mismatch.ts";
import type { RuleRequest } from "./rule-request.ts";

/** Finding the place of a mistake takes about as long as parsing. */
const MAX_CHARS = 256 * 1024;

/** What was compressed is inflated for rules within caps; the bytes are delivered as they came. */
function binaryReason(encoding: string | undefined): string {
  if (encoding === undefined) return "the body is not JSON: it is no text";
  return `the body is not read: it is no text, or its content-encoding ${encoding.slice(0, 100)} could not be undone, or gave over 10 MiB or over 100 times its size`;
}

/** The reason why a filter finds nothing below `body`, when the body is no JSON. It comes before any missing field. */
export function notJsonReason({ place }: Failure, { body, raw_body, headers }: RuleRequest): string | null {
  const [part, ...keys] = placeKeys(place);
  if (part !== "body" || keys.length === 0) return null;
  if (body === undefined) return "the body is empty";
  if (raw_body !== undefined) return binaryReason(headers["content-encoding"]);
  if (typeof body !== "string") return null;
  if (body.length > MAX_CHARS) return "the body is not JSON";
  const mistake = jsonMistake(body);
  if (mistake) return `the body is not JSON: at line ${mistake.line}, column ${mistake.column}, ${mistake.problem}`;
  const type = headers["content-type"];
  return type === undefined
    ? "the body is a text"
    : `the body is not taken for JSON: its content-type is ${type.slice(0, 100)}, where application/json is needed`;
}
