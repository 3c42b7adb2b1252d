// Field paths name places in a request: `headers.x`, `query.x`, `path`, `body.a.b[0].c`, `body.items[*].sku`, `body["a.b"]`,
// and the facts of its event: `event.resource_id`.
import { type Json, own } from "#server/json/value.ts";
import type { RuleRequest } from "./rule-request.ts";

type Part = "body" | "headers" | "query" | "path" | "event";
/** A key of an object, an index of a list, or every element of a list. A key of digits is an index where a list stands. */
export type Segment = { kind: "key"; key: string } | { kind: "index"; index: number } | { kind: "every" };
export interface ParsedPath {
  part: Part;
  segments: Segment[];
}

const ROOT = /^(body|headers|query|path|event)/;
const SEGMENT = /(?:\.([^.[\]]+)|\[(\d{1,6})\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\])/y;

/** Parses a path that the `FieldPath` contract accepted; any other is a bug of ours and throws. */
export function parseFieldPath(path: string): ParsedPath {
  const root = ROOT.exec(path)?.[1];
  if (root === undefined) throw new Error(`"${path}" is not a field path.`);
  const segments: Segment[] = [];
  let at = root.length;
  while (at < path.length) {
    SEGMENT.lastIndex = at;
    const [text, plain, index, , quoted] = SEGMENT.exec(path) ?? [];
    const key: string | undefined = quoted === undefined ? plain : JSON.parse(quoted);
    if (text === undefined) throw new Error(`"${path}" is not a field path.`);
    if (key !== undefined) segments.push({ kind: "key", key: root === "headers" ? key.toLowerCase() : key });
    else segments.push(index === undefined ? { kind: "every" } : { kind: "index", index: Number(index) });
    at = SEGMENT.lastIndex;
  }
  return { part: root as Part, segments };
}

/** A value found at a path. Undefined where there is none; `[*]` gives the list of what each element holds. */
export type Found = Json | undefined | Found[];

/** Reads one path. Header names match whatever their case; inherited properties are never seen. */
export function readField(request: RuleRequest, path: ParsedPath): Found {
  const [first, ...rest] = path.segments;
  if (path.part === "headers" && first?.kind === "key") return readSegments(headerOf(request, first.key), rest);
  return readSegments(request[path.part], path.segments);
}

// Recursion is bounded by the path, which has at most 512 characters, not by the data.
function readSegments(value: Json | undefined, segments: Segment[]): Found {
  const [segment, ...rest] = segments;
  if (segment === undefined) return value;
  if (!Array.isArray(value)) {
    return segment.kind === "key" ? readSegments(own(value, segment.key), rest) : undefined;
  }
  const index = indexOf(segment);
  if (index !== null) return readSegments(value[index], rest);
  if (segment.kind === "key") return undefined;
  return value.map((element) => readSegments(element, rest));
}

/** The place in a list that a segment names, or null. */
export function indexOf(segment: Segment): number | null {
  if (segment.kind === "index") return segment.index;
  return segment.kind === "key" && /^\d{1,6}$/.test(segment.key) ? Number(segment.key) : null;
}

/** Whether a path led to nothing at all; `null`, `""` and `[]` are something, a list of elements that lack it is not. */
export function isAbsent(found: Found, path: ParsedPath): boolean {
  return !hasValue(found, path.segments.filter(({ kind }) => kind === "every").length);
}

function hasValue(found: Found, levels: number): boolean {
  if (levels === 0 || !Array.isArray(found)) return found !== undefined;
  return found.some((inner) => hasValue(inner, levels - 1));
}

/** A header by its name in any case. Requests arrive with lower-case names; what a transform returned may differ. */
export function headerOf(request: RuleRequest, name: string): Json | undefined {
  const wanted = name.toLowerCase();
  const exact = own(request.headers, wanted);
  if (exact !== undefined) return exact;
  for (const [key, value] of Object.entries(request.headers)) if (key.toLowerCase() === wanted) return value;
  return undefined;
}
