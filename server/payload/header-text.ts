// Header values as text. They are bytes, kept one character each; today's senders mean UTF-8, so rules and people read them
// as UTF-8.
import { isUtf8 } from "node:buffer";

const BEYOND_ASCII = /[\x80-\xff]/;

/** A header value as a person reads it: UTF-8 when the bytes are that, else the characters as they stand. */
export function readHeaderText(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value;
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
