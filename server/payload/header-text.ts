// Header values are bytes, kept one character each. Today's senders mean UTF-8 by them; rules and people read them as that.
import { isUtf8 } from "node:buffer";

const BEYOND_ASCII = /[\x80-\xff]/;

/** What a person reads: UTF-8 where the bytes are that, else the characters as they stand. */
export function readHeaderText(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value;
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
