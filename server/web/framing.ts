// The framing of a request's body, read from all headers as received before any is removed.
import type { IncomingMessage } from "node:http";
import { namedByConnection } from "#server/contracts/hop-by-hop.ts";

export type Framing =
  | { kind: "none" }
  | { kind: "sized"; bytes: number }
  | { kind: "chunked" }
  /** Two readers could disagree about where the body ends. */
  | { kind: "refused"; message: string };

/** Headers that `Connection` cannot declare as meant for one hop: they say where a message ends and whom it is for. */
const NEVER_OF_ONE_HOP = ["content-length", "transfer-encoding", "host"];
const LENGTH = /^(?:0|[1-9]\d{0,14})$/;

const refused = (message: string): Framing => ({ kind: "refused", message });

/** The values of the headers with this lower-case name, in order. */
export function valuesOf(rawHeaders: string[], name: string): string[] {
  return rawHeaders.filter((_value, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}

/** RFC 9112 section 6.3, without its lenient parts. */
export function readFraming({ rawHeaders, httpVersion }: Pick<IncomingMessage, "rawHeaders" | "httpVersion">): Framing {
  const lengths = valuesOf(rawHeaders, "content-length");
  const codings = valuesOf(rawHeaders, "transfer-encoding");
  const named = namedByConnection(valuesOf(rawHeaders, "connection"));
  const misnamed = NEVER_OF_ONE_HOP.find((name) => named.has(name));
  if (misnamed) return refused(`Connection must not name ${misnamed}: leave it out.`);
  if (lengths.length + codings.length > 1)
    return refused("Send one Content-Length or one Transfer-Encoding, not both.");

  const [coding] = codings;
  if (coding !== undefined) {
    const isChunked = coding.toLowerCase() === "chunked" && httpVersion === "1.1";
    return isChunked ? { kind: "chunked" } : refused("Transfer-Encoding must be chunked, over HTTP/1.1.");
  }
  const [length] = lengths;
  if (length === undefined) return { kind: "none" };
  return LENGTH.test(length)
    ? { kind: "sized", bytes: Number(length) }
    : refused("Content-Length must be a plain number.");
}
