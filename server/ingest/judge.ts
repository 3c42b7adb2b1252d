// The checks of the door on a request whose source exists, in their one order: enabled, method, size, encoding, signature.
import type { CachedSource } from "../config-cache.ts";
import type { RejectionCause } from "../contracts/request.ts";
import type { HttpMethod } from "../contracts/source.ts";
import type { Inbound, Verification } from "../providers/inbound.ts";
import { prepareAuth, type ResolvedAuth, verify } from "../providers/verify.ts";

/** What the sender is told. The reason of a failed verification is for the owner alone. */
export interface Rejection {
  status: 401 | 403 | 405 | 413 | 415;
  cause: RejectionCause;
  message: string;
  /** For the owner, kept with the request. */
  detail: string;
}

const compiled = new WeakMap<CachedSource, ResolvedAuth>();

/** A source's auth with its keys ready, compiled once per version of its configuration. */
export function authOf(source: CachedSource): ResolvedAuth {
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
    return { status: 405, cause: "METHOD_NOT_ALLOWED", message, detail: message };
  }
  return null;
}

export function tooLarge(source: CachedSource, bytes: number): Rejection {
  const message = `The body is larger than the ${source.config.body_limit_bytes} bytes that this source accepts.`;
  return { status: 413, cause: "PAYLOAD_TOO_LARGE", message, detail: `${message} It had ${bytes} bytes or more.` };
}

const KNOWN_ENCODINGS = new Set(["gzip", "x-gzip", "deflate", "br", "identity"]);
const MAX_ENCODINGS = 2;

/** Bodies are stored as received, but one that no rule could ever read is better refused than silently unreadable. */
export function judgeEncoding(contentEncoding: string | undefined): Rejection | null {
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

export type SignatureVerdict =
  | { kind: "passed"; verified: boolean; with: "secret" | "previous_secret" | null }
  | { kind: "rejected"; rejection: Rejection };

/** The signature over the raw bytes; never told to the sender in detail. */
export function judgeSignature(source: CachedSource, inbound: Inbound, nowMs: number): SignatureVerdict {
  const verification: Verification = verify(authOf(source), inbound, nowMs);
  switch (verification.kind) {
    case "verified":
      return { kind: "passed", verified: true, with: verification.with };
    case "unsigned":
      return { kind: "passed", verified: false, with: null };
    case "rejected": {
      const { cause, detail } = verification;
      return {
        kind: "rejected",
        rejection: { status: 401, cause, message: "The request could not be verified.", detail },
      };
    }
  }
}
