// Text of large bodies.
import { StringDecoder } from "node:string_decoder";

/** Node keeps a text of more than a million bytes outside of V8's heap, where each ten megabytes begin a collection of all of it. */
const PIECE_BYTES = 512 * 1024;

/** The bytes as UTF-8, like their `toString`. A long text is put together within the heap, where it dies young. */
export function decodeText(bytes: Buffer): string {
  if (bytes.length <= PIECE_BYTES) return bytes.toString();
  const decoder = new StringDecoder("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) text += decoder.write(bytes.subarray(at, at + PIECE_BYTES));
  return text + decoder.end();
}
