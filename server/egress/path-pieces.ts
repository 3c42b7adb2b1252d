// The pieces of a URL's path as any server on the way might read them, for recognising our own ingest URLs.

/** A proxy decodes once, a server behind it perhaps again; what is encoded more often is nobody's spelling. */
const MAX_DECODINGS = 3;
/** A source's key has 26 characters, encoded more: a path without such a run holds none. */
const LONG_RUN = /[0-9a-z%]{26}/i;

/** The parts between separators, decoded and in lower case. Empty when no part is long enough for a source's key. */
export function pathPieces(url: URL): string[] {
  const { pathname } = url;
  if (!LONG_RUN.test(pathname)) return [];
  const pieces = new Set<string>();
  let text = pathname;
  for (let i = 0; i <= MAX_DECODINGS; i++) {
    for (const piece of text.toLowerCase().split(/[^0-9a-z]+/)) if (piece.length >= 26) pieces.add(piece);
    const decoded = text.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (decoded === text) break;
    text = decoded;
  }
  return [...pieces];
}
