// The target of a request line: `/e/{source key}[/path][?query]`, read without normalising, so that bytes stay as sent.

export interface ArrivalTarget {
  key: string;
  /** The path after the source's URL, from its slash on; `/` when there is none. */
  path: string;
  /** Without the question mark. */
  query: string;
}

const DOOR = /^\/e\/([A-Za-z0-9_-]{1,64})(\/[^?]*)?(?:\?(.*))?$/s;

/** Null when the target is not a source's URL. Absolute-form targets (`http://host/e/…`) lose their origin first. */
export function readTarget(url: string): ArrivalTarget | null {
  const match = DOOR.exec(originForm(url));
  if (!match) return null;
  const [, key = "", path, query] = match;
  return { key, path: path ?? "/", query: query ?? "" };
}

/** RFC 9112 section 3.2.2: a server accepts the absolute form although only proxies should be sent it. */
export function originForm(url: string): string {
  return url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
}
