// A request as a curl command that a shell takes literally, whatever a stranger put into it.
import type { HeaderList } from "#server/contracts/header-list.ts";

export interface CurlRequest {
  method: string;
  url: string;
  headers: HeaderList;
  /** As it came; null where there is none. */
  body: string | null;
}

/** curl works these out itself, and a copied one would be wrong or cut the body. */
const LEFT_OUT = new Set(["content-length", "transfer-encoding", "connection", "host"]);

/** Characters that a terminal may act on when they are pasted, even between quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** One word of a POSIX shell. With control characters it is written with bash's and zsh's `$'…'`, in which nothing is raw. */
function quote(text: string): string {
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...text].map((character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    if (!CONTROL.test(character)) return character;
    return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  });
  return `$'${escaped.join("")}'`;
}

/** `X-Name;` is how curl is told to send a header that is empty. */
const headerLine = ([name, value]: [string, string]) => (value.trim() === "" ? `${name};` : `${name}: ${value}`);

/** For `printf '%b'`: the one way to hand a zero byte on, which no argument can hold. */
const forPrintf = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0000");

/**
 * The command on several lines. Nothing in it is run, read from a file or expanded: `--data-raw` does not know `@`, a header
 * comes behind a name, and `--globoff` leaves braces of the URL alone.
 */
export function toCurl({ method, url, headers, body }: CurlRequest): string {
  const how = method === "HEAD" ? "--head" : `--request ${quote(method)}`;
  const lines = [`curl --globoff ${how} --url ${quote(url)}`];
  for (const header of headers) {
    // A name that is none, such as `@file`, would be read as a file of headers.
    const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header[0]);
    if (isName && !LEFT_OUT.has(header[0].toLowerCase())) lines.push(`--header ${quote(headerLine(header))}`);
  }
  const hasZero = body?.includes("\0") ?? false;
  if (body) lines.push(hasZero ? "--data-binary @-" : `--data-raw ${quote(body)}`);
  const command = lines.join(" \\\n  ");
  return body && hasZero ? `printf '%b' ${quote(forPrintf(body))} | ${command}` : command;
}
