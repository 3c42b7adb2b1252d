import { createHash } from "node:crypto";
import { parse as parseQuerystring, stringify as stringifyQuerystring } from "node:querystring";
import { z } from "zod";
import { firstText } from "#server/providers/body-fields.ts";
import { isForm, readForm, sortedForm } from "#server/providers/form-body.ts";
import type { HmacScheme, Reading } from "#server/providers/hmac-scheme.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { RawIdentity, SourceProvider } from "#server/providers/provider.ts";
import { signedBesides } from "#server/providers/signed.ts";

const AUTHORITY = /^(https?):\/\/([^/?#]*)/i;

function withAndWithoutPort(url: string): string[] {
  const match = AUTHORITY.exec(url);
  if (!match) return [url];
  const [start, protocol = "", host = ""] = match;
  const rest = url.slice(start.length);
  const bare = host.replace(/:\d+$/, "");
  const port = protocol.toLowerCase() === "https" ? 443 : 80;
  const withPort = bare === host ? `${host}:${port}` : host;
  return [url, `${protocol}://${bare}${rest}`, `${protocol}://${withPort}${rest}`];
}

/** The query as older libraries wrote it: decoded, and encoded again with fewer characters escaped. */
function withLegacyQuery(url: string): string {
  const queryAt = url.indexOf("?");
  return queryAt < 0
    ? url
    : `${url.slice(0, queryAt)}?${stringifyQuerystring(parseQuerystring(url.slice(queryAt + 1)))}`;
}

/** Twilio's own URLs have some hundred characters; another spelling of what a stranger sends must not cost much. */
const MAX_RESPELLED_URL_LENGTH = 4096;

/**
 * Twilio has signed with and without the port over the years, and with other characters of the URL escaped than it then
 * calls, so its own library tries the URL in all these spellings, as we do.
 */
function urlSpellings(url: string): string[] {
  const spellings = withAndWithoutPort(url);
  if (url.length <= MAX_RESPELLED_URL_LENGTH && URL.canParse(url)) {
    const normal = withAndWithoutPort(new URL(url).href);
    spellings.push(...normal, ...normal.map(withLegacyQuery));
  }
  return spellings;
}

const NOTHING = Buffer.alloc(0);
const signedAs = (url: string, form: Buffer) => ({ parts: [Buffer.from(url, "utf8"), form], timestampMs: null });

function read(inbound: Inbound, header: string, values: readonly string[]): Reading {
  const signedAfterUrl = (form: Buffer): Reading => ({
    kind: "read",
    candidates: values.flatMap((value) => value.split(/[\s,]+/)),
    messages: inbound.urls.map((url) => signedAs(url, form)),
    // Parsing URLs costs more than all the rest, and the first spelling is nearly always the one.
    others: () => [...new Set(inbound.urls.flatMap(urlSpellings))].map((url) => signedAs(url, form)),
    checked: inbound.urls,
  });

  // A URL with bodySHA256 covers the body by its hash, whatever content type the sender now claims.
  const [url = ""] = inbound.urls;
  const queryAt = url.indexOf("?");
  const hash = queryAt < 0 ? null : new URLSearchParams(url.slice(queryAt)).get("bodySHA256");
  if (hash !== null) {
    const actual = createHash("sha256").update(inbound.body).digest("hex");
    if (hash.toLowerCase() === actual) return signedAfterUrl(NOTHING);
    return { kind: "unreadable", detail: "bodySHA256 in the URL is not the hash of the body." };
  }
  if (isForm(inbound)) {
    const form = readForm(inbound.body);
    return form
      ? signedAfterUrl(sortedForm(form))
      : { kind: "unreadable", detail: "The form is larger than any that Twilio sends." };
  }
  if (inbound.body.length === 0) return signedAfterUrl(NOTHING);
  return {
    kind: "unreadable",
    detail: `${header} does not cover the body: it is no form, and the URL has no bodySHA256.`,
  };
}

const scheme: HmacScheme = {
  algorithm: "sha1",
  encoding: "base64",
  toleranceSeconds: null,
  covers: "URL and form",
  read,
};

const STATUS_FIELDS = ["MessageStatus", "SmsStatus", "CallStatus"];
const SID_FIELDS = ["MessageSid", "SmsSid", "CallSid", "Sid"];

/**
 * One sid has many callbacks, so an id is built of all that tells them apart: sid, status, sequence number, and the
 * token that Twilio repeats on each try of one callback. Where nothing does (each step of a call in progress, each
 * change of a conversation) there is no id: losing an event is worse than keeping a duplicate.
 */
function identify(inbound: Inbound, body: () => unknown): RawIdentity {
  const form = body();
  const eventType = firstText(form, ["EventType"]);
  const status = firstText(form, STATUS_FIELDS);
  const sid = firstText(form, SID_FIELDS);
  const sequence = firstText(form, ["SequenceNumber"]);
  const token = firstHeader(inbound, "i-twilio-idempotency-token");

  const isRepeatable = eventType !== undefined || status === undefined || status === "in-progress";
  const isTold = sid !== undefined && (!isRepeatable || sequence !== undefined);
  const parts = [sid, eventType ?? status, sequence, token].filter((part) => part !== undefined && part !== "");
  return {
    eventType: eventType ?? status,
    providerEventId: token || isTold ? parts.join(":") : null,
    isIdUnsigned: Boolean(token),
  };
}

/** The URL must be the public one that Twilio called. */
export const twilio: SourceProvider = {
  name: "twilio",
  title: "Twilio",
  tile: "Tw",
  docs: "https://www.twilio.com/docs/usage/security#validating-requests",
  isConfirmed: true,
  fieldWords: {
    secret: { label: "Auth token", help: "The primary token of the account, or the shared key of a Webhooks Rule." },
    algorithm: { label: "Algorithm", help: "SHA-256 where a Webhooks Rule signs with a shared key by it, else SHA-1." },
  },
  ...factsAt({ occurredAt: ["Timestamp", "DateCreated"], resourceId: ["SmsSid", ...SID_FIELDS] }),
  ...signedBesides(["x-twilio-signature"], scheme, { algorithm: z.enum(["sha1", "sha256"]).optional() }),
  // Its console lets an owner choose GET.
  methods: ["POST", "GET"],
  bodyFields: ["EventType", "SequenceNumber", ...STATUS_FIELDS, ...SID_FIELDS],
  identify,
  sample: (id) => ({ headers: [], form: { MessageSid: id, MessageStatus: "delivered", To: "+15005550006" } }),
};
