// JSON from strangers: own properties only, and no recursion that their nesting could drive (a body may be 100,000 deep).
import type { z } from "zod";

export type Json = z.core.util.JSONType;
export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of an object, or undefined: never something inherited, so `__proto__` and `constructor` are plain names. */
export function own(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What a computation may still cost, in steps of roughly one visited value; spent below zero it has to end. */
export interface Work {
  left: number;
}

/** Deep equality as JSON: order of keys is nothing, order of elements is. False when the work runs out. */
export function jsonEquals(a: Json, b: Json, work: Work): boolean {
  const pairs: [Json, Json][] = [[a, b]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [left, right] = pair;
    work.left -= 1;
    if (work.left < 0) return false;
    if (left === right) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (const [index, element] of left.entries()) pairs.push([element, right[index] ?? null]);
    } else if (isObject(left) && isObject(right)) {
      const keys = Object.keys(left);
      if (keys.length !== Object.keys(right).length) return false;
      for (const key of keys) {
        const other = own(right, key);
        if (other === undefined) return false;
        pairs.push([left[key] ?? null, other]);
      }
    } else {
      return false;
    }
  }
  return true;
}

const SHOWN_JSON_LENGTH = 1024;

/** The value itself when its JSON has at most 1 KiB characters, else a text that shows its beginning and ends in `…`. */
export function shorten(value: Json): Json {
  const text = jsonText(value, SHOWN_JSON_LENGTH);
  if (text.length <= SHOWN_JSON_LENGTH) return value;
  return typeof value === "string" ? `${wholeCharacters(value, SHOWN_JSON_LENGTH)}…` : text;
}

/** JSON for a reader, cut after `limit` characters with `…`; the cost is bounded by `limit`, whatever the value. */
export function jsonText(value: Json, limit: number): string {
  const out = { text: "" };
  append(value, limit, out);
  return out.text.length > limit ? `${wholeCharacters(out.text, limit)}…` : out.text;
}

/** Recurses at most `limit` deep, because every level writes at least one character before it descends. */
function append(value: Json, limit: number, out: { text: string }): void {
  if (typeof value === "string") {
    // Escaping never shortens, so the part past the limit cannot be shown anyway.
    out.text += JSON.stringify(value.length > limit ? value.slice(0, limit + 1) : value);
  } else if (typeof value !== "object" || value === null) {
    out.text += String(value);
  } else if (Array.isArray(value)) {
    out.text += "[";
    for (let index = 0; index < value.length && out.text.length <= limit; index += 1) {
      if (index > 0) out.text += ",";
      append(value[index] ?? null, limit, out);
    }
    out.text += "]";
  } else {
    out.text += "{";
    for (const [index, key] of Object.keys(value).entries()) {
      if (out.text.length > limit) break;
      if (index > 0) out.text += ",";
      append(key, limit, out);
      out.text += ":";
      append(value[key] ?? null, limit, out);
    }
    out.text += "}";
  }
}

/** The first `length` code units, without half of a surrogate pair at the end. */
function wholeCharacters(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
