// A template of what a signature covers, written as providers write it: `{timestamp}.{body}`.
import { firstHeader, type Inbound } from "./inbound.ts";
import { soleHeader } from "./timestamps.ts";

/** The bytes under a signature, in order; strings are latin1, as headers are. */
export type SignedParts = readonly (string | Buffer)[];

export type FilledTemplate =
  /** One for each URL that the producer may have called. */
  { kind: "filled"; messages: readonly SignedParts[] } | { kind: "unreadable"; detail: string };

export interface Template {
  fill(inbound: Inbound, timestamp?: string): FilledTemplate;
  readonly signsUrl: boolean;
  /** The headers under the signature, lower case. */
  readonly headers: readonly string[];
  /** `time and body` */
  readonly words: string;
}

const PLACE = /\{([a-z0-9-]+)\}/;
const WORDS: Record<string, string> = {
  timestamp: "time",
  body: "body",
  url: "URL",
  path: "path",
  host: "host",
  method: "method",
};

const listWords = (words: readonly string[]) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** From the first slash behind the host, query included. */
export const pathOf = (url: string) => /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || "/";
const hostOf = (url: string) => /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";

/**
 * `{body}`, `{timestamp}`, `{method}`, `{url}` (as the producer called it, query included), `{path}` and `{host}` of it. Any other name in
 * braces is that of a header. All else stands for itself.
 *
 * @param spellings of a URL, where the provider signs another than it calls
 */
export function template(text: string, spellings: (url: string) => readonly string[] = (url) => [url]): Template {
  // Splitting by a pattern with a group leaves the names at the odd places.
  const pieces = text.split(PLACE);
  const names = pieces.filter((_, at) => at % 2 === 1);
  const headers = names.filter((name) => !Object.hasOwn(WORDS, name));
  const signsUrl = names.some((name) => name === "url" || name === "path" || name === "host");

  const fillOne = (inbound: Inbound, timestamp: string, url: string): SignedParts =>
    pieces.map((piece, at) => {
      if (at % 2 === 0) return piece;
      if (piece === "body") return inbound.body;
      if (piece === "timestamp") return timestamp;
      if (piece === "method") return inbound.method;
      if (piece === "url") return Buffer.from(url, "utf8");
      if (piece === "path") return Buffer.from(pathOf(url), "utf8");
      if (piece === "host") return Buffer.from(hostOf(url), "utf8");
      return firstHeader(inbound, piece) ?? "";
    });

  return {
    signsUrl,
    headers,
    words: listWords([...new Set(names.map((name) => WORDS[name] ?? (name.endsWith("-id") ? "id" : name)))]),
    fill(inbound, timestamp = "") {
      for (const name of headers) {
        const header = soleHeader(inbound, name);
        if (header.kind === "unreadable") return header;
      }
      const urls = signsUrl ? new Set(inbound.urls.flatMap(spellings)) : [""];
      return { kind: "filled", messages: [...urls].map((url) => fillOne(inbound, timestamp, url)) };
    },
  };
}
