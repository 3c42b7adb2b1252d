// Limits of a JSON text, its size and depth, counted before anything is made of it: later steps may recurse and allocate.

/** Everything recursive after this (contracts, stringify) stays far from the end of the stack. */
export const MAX_JSON_DEPTH = 100;

export interface JsonLimits {
  values: number;
  depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Which limit a JSON text passes, or null. Linear, some 2 ms a MiB, and it stops at the first that is passed. A text that is no JSON
 * is counted as if it were.
 *
 * @param text bytes are UTF-8: what is refused need never become a string
 */
export function passedLimit(text: string | Uint8Array, limits: JsonLimits): keyof JsonLimits | null {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let values = 1;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) at = endOfString(bytes, at);
    else if (code === COMMA) values += 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      values += 1;
      if (depth > limits.depth) return "depth";
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    if (values > limits.values) return "values";
  }
  return null;
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return bytes.length;
}
