// The payload: what a stored body means to rules, transforms and the dashboard. The bytes themselves are never touched.
// Parsing happens on copies and gives a weaker kind (text, binary) when it cannot be trusted, never an error.
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { parseMarkedJson } from "#server/json/parse.ts";
import type { Json } from "#server/json/value.ts";
import { collectFields, type FormPart, MAX_FIELDS, parseUrlencoded, readMultipart, readPairs } from "./forms.ts";
import { readHeaderText } from "./header-text.ts";
import { inflate } from "./inflate.ts";
import { isJsonType, mayHideJson, mediaType } from "./media-type.ts";

export interface ParsedPayload {
  kind: "json" | "form" | "text" | "binary" | "empty";
  /** The parsed JSON or form; the text; null where it is binary or empty. */
  value: Json;
}

/** Deeper JSON parses in V8, but everything recursive after it (stringify, a filter, a diff) would overflow the stack. */
const MAX_DEPTH = 512;
/** The shortest number without an exponent that a double may not hold. */
const MARKED_DIGITS = 16;

const BINARY: ParsedPayload = { kind: "binary", value: null };

/**
 * Reads a body as its sender meant it. `contentType` and `contentEncoding` are the headers' values as received.
 * - `json`: a JSON content type (also `+json`), or text that starts with `{` or `[` where the type is missing or `text/plain`
 *   (Amazon SNS sends JSON that way). A later duplicate of a key wins. A number that no double holds keeps its digits;
 *   nesting over 512 levels is left as text.
 * - `form`: an object, with an array for a field that was sent several times; of a multipart form too, with name, type,
 *   size and hash in the place of a file. JSON in the field `payload`, and in a part that says it is JSON, is parsed. Over 5,000
 *   fields it is left as text.
 * - `text`: other valid UTF-8. `binary`: everything else, also what inflates badly or suspiciously far (see `inflate`).
 */
export function parsePayload(body: Buffer, contentType: string | null, contentEncoding: string | null): ParsedPayload {
  if (body.length === 0) return { kind: "empty", value: null };
  const plain = inflate(body, contentEncoding);
  if (plain === null) return BINARY;
  const type = mediaType(contentType);
  const parts = type === "multipart/form-data" ? readMultipart(plain, contentType ?? "") : undefined;
  if (parts) return { kind: "form", value: collectFields(parts.map((part) => [part.name, partValue(part)])) };
  if (!isUtf8(plain)) return BINARY;
  const text = withoutBom(plain.toString("utf8"));
  const json = jsonIn(plain, text, type);
  if (json !== undefined) return { kind: "json", value: json };
  const fields = type === "application/x-www-form-urlencoded" ? parseUrlencoded(text) : undefined;
  if (fields)
    return { kind: "form", value: collectFields(fields.map(([name, value]) => [name, fieldValue(name, value)])) };
  return { kind: "text", value: text };
}

/** Undefined where the type says otherwise, and where it is not JSON after all. */
const jsonIn = (plain: Buffer, text: string, type: string): Json | undefined =>
  isJsonType(type) || (mayHideJson(type) && /^\s*[[{]/.test(text)) ? parseJson(plain, text) : undefined;

/** The text of a body that `parsePayload` reads as JSON, in clear and without its byte order mark; null for any other. */
export function readJson(
  body: Buffer,
  contentType: string | null,
  contentEncoding: string | null,
): { text: string; value: Json } | null {
  const plain = inflate(body, contentEncoding);
  if (plain === null || plain.length === 0 || !isUtf8(plain)) return null;
  const text = withoutBom(plain.toString("utf8"));
  const value = jsonIn(plain, text, mediaType(contentType));
  return value === undefined ? null : { text, value };
}

/** Slack's buttons, GitHub's forms and Plex put their JSON there. */
const JSON_FIELD = "payload";

function fieldValue(name: string, text: string): Json {
  if (name !== JSON_FIELD || !/^\s*[[{]/.test(text)) return text;
  return parseJson(Buffer.from(text), text) ?? text;
}

function partValue({ name, filename, contentType, bytes }: FormPart): Json {
  if (filename !== null || !isUtf8(bytes)) {
    // The hash keeps two files of one name and size apart where a rule compares requests.
    return { filename, content_type: contentType, bytes: bytes.length, sha256: hash("sha256", bytes) };
  }
  const text = bytes.toString("utf8");
  return isJsonType(mediaType(contentType)) ? (parseJson(bytes, text) ?? text) : fieldValue(name, text);
}

/**
 * A query string without its `?` as an object; a name that occurs several times holds an array. What is not valid
 * percent-encoding is kept as it stands. Names such as `__proto__` are plain own properties. At most 5,000 pairs are read.
 */
export function parseQuery(query: string): Record<string, string | string[]> {
  return collectFields(readPairs(query.split("&", MAX_FIELDS)));
}

/**
 * A stored request as rules and transforms see it: header names in lower case, repeats joined by `, `, the body parsed.
 * `body` is absent where there is none; a binary one is null, with the bytes as received in `raw_body`.
 */
export function toRuleRequest(request: {
  method: string;
  path: string;
  query: string;
  headers: HeaderList;
  body: Buffer;
  contentType: string | null;
  createdAt: Date;
}): TransformRequest & { raw_body?: Uint8Array } {
  const headers = joinHeaders(request.headers);
  const payload = parsePayload(request.body, request.contentType, headers.get("content-encoding") ?? null);
  return {
    method: request.method,
    path: request.path,
    query: parseQuery(request.query),
    headers: Object.fromEntries(headers),
    ...(payload.kind !== "empty" && { body: payload.value }),
    ...(payload.kind === "binary" && { raw_body: request.body }),
    created_at: request.createdAt.toISOString(),
  };
}

/** Lower-case names; the values of a repeated header joined by `, ` in the order received (RFC 9110 section 5.3), as text. */
export function joinHeaders(headers: HeaderList): Map<string, string> {
  const values = Map.groupBy(headers, ([name]) => name.toLowerCase());
  return new Map(
    [...values].map(([name, repeats]) => [name, repeats.map(([, value]) => readHeaderText(value)).join(", ")]),
  );
}

const withoutBom = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/** Undefined where it is not JSON or nested too deep. */
function parseJson(bytes: Buffer, text: string): Json | undefined {
  const { depth, isMarked } = scanJson(bytes);
  if (depth > MAX_DEPTH) return undefined;
  try {
    return isMarked ? parseMarkedJson(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const POINT = 0x2e;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** One pass over the bytes outside strings: how deep they nest, and whether there is a number that a double may not hold. */
function scanJson(bytes: Buffer): { depth: number; isMarked: boolean } {
  let level = 0;
  let depth = 0;
  let digits = 0;
  let isMarked = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isDigit(byte)) {
      digits++;
      if (digits === MARKED_DIGITS) isMarked = true;
      continue;
    }
    if (digits > 0) {
      if (byte === POINT) continue;
      if (byte === 0x65 || byte === 0x45) isMarked = true; // an exponent: e or E after a digit
    }
    digits = 0;
    if (byte === QUOTE) i = endOfString(bytes, i);
    else if (byte === 0x7b || byte === 0x5b) depth = Math.max(depth, ++level);
    else if (byte === 0x7d || byte === 0x5d) level--;
  }
  return { depth, isMarked };
}

/** The index of the quote that closes the string opened at `start`, or the end of the bytes. */
function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length : end;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let first = at;
  while (bytes[first - 1] === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}
