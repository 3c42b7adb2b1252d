// Things that were made of a masked request: a trace, an attempt, a transformed body. Whatever of it holds a masked text is masked as
// a whole, because nobody knows how a transform or a receiver has put it. Pure.
import type { HeaderList } from "#server/contracts/header-list.ts";
import { MASK } from "#server/contracts/mask.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";
import type { Masked } from "./mask-request.ts";

export interface DerivedMask {
  text(value: string): string;
  bytes(value: Buffer): Buffer;
  headers(value: HeaderList): HeaderList;
  head(value: RequestHead): RequestHead;
  /** The JSON text of a list; empty where it holds one. */
  list(json: string): string;
  /** Keeps its host. */
  url(value: string): string;
}

/** As it stands, within JSON, and in a URL or a form. */
const spellings = (secret: string): string[] => {
  const encoded = encodeURIComponent(secret.toWellFormed());
  return [secret, JSON.stringify(secret).slice(1, -1), encoded, encoded.replaceAll("%20", "+")];
};

/**
 * Characters that may be looked through for one request, about a second of the thread. A stranger chooses how many texts are
 * masked and how long the rest is, and the one is sought in the other.
 */
const MAX_SOUGHT_CHARS = 512 * 2 ** 20;
/** What a search costs in a text of any length, in characters. */
const SEARCH_CHARS = 32;

/** Masks for what was made of a request with these secrets. What there is no time left to look through is masked, too. */
export function makeDerivedMask({ secrets, isWhole }: Pick<Masked<unknown>, "secrets" | "isWhole">): DerivedMask {
  const sought = [...new Set(secrets.flatMap(spellings))];
  let chars = 0;
  const holds = (value: string): boolean => {
    if (value === "" || isWhole) return value !== "";
    chars += sought.length * (value.length + SEARCH_CHARS);
    return chars > MAX_SOUGHT_CHARS || sought.some((each) => value.includes(each));
  };
  const text = (value: string) => (holds(value) ? MASK : value);
  const headers = (value: HeaderList): HeaderList => value.map(([name, one]) => [name, text(one)]);
  return {
    text,
    headers,
    bytes: (value) => (holds(value.toString("utf8")) ? Buffer.from(MASK) : value),
    head: ({ method, path, query, headers: sent }) => ({
      method,
      path: path !== "/" && holds(path) ? `/${MASK}` : path,
      query: holds(query) ? "" : query,
      headers: headers(sent),
    }),
    list: (json) => (json !== "[]" && holds(json) ? "[]" : json),
    url: (value) => (holds(value) ? `${/^[a-z0-9+.-]+:\/\/[^/?#]*/i.exec(value)?.[0] ?? ""}/${MASK}` : value),
  };
}
