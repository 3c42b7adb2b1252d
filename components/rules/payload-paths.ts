// The fields that real requests have, for the pickers of paths. Pure.
import { EVENT_FACTS } from "#server/contracts/event-facts.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { jsonText, pathStep } from "#server/json/show.ts";
import { isObject, type Json } from "#server/json/value.ts";
import { parseFieldPath } from "#server/rules/field-path.ts";

export interface KnownPath {
  path: string;
  /** What one request has there. */
  example: string;
}

const MAX_PATHS = 400;
const MAX_DEPTH = 16;
const MAX_ELEMENTS = 5;
const SHOWN = 40;

/** The paths as filters write them (a list is looked at element by element), each with a value that was seen. */
export function knownPaths(requests: readonly TransformRequest[], eventType: string | null): KnownPath[] {
  const found = new Map<string, string>();
  const note = (path: string, value: Json) => {
    if (found.size < MAX_PATHS && !found.has(path)) found.set(path, jsonText(value, SHOWN));
  };
  note("event_type", eventType ?? "");
  for (const fact of EVENT_FACTS) note(`event.${fact}`, "");
  for (const { body, headers, query, path } of requests) {
    if (body !== undefined) walk("body", body, 0, note);
    note("path", path);
    for (const [name, value] of Object.entries(query)) walk(`query${pathStep(name)}`, value, 0, note);
    for (const [name, value] of Object.entries(headers)) note(`headers${pathStep(name)}`, value);
  }
  return [...found].map(([path, example]) => ({ path, example }));
}

function walk(path: string, value: Json, depth: number, note: (path: string, value: Json) => void): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    if (value.length === 0) note(path, value);
    for (const element of value.slice(0, MAX_ELEMENTS)) walk(path, element, depth + 1, note);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) walk(path + pathStep(key), member, depth + 1, note);
  } else {
    note(path, value);
  }
}

/** Whether rules can name a field like this. The server has the last word. */
export function isFieldPath(text: string): boolean {
  if (text.startsWith("event.")) return (EVENT_FACTS as readonly string[]).includes(text.slice("event.".length));
  if (!/^(?:body|headers|query|path)(?:$|[.[])/.test(text)) return false;
  try {
    return parseFieldPath(text).segments.every((segment) => segment.kind !== "key" || segment.key !== "");
  } catch {
    return false;
  }
}
