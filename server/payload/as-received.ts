// The parts that a transform left alone, sent as they came: a parsed query, header list or body does not tell how it was
// written.
import type { HeaderList } from "#server/contracts/header-list.ts";
import { rewriteJson } from "#server/json/rewrite.ts";
import { type Json, jsonEquals } from "#server/json/value.ts";
import { MAX_FIELDS, readPairs } from "./forms.ts";
import { joinHeaders, parseQuery, readJson } from "./payload.ts";

/** Strings and short lists of them, so that this is never reached. */
const QUERY_WORK = 10_000_000;
const isEqual = (a: Json, b: Json) => jsonEquals(a, b, { left: QUERY_WORK });

const listOf = (value: Json | undefined): Json[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const encodePair = (name: string, value: Json) =>
  new URLSearchParams([[name, typeof value === "string" ? value : JSON.stringify(value)]]).toString();

/** The query string that says `query`: pairs whose value is still the same keep their place and spelling. */
export function queryToSend(query: Record<string, Json>, received: string): string {
  const before = parseQuery(received);
  if (isEqual(query, before)) return received;
  const texts = received.split("&");
  const seen = new Map<string, number>();
  const last = new Map<string, number>();
  const pairs = texts.map((text, index) => {
    // An empty text is no pair, and what lies behind the limit was seen by nobody.
    const [pair] = index < MAX_FIELDS ? readPairs([text]) : [];
    if (!pair) return { kept: [text] };
    const [name, value] = pair;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    last.set(name, index);
    const wanted = Object.hasOwn(query, name) ? listOf(query[name])[nth] : undefined;
    const kept = wanted === undefined ? [] : [wanted === value ? text : encodePair(name, wanted)];
    return { kept };
  });
  for (const [name, index] of last) {
    const more = Object.hasOwn(query, name) ? listOf(query[name]).slice(seen.get(name)) : [];
    pairs[index]?.kept.push(...more.map((value) => encodePair(name, value)));
  }
  const added = Object.entries(query)
    .filter(([name]) => !seen.has(name))
    .flatMap(([name, value]) => listOf(value).map((each) => encodePair(name, each)));
  return [...pairs.flatMap(({ kept }) => kept), ...added].filter((text) => text !== "").join("&");
}

/** The header list that says `headers`: those with the same value keep order, case and repeats; new ones come last. */
export function headersToSend(headers: Record<string, string>, received: HeaderList): HeaderList {
  const before = joinHeaders(received);
  const written = new Set<string>();
  const kept = received.flatMap(([name, value]): HeaderList => {
    const lower = name.toLowerCase();
    if (!Object.hasOwn(headers, lower)) return [];
    const wanted = headers[lower] ?? "";
    if (wanted === before.get(lower)) return [[name, value]];
    if (written.has(lower)) return [];
    written.add(lower);
    return [[name, wanted]];
  });
  return [...kept, ...Object.entries(headers).filter(([name]) => !before.has(name))];
}

/** The bytes of a body that a transform changed: a string as it is, anything else as JSON, by the text of the old one. */
export function bodyToSend(
  body: Json | undefined,
  received: { body: Buffer | null; content_type: string | null; headers: HeaderList },
): { bytes: Buffer; notes: string[] } {
  if (body === undefined) return { bytes: Buffer.alloc(0), notes: [] };
  if (typeof body === "string") return { bytes: Buffer.from(body), notes: [] };
  const encoding = joinHeaders(received.headers).get("content-encoding") ?? null;
  const json = readJson(received.body ?? Buffer.alloc(0), received.content_type, encoding);
  if (!json) return { bytes: Buffer.from(JSON.stringify(body)), notes: [] };
  const { text, notes } = rewriteJson(json.text, json.value, body);
  return { bytes: Buffer.from(text), notes };
}
