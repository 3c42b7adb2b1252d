// JSON for a reader: cut to a length, at a cost that the length bounds.
import { ExactNumber } from "./exact-number.ts";
import type { Json } from "./value.ts";

/** A key as it reads in a field path; one with dots or brackets is quoted. */
export function pathStep(key: string): string {
  return /^[^.[\]]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
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
  if (value instanceof ExactNumber) {
    out.text += value.text.slice(0, limit + 1);
  } else if (typeof value === "string") {
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
