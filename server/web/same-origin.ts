// Checks of a request's origin: whether a page of this origin sends it, and as JSON. A form or a script of another site
// cannot.
import type { IncomingMessage } from "node:http";
import { valuesOf } from "./framing.ts";

type Head = Pick<IncomingMessage, "headers" | "rawHeaders">;

const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** The origins that a page of ours has under this Host header. */
const isOwnOrigin = (origin: string, host: string) => origin === `http://${host}` || origin === `https://${host}`;

/**
 * Whether a page of this origin sends the request. A browser tells it in a header that no page can set, or at least names
 * the origin. A program that does neither is no page of ours, and has to send an API key where one is accepted.
 */
export function isSameOrigin({ headers, rawHeaders }: Head): boolean {
  const [host = "", ...otherHosts] = valuesOf(rawHeaders, "host");
  const { origin } = headers;
  if (otherHosts.length > 0 || (origin !== undefined && !isOwnOrigin(origin, host))) return false;
  const site = headers["sec-fetch-site"];
  return site === undefined ? origin !== undefined : site === "same-origin";
}

/** Whether the one content type is plain JSON. */
export function isJsonTyped({ rawHeaders }: Head): boolean {
  const types = valuesOf(rawHeaders, "content-type");
  return types.length === 1 && JSON_TYPE.test(types[0] ?? "");
}
