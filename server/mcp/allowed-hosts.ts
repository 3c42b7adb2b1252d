// The names under which agents may reach this server. A page of somebody else's site can bind its own name to our address and
// have a browser call us by it: such a name is none of ours.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

type Head = Pick<IncomingMessage, "headers" | "rawHeaders">;

/** How many of the raw headers have this name. */
const countOf = (rawHeaders: readonly string[], name: string) =>
  rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length;

function nameOf(authority: string): string | null {
  if (!/^[a-z0-9.:[\]_-]{1,255}$/i.test(authority)) return null;
  return URL.parse(`http://${authority}`)?.hostname ?? null;
}

/** A name that no other site can bind: an address itself, or this machine. */
const isBoundToNobody = (name: string) =>
  name === "localhost" || name.endsWith(".localhost") || isIP(name.replace(/^\[|\]$/g, "")) !== 0;

/**
 * Says why a request is refused, in a sentence; null where its Host and its Origin are ours. A program that is no browser sends
 * no Origin.
 * @param publicUrls where this installation is reached, as PUBLIC_GATEWAY_URL says
 */
export function makeHostRule(publicUrls: readonly string[]): (head: Head) => string | null {
  const ours = publicUrls.map((url) => new URL(url));
  const names = new Set(ours.map(({ hostname }) => hostname));
  const origins = new Set(ours.map(({ origin }) => origin));
  return ({ headers, rawHeaders }) => {
    const { host = "", origin } = headers;
    const name = countOf(rawHeaders, "host") === 1 ? nameOf(host) : null;
    if (name === null) return "Send one Host header with the name of this server.";
    if (!names.has(name) && !isBoundToNobody(name))
      return "The Host header names another server: call this one by its address, or by the name in PUBLIC_GATEWAY_URL.";
    if (origin === undefined) return null;
    const isOwn = origins.has(origin) || origin === `http://${host}` || origin === `https://${host}`;
    return isOwn ? null : "Pages of other sites may not call this server: send no Origin header.";
  };
}
