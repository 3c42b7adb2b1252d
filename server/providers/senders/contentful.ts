import type { HmacScheme, Reading } from "#server/providers/hmac-scheme.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { pathOf } from "#server/providers/template.ts";
import { notATimestamp, soleHeader, spellTimestamp, unixMilliseconds } from "#server/providers/timestamps.ts";

const SIGNED_HEADERS = "x-contentful-signed-headers";
const TIMESTAMP = "x-contentful-timestamp";
/** Contentful's own lists have some five names. */
const MAX_SIGNED_HEADERS = 32;

/** The headers that the list names, as they are signed, or why they cannot be read. */
function signedHeaders(inbound: Inbound): { text: string; timestampMs: number } | { detail: string } {
  const list = soleHeader(inbound, SIGNED_HEADERS);
  if (list.kind === "unreadable") return list;
  const names = list.text.split(",").map((name) => name.trim().toLowerCase());
  if (names.length > MAX_SIGNED_HEADERS || !names.includes(TIMESTAMP))
    return { detail: `${SIGNED_HEADERS} does not name ${TIMESTAMP}, or too many others.` };
  const lines: string[] = [];
  let timestampMs: number | null = null;
  for (const name of names) {
    const header = soleHeader(inbound, name);
    if (header.kind === "unreadable") return header;
    if (name === TIMESTAMP) timestampMs = unixMilliseconds(header.text);
    lines.push(`${name}:${header.text.trim()}`);
  }
  return timestampMs === null ? notATimestamp(TIMESTAMP) : { text: lines.join(";"), timestampMs };
}

/** Method, path, the signed headers and the body, each on a line. */
function read(inbound: Inbound, _header: string, values: readonly string[]): Reading {
  const signed = signedHeaders(inbound);
  if ("detail" in signed) return { kind: "unreadable", detail: signed.detail };
  return {
    kind: "read",
    candidates: values,
    messages: inbound.urls.map((url) => ({
      parts: [Buffer.from(`${inbound.method}\n${pathOf(url)}\n`, "utf8"), `${signed.text}\n`, inbound.body],
      timestampMs: signed.timestampMs,
    })),
    checked: inbound.urls,
  };
}

const scheme: HmacScheme = {
  algorithm: "sha256",
  encoding: "hex",
  covers: "method, path, headers and body",
  toleranceSeconds: 300,
  read,
  write: ({ nowMs }) => ({
    headers: [
      [SIGNED_HEADERS, `x-contentful-topic,${SIGNED_HEADERS},${TIMESTAMP}`],
      [TIMESTAMP, spellTimestamp(unixMilliseconds, nowMs)],
    ],
    value: (digest) => digest,
  }),
};

/** A signature covers the headers that one of them names. Contentful names its topic among them. */
export const contentful = makeProvider(
  {
    name: "contentful",
    title: "Contentful",
    tile: "Cn",
    docs: "https://www.contentful.com/developers/docs/webhooks/request-verification/",
    isConfirmed: true,
  },
  signedBy(["x-contentful-signature"], scheme),
  {
    type: "header:x-contentful-topic",
    occurredAt: "sys.updatedAt",
    resourceId: "sys.id",
    example: "ContentManagement.Entry.publish",
  },
);
