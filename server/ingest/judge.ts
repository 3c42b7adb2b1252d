// The checks of the door on a request whose source exists, in their one order: enabled, method, rate, size, encoding, signature.
// Then the provider's name of the event is read. A provider's probe of the URL is answered before the check of the method,
// or after the signature.
import { hash } from "node:crypto";
import type { CachedSource } from "#server/config/config-cache.ts";
import type { HttpMethod } from "#server/contracts/http.ts";
import type { RejectionCause } from "#server/contracts/request.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { inflate, inflateAside } from "#server/payload/inflate.ts";
import { challenge, describe, describedFields, type EventIdentity } from "#server/providers/describe.ts";
import type { FetchKey, Inbound, Verification } from "#server/providers/inbound.ts";
import { tellOtherSigner } from "#server/providers/other-signer.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { prepareAuth, type ResolvedAuth, verify } from "#server/providers/verify.ts";

/** The answer to a rejected sender. The reason of a failed verification is for the owner alone. */
export interface Rejection {
  status: 401 | 403 | 405 | 408 | 413 | 415 | 429;
  cause: RejectionCause;
  message: string;
  /** The reason for the owner, stored with the request. */
  detail: string;
  /** The header of the answer that says what the sender can do. */
  header?: ["allow" | "retry-after", string];
}

const compiled = new WeakMap<CachedSource, ResolvedAuth>();

/** A source's auth with its keys ready, compiled once per version of its configuration. */
function authOf(source: CachedSource): ResolvedAuth {
  const known = compiled.get(source);
  if (known) return known;
  const auth = prepareAuth(source.config.auth_type, source.config.auth);
  compiled.set(source, auth);
  return auth;
}

/** The checks that need no body. */
export function judgeHead(source: CachedSource, method: string): Rejection | null {
  if (source.isDisabled) {
    return {
      status: 403,
      cause: "SOURCE_DISABLED",
      message: "This source is disabled.",
      detail: "The source was disabled.",
    };
  }
  const allowed = source.config.allowed_http_methods;
  if (!allowed.includes(method as HttpMethod)) {
    const message = `This source accepts ${allowed.join(", ")}, not ${method}.`;
    const header: Rejection["header"] = ["allow", allowed.join(", ")];
    return { status: 405, cause: "METHOD_NOT_ALLOWED", message, detail: message, header };
  }
  return null;
}

/** @param waitMs until the source takes one more */
export function tooMany({ config }: CachedSource, waitMs: number): Rejection {
  const { rate_limit: limit, rate_limit_period: period } = config;
  const taken = `This source takes at most ${limit} ${limit === 1 ? "request" : "requests"} per ${period}.`;
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return {
    status: 429,
    cause: "RATE_LIMITED",
    message: `${taken} Send it again in ${seconds} s.`,
    detail: taken,
    header: ["retry-after", String(seconds)],
  };
}

const NO_FIELDS = () => undefined;

/** The answer to a probe that comes by a method which events may not come by, such as a GET of a source that takes POST. */
export function judgeProbe(source: CachedSource, inbound: Inbound): Challenge | null {
  return challenge(source.type, authOf(source), inbound, NO_FIELDS, false);
}

export function tooLarge(source: CachedSource, bytes: number): Rejection {
  const message = `The body is larger than the ${source.config.body_limit_bytes} bytes that this source accepts.`;
  return { status: 413, cause: "PAYLOAD_TOO_LARGE", message, detail: `${message} It had ${bytes} bytes or more.` };
}

export function tooSlow(bytes: number): Rejection {
  const message = "The body came too slowly. Send the request again over a faster connection.";
  return { status: 408, cause: "BODY_TIMEOUT", message, detail: `${message} It had ${bytes} bytes when it was cut.` };
}

const KNOWN_ENCODINGS = new Set(["gzip", "x-gzip", "deflate", "br", "identity"]);
const MAX_ENCODINGS = 2;

/** Refuses an encoding that no rule could ever read. Such a body would be stored and stay unreadable without a word. */
function judgeEncoding(contentEncoding: string | undefined): Rejection | null {
  if (!contentEncoding) return null;
  const encodings = contentEncoding.split(",").map((name) => name.trim().toLowerCase());
  if (encodings.length <= MAX_ENCODINGS && encodings.every((name) => KNOWN_ENCODINGS.has(name))) return null;
  const message = "Use at most two of the content encodings gzip, deflate and br.";
  return {
    status: 415,
    cause: "UNSUPPORTED_CONTENT_ENCODING",
    message,
    detail: `${message} It said ${contentEncoding.slice(0, 200)}.`,
  };
}

