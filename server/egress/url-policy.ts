// The URLs that an outbound request may name, judged at save and again at send, and the URL of a forwarded path. Pure.
import { isIP } from "node:net";
import type { AddressPolicy, AddressVerdict } from "./address-policy.ts";
import { portOf } from "./own-listeners.ts";

/** `message` is a sentence for whoever set the URL: it names the remedy and nothing about what the address is. */
export type UrlRefusal = { kind: "refused"; code: "INVALID_URL" | "BLOCKED_ADDRESS"; message: string };
export type UrlVerdict = { kind: "ok"; url: URL } | UrlRefusal;

/**
 * Ports of services that are not webhook receivers: the WHATWG fetch list of bad ports
 * (https://fetch.spec.whatwg.org/#port-blocking) and the databases, brokers and control planes an attacker looks for.
 */
const SERVICE_PORTS: ReadonlySet<string> = new Set(
  `0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123
  135 137 138 139 143 161 162 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 623 631
  636 873 989 990 993 995 1433 1434 1521 1719 1720 1723 1883 2049 2181 2375 2376 2379 2380 3306 3389 3659 4045 4190
  4222 5060 5061 5432 5433 5672 5900 6000 6379 6380 6432 6443 6566 6665 6666 6667 6668 6669 6679 6697 8883 9042 9092
  9200 9300 10080 10250 10255 11211 26379 27017 27018 27019`.split(/\s+/),
);

const MAX_KNOWN = 4096;

/** The refusal of a URL of our own: it would loop, or lead past what strangers are kept from. */
export const LEADS_BACK: UrlRefusal = {
  kind: "refused",
  code: "BLOCKED_ADDRESS",
  message: "This URL leads back to Switchyard itself. Use the URL of a receiver of your own.",
};

const invalid = (message: string): UrlRefusal => ({ kind: "refused", code: "INVALID_URL", message });

/**
 * Judges a URL as written. IP literals of every spelling are checked, because the URL parser has one form for them all;
 * names are only resolved, and checked again, when a socket is opened. A trailing dot of the host is dropped.
 */
export function checkUrl(text: string, policy: AddressPolicy): UrlVerdict {
  // The parser would silently drop line breaks and read a backslash as a slash, so that two readers could see two hosts.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\x00-\x20\x7f\\]/.test(text))
    return invalid("The URL must not contain spaces, control characters or backslashes.");
  if (!URL.canParse(text)) return invalid("This is not a URL. Use one such as https://example.com/webhooks.");
  if (/^[^:]*:\/*[^/?#]*@/.test(text))
    return invalid("The URL must not contain a user name or password; use auth_type.");
  const url = new URL(text);
  const refusal = checkParsedUrl(url, policy);
  if (refusal) return refusal;
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  return { kind: "ok", url };
}

/** The same judgement of parsed URLs, for each send: null when one may be used. */
export function makeUrlCheck(): (url: URL, policy: AddressPolicy) => UrlRefusal | null {
  // Each send asks, mostly for the same few hosts, and of a URL without user only scheme, host and port are looked at. Its
  // origin would not do: a blob: URL has that of the URL inside it. Another team's verdict would not do either.
  const known = new Map<string, UrlRefusal | null>();
  return (url, policy) => {
    if (url.username !== "" || url.password !== "") return checkParsedUrl(url, policy);
    const key = `${policy.scope} ${url.protocol}//${url.host}`;
    let refusal = known.get(key);
    if (refusal === undefined) {
      refusal = checkParsedUrl(url, policy);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(key, refusal);
    }
    return refusal;
  };
}

function checkParsedUrl(url: URL, policy: AddressPolicy): UrlRefusal | null {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return invalid("Use a URL that starts with http:// or https://.");
  if (url.username !== "" || url.password !== "") {
    return invalid("The URL must not contain a user name or password; use auth_type.");
  }
  if (SERVICE_PORTS.has(url.port))
    return invalid("This port belongs to another kind of service. Use a port that serves HTTP.");
  const verdict = checkHost(url, policy);
  if (verdict.kind === "allowed") return null;
  if (verdict.kind === "malformed") return invalid("The host is not a valid name or address.");
  if (verdict.kind === "own") return LEADS_BACK;
  return {
    kind: "refused",
    code: "BLOCKED_ADDRESS",
    message: `The host is ${verdict.reason}, which is not reachable. To permit it, name its range in EGRESS_ALLOW.`,
  };
}

/** The address of a URL's host when it is a literal: no brackets. Null for a name. */
function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}

function checkHost(url: URL, policy: AddressPolicy): AddressVerdict | { kind: "malformed" } {
  const { hostname } = url;
  const port = portOf(url);
  const literal = literalAddress(hostname);
  if (literal !== null) return policy.check(literal, port);
  const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  // Bytes that no DNS name holds would only surprise a resolver; RFC 1035 limits the lengths.
  if (name.length > 253 || !/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(name)) return { kind: "malformed" };
  // RFC 6761: these names always mean this machine, whatever a resolver says.
  if (name !== "localhost" && !name.endsWith(".localhost")) return policy.checkName(name, port);
  const ipv4 = policy.check("127.0.0.1", port);
  return ipv4.kind === "blocked" ? policy.check("::1", port) : ipv4;
}

/**
 * The URL of a forwarded request: `path` (what followed the source's URL, encoded as received) below the path of
 * `base`, and `query` (with or without its `?`) after the query of `base`.
 * Dot segments are resolved inside; null when they climb above `base`, or when the path holds control characters.
 * The origin is always that of `base`.
 */
export function forwardUrl(base: URL, path: string, query: string): URL | null {
  const segments = resolveSegments(path);
  if (segments === null) return null;
  const url = new URL(base);
  if (segments.length > 0) url.pathname = `${base.pathname.replace(/\/+$/, "")}/${segments.join("/")}`;
  const added = query.startsWith("?") ? query.slice(1) : query;
  if (added !== "") url.search = url.search.length > 1 ? `${url.search}&${added}` : added;
  return url.origin === base.origin && url.host === base.host ? url : null;
}

/** Segments below the base, dot segments resolved. Null when they would climb out. A last `""` is a trailing slash. */
function resolveSegments(path: string): string[] | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the URL parser drops tabs and line breaks, which would join two dots
  if (/[\x00-\x1f\x7f]/.test(path)) return null;
  const parts = path.replace(/^[/\\]+/, "").split(/[/\\]/);
  if (path === "") return [];
  const segments: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const plain = part.replace(/%2e/gi, ".");
    if (plain === "..") {
      if (segments.pop() === undefined) return null;
    } else if (plain !== ".") {
      if (hidesTraversal(plain)) return null;
      segments.push(part);
      continue;
    }
    if (isLast) segments.push("");
  }
  return segments;
}

/** Receivers that decode `%2f` or `%5c` before they split, or that cut `;parameters`, would see `..` here. */
function hidesTraversal(segment: string): boolean {
  return segment.split(/%2f|%5c/i).some((piece) => /^\.\.(?:;|$)/.test(piece));
}
