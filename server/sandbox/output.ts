// The output of a transform, judged as a request. Pure. The text comes from hostile code: nothing in it is taken on trust.
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import { parseJson } from "#server/json/parse.ts";

export type Output = { kind: "request"; request: TransformRequest } | { kind: "bad"; message: string };

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The characters that a header value may have on the wire: tab, printable ASCII, Latin-1. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const PATH = /^\/[^\p{Cc} ?#\\]*$/u;
const FIELDS = ["headers", "body", "query", "path", "method"] as const;

type Fields = Record<string, unknown>;

const isPlain = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof ExactNumber);

const bad = (message: string): Output => ({ kind: "bad", message });

/**
 * Reads the JSON text that user code returned for `input`. A field it left out (headers, query, path, method) stays as it was received;
 * a body left out means no body; `created_at` and unknown fields cannot be set. Header names become lower case.
 */
export function readOutput(text: string, input: TransformRequest): Output {
  const value = parsed(text);
  if (!isPlain(value)) return bad("Return the request object.");
  if (!FIELDS.some((field) => Object.hasOwn(value, field))) {
    return bad("The returned object has none of headers, body, query, path and method. Return the request object.");
  }
  const headers = own(value, "headers") ?? input.headers;
  const query = own(value, "query") ?? input.query;
  const path = own(value, "path") ?? input.path;
  const method = own(value, "method") ?? input.method;
  if (!isPlain(headers)) return bad("request.headers must be an object of strings.");
  if (!isPlain(query)) return bad("request.query must be an object.");
  if (typeof path !== "string" || (path !== input.path && !PATH.test(path))) {
    return bad('request.path must start with "/" and hold no space, control character, "?", "#" or backslash.');
  }
  if (typeof method !== "string" || !TOKEN.test(method)) return bad("request.method must be an HTTP method.");
  const problem = headerProblem(headers, input.headers);
  if (problem !== null) return bad(problem);
  const request = {
    headers: Object.fromEntries(Object.entries(headers).map(([name, content]) => [name.toLowerCase(), content])),
    ...(Object.hasOwn(value, "body") ? { body: value.body } : {}),
    query,
    path,
    method: method.toUpperCase(),
    ...(input.created_at === undefined ? {} : { created_at: input.created_at }),
  };
  // JSON text holds JSON values, and each other field was checked above.
  return { kind: "request", request: request as TransformRequest };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** Never the inherited value: a `__proto__` in JSON is an own key like any other. */
const own = (value: Fields, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

/** A header that the request came with is sendable as it is; one that was set must be. */
function headerProblem(headers: Fields, received: Record<string, string>): string | null {
  for (const [name, value] of Object.entries(headers)) {
    if (Object.hasOwn(received, name) && received[name] === value) continue;
    const shown = JSON.stringify(name.slice(0, 100));
    if (!TOKEN.test(name)) return `${shown} is not a header name.`;
    if (typeof value !== "string") return `The header ${shown} must be a string.`;
    if (!HEADER_VALUE.test(value)) {
      return `The header ${shown} holds a line break, a control character or one beyond Latin-1.`;
    }
  }
  return null;
}

/** The depth to which arrays and objects nest in a JSON text. */
export function nestingDepth(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const unit = json.charCodeAt(index);
    if (inString) {
      if (unit === 0x5c) index += 1;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (unit === 0x5d || unit === 0x7d) depth -= 1;
  }
  return deepest;
}