/** A request that passed all checks, as the door goes on with it. */
export interface Acceptance {
  verification: Exclude<Verification["kind"], "rejected">;
  /** The secret that signed the request; null when the source asks for no proof. */
  verifiedWith: "secret" | "previous_secret" | null;
  eventType: string | null;
  providerEventId: string | null;
  /** The key that a repetition of the event shares; null when nothing proves a repetition. */
  duplicateKey: string | null;
}
export type Verdict =
  | ({ kind: "accepted" } & Acceptance)
  | { kind: "rejected"; rejection: Rejection }
  /** A provider's probe of the URL. It gets its answer and is no event. */
  | ({ kind: "probed" } & Challenge);

/**
 * Up to this size a body is inflated on this thread: it gives 160 KiB at most, and another thread would cost more than it
 * saves.
 */
const INFLATE_AT_ONCE_BYTES = 1024;

/**
 * Runs the checks that need the body, over its raw bytes. The sender is never told why a signature failed. The cost is
 * bounded whatever is sent: each byte is read a few times. A body that holds its own proof is parsed, up to a size that its
 * provider sets.
 */
export function judgeBody(
  source: CachedSource,
  inbound: Inbound,
  contentType: string | null,
  nowMs: number,
  fetchKey: FetchKey,
): Verdict | Promise<Verdict> {
  const contentEncoding = inbound.header("content-encoding");
  const badEncoding = judgeEncoding(contentEncoding);
  if (badEncoding) return { kind: "rejected", rejection: badEncoding };

  const auth = authOf(source);
  // An unverified body is not inflated: no probe comes compressed.
  const body = contentEncoding
    ? NO_FIELDS
    : () => outlineBody(inbound.body, contentType, describedFields(source.type, auth));
  const probe = challenge(source.type, auth, inbound, body, false);
  if (probe) return { kind: "probed", ...probe };
  const read = { contentType, contentEncoding };
  const verification = verify(auth, inbound, nowMs, askedBy(source.teamId, fetchKey));
  if (verification instanceof Promise) {
    return verification.then((judged) => judgeVerified(source, auth, inbound, judged, read));
  }
  return judgeVerified(source, auth, inbound, verification, read);
}

/** What no credentials are needed for counts as the team's: its strangers, who name certificates, leave room for other teams. */
const askedBy =
  (teamId: string, fetchKey: FetchKey): FetchKey =>
  (question) =>
    fetchKey({ owner: teamId, ...question });

function judgeVerified(
  source: CachedSource,
  auth: ResolvedAuth,
  inbound: Inbound,
  verification: Verification,
  read: { contentType: string | null; contentEncoding: string | undefined },
): Verdict | Promise<Verdict> {
  if (verification.kind === "rejected") {
    const { cause } = verification;
    const isForged = cause === "VERIFICATION_FAILED";
    const detail = verification.detail + (isForged ? tellOtherSigner(inbound, auth.signatureHeaders) : "");
    const message = "The request could not be verified.";
    return { kind: "rejected", rejection: { status: 401, cause, message, detail } };
  }

  const { contentType, contentEncoding } = read;
  const name = (plain: Buffer | null) => nameEvent(source, auth, inbound, { verification, plain, contentType });
  if (!contentEncoding) return name(inbound.body);
  if (inbound.body.length <= INFLATE_AT_ONCE_BYTES) return name(inflate(inbound.body, contentEncoding));
  return inflateAside(inbound.body, contentEncoding).then(name);
}

/** Reads how the provider names an event that passed all checks. */
function nameEvent(
  source: CachedSource,
  auth: ResolvedAuth,
  inbound: Inbound,
  read: { verification: Exclude<Verification, { kind: "rejected" }>; plain: Buffer | null; contentType: string | null },
): Verdict {
  const { verification, plain, contentType } = read;
  let outline: { value: unknown } | undefined;
  const body = () => {
    outline ??= { value: plain && outlineBody(plain, contentType, describedFields(source.type, auth)) };
    return outline.value;
  };
  const probe = challenge(source.type, auth, inbound, body, true);
  if (probe) return { kind: "probed", ...probe };
  const identity = describe(source.type, auth, inbound, body);
  const verifiedWith = verification.kind === "unattempted" ? null : verification.with;
  return {
    kind: "accepted",
    verification: verification.kind,
    verifiedWith,
    eventType: identity.eventType,
    providerEventId: identity.providerEventId,
    duplicateKey: source.config.deduplicate_provider_events ? duplicateKey(identity, inbound, verification.kind) : null,
  };
}

/**
 * An id alone is believed only when the sender proved itself and a signature covers the id. Otherwise anyone who knows the
 * URL, or one old request, could take the id of an event that is still to come; a duplicate then needs the same body too.
 */
function duplicateKey(
  { providerEventId, isIdSigned, isIdShared }: EventIdentity,
  { body }: Inbound,
  verification: Acceptance["verification"],
): string | null {
  if (providerEventId === null) return null;
  const isProved = verification === "authenticated" || (verification === "verified" && isIdSigned);
  if (isProved && !isIdShared) return providerEventId;
  return `${providerEventId}#${hash("sha256", body, "base64url")}`;
}
