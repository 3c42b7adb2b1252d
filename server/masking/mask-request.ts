// Masked requests: what stands at the paths of a source's masks is replaced, and everything else keeps its digits, its order of
// keys and its spelling. Pure. docs/decisions/062-masked-and-erased.md
import type { HeaderList } from "#server/contracts/header-list.ts";
import { MASK } from "#server/contracts/mask.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import { rewriteJson } from "#server/json/rewrite.ts";
import { endOfString } from "#server/json/scan.ts";
import { isObject, type Json } from "#server/json/value.ts";
import { queryToSend } from "#server/payload/as-received.ts";
import { inflate } from "#server/payload/inflate.ts";
import { mediaType } from "#server/payload/media-type.ts";
import { parsePayload, parseQuery, readJson } from "#server/payload/payload.ts";
import { indexOf, type ParsedPath, parseFieldPath, type Segment } from "#server/rules/field-path.ts";

export interface Maskable {
  path: string;
  query: string;
  headers: HeaderList;
  /** Null where it was not read. */
  body: Buffer | null;
  content_type: string | null;
}

export interface Masked<T> {
  request: T;
  /** The texts that were masked: they may stand in what was made of the request, too. */
  secrets: string[];
  /** Whether a body that cannot be read was masked as a whole, so that nobody knows what of it stands elsewhere. */
  isWhole: boolean;
}

/** Without these a body cannot be read, and they say nothing of anybody. */
const NEVER_MASKED = new Set(["content-type", "content-encoding"]);

/** @param masks the stored form of the paths */
export function maskRequest<T extends Maskable>(request: T, masks: string): Masked<T> {
  const paths = (JSON.parse(masks) as string[]).map(parseFieldPath);
  const secrets = new Set<string>();
  const of = (part: ParsedPath["part"]) => paths.filter((path) => path.part === part).map(({ segments }) => segments);
  const { headers, body, isWhole } = maskBody(request, of("body"), secrets);
  const masked = {
    ...request,
    path: of("path").length > 0 ? maskPath(request.path, secrets) : request.path,
    query: maskQuery(request.query, of("query"), secrets),
    headers: maskHeaders(headers, of("headers"), secrets),
    body,
  };
  return { request: masked, secrets: [...secrets], isWhole };
}

function maskPath(path: string, secrets: Set<string>): string {
  if (path === "/" || path === `/${MASK}`) return path;
  secrets.add(path);
  return `/${MASK}`;
}

function maskHeaders(headers: HeaderList, wanted: Segment[][], secrets: Set<string>): HeaderList {
  if (wanted.length === 0) return headers;
  const names = new Set(wanted.map(([first]) => (first?.kind === "key" ? first.key : null)));
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase();
    if (NEVER_MASKED.has(lower) || !(names.has(null) || names.has(lower))) return [name, value];
    collect(value, secrets);
    return [name, MASK];
  });
}

function maskQuery(query: string, wanted: Segment[][], secrets: Set<string>): string {
  if (wanted.length === 0 || query === "") return query;
  const before = parseQuery(query);
  // The names of a query stay, also where all of it is masked.
  const all = Object.keys(before).map((key): Segment[] => [{ kind: "key", key }]);
  const places = wanted.flatMap((segments) => (segments.length === 0 ? all : [segments]));
  const after = places.reduce((value: Json, segments) => maskAt(value, segments, secrets), before);
  return queryToSend(after as Record<string, Json>, query);
}

interface MaskedBody {
  headers: HeaderList;
  body: Buffer | null;
  isWhole: boolean;
}

const ENCODING = "content-encoding";

function maskBody(request: Maskable, wanted: Segment[][], secrets: Set<string>): MaskedBody {
  const { headers, body, content_type } = request;
  if (wanted.length === 0 || body === null || body.length === 0) return { headers, body, isWhole: false };
  const encoding = headers.find(([name]) => name.toLowerCase() === ENCODING)?.[1] ?? null;
  const { kind, value } = parsePayload(body, content_type, encoding);
  if (kind !== "json" && !(kind === "form" && mediaType(content_type) === "application/x-www-form-urlencoded")) {
    const isMasked = body.toString("latin1") === MASK;
    return { headers: inClear(headers), body: Buffer.from(MASK), isWhole: !isMasked };
  }
  const masked = wanted.reduce((before: Json, segments) => maskAt(before, segments, secrets), value);
  if (masked === value) return { headers, body, isWhole: false };
  const json = kind === "json" ? readJson(body, content_type, encoding) : null;
  const text = json
    ? jsonText(json.text, json.value, masked)
    : formText(inflate(body, encoding) ?? body, masked, value);
  return { headers: inClear(headers), body: Buffer.from(text), isWhole: false };
}

/** A masked body is stored in clear. */
const inClear = (headers: HeaderList) => headers.filter(([name]) => name.toLowerCase() !== ENCODING);

/** Of a key that came twice a parser sees one value, and the text keeps both: such a text is written anew. */
function jsonText(source: string, before: Json, after: Json): string {
  return countKeys(before) === countColons(source) ? rewriteJson(source, before, after).text : JSON.stringify(after);
}

function countKeys(value: Json): number {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + countKeys(inner), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + 1 + countKeys(inner), 0);
}

function countColons(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at);
    else if (text[at] === ":") count += 1;
  }
  return count;
}

function formText(body: Buffer, after: Json, before: Json): string {
  const received = body.toString("utf8");
  const fields: Record<string, Json> = parseQuery(received);
  if (!isObject(after) || !isObject(before)) return MASK;
  for (const [name, value] of Object.entries(after)) if (value !== before[name]) fields[name] = value;
  return queryToSend(fields, received);
}

/** The value with a mask at a path; the very same where there is nothing, or a mask already. */
function maskAt(value: Json, segments: Segment[], secrets: Set<string>): Json {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (value === MASK) return value;
    collect(value, secrets);
    return MASK;
  }
  if (Array.isArray(value)) {
    const index = indexOf(segment);
    if (index === null && segment.kind === "key") return value;
    const masked = value.map((inner, at) => (index === null || at === index ? maskAt(inner, rest, secrets) : inner));
    return masked.some((inner, at) => inner !== value[at]) ? masked : value;
  }
  if (!isObject(value) || segment.kind !== "key" || !Object.hasOwn(value, segment.key)) return value;
  const before = value[segment.key] as Json;
  const masked = maskAt(before, rest, secrets);
  if (masked === before) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === segment.key ? masked : inner]));
}

/** The texts within a value. True, false and null say nothing that could be found elsewhere. */
function collect(value: Json, secrets: Set<string>): void {
  if (Array.isArray(value)) for (const inner of value) collect(inner, secrets);
  else if (typeof value === "number" || value instanceof ExactNumber) secrets.add(String(value));
  else if (isObject(value)) for (const inner of Object.values(value)) collect(inner, secrets);
  else if (typeof value === "string" && value !== "" && value !== MASK) secrets.add(value);
}
