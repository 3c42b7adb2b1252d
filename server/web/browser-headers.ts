// The headers that a browser sends to a page. Nothing else reaches Next: it obeys headers that are meant for the servers of
// its maker, and no list of those is complete.
import type { IncomingMessage } from "node:http";

const BROWSER_HEADERS = new Set([
  ...["host", "connection", "keep-alive", "te", "upgrade", "upgrade-insecure-requests"],
  ...["user-agent", "accept", "accept-encoding", "accept-language", "origin", "referer", "cookie"],
  ...[
    "cache-control",
    "pragma",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
    "range",
  ],
  ...["content-type", "content-length"],
  ...[
    "dnt",
    "priority",
    "purpose",
    "save-data",
    "device-memory",
    "downlink",
    "dpr",
    "ect",
    "rtt",
    "viewport-width",
    "width",
  ],
  // Next's own client, and tRPC's.
  ...["rsc", "next-router-state-tree", "next-router-prefetch", "next-router-segment-prefetch", "next-url"],
  ...["next-hmr-refresh", "x-nextjs-request-id", "x-nextjs-html-request-id", "trpc-accept"],
]);

/** Fetch metadata and client hints: a name that begins so is set by the browser alone. */
const BROWSERS_OWN_PREFIX = "sec-";

function isBrowserHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return BROWSER_HEADERS.has(lower) || lower.startsWith(BROWSERS_OWN_PREFIX);
}

/** Removes every other header from a request before a page sees it. */
export function keepBrowserHeaders(req: IncomingMessage): void {
  for (const name of Object.keys(req.headers)) if (!isBrowserHeader(name)) delete req.headers[name];
}
