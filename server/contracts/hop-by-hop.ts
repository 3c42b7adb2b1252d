// Headers that end at the next hop (RFC 9110 section 7.6.1): the one list for what the product forwards, sends and lets be set.

/** Lower case. `Connection` can name more: see {@link namedByConnection}. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The lower-case names that the values of all `Connection` headers of a message declare to be meant for its next hop alone. */
export function namedByConnection(values: Iterable<string>): Set<string> {
  const names = new Set<string>();
  for (const value of values) {
    for (const part of value.split(",")) {
      const name = part.trim().toLowerCase();
      if (name !== "") names.add(name);
    }
  }
  return names;
}
