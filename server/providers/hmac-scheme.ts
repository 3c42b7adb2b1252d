// The one place where a symmetric signature is checked. A scheme says what was signed and where the signatures are;
// keys, decoding, the cap on candidates, constant-time comparison and tolerance are the same for all of them.
import { timingSafeEqual } from "node:crypto";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { type Hmac, type HmacAlgorithm, makeHmac } from "#server/crypto/hmac.ts";
import { type Check, headerValues, type Inbound, rejected, type Verification } from "./inbound.ts";
import { type KeyFormat, keyBytes } from "./key-format.ts";
import { keysOf } from "./settings.ts";
import type { SignedParts } from "./template.ts";

export type Encoding = "hex" | "base64" | "base64url";

/** A sender may list several signatures (rotation); more than this is not a rotation but work for us. */
const MAX_CANDIDATES = 16;
const DIGEST_BYTES: Record<HmacAlgorithm, number> = { sha1: 20, sha256: 32, sha512: 64 };

export interface SignedMessage {
  parts: SignedParts;
  /** Unix time that the signature covers; null where it covers none. */
  timestampMs: number | null;
}

export type Reading =
  | {
      kind: "read";
      candidates: readonly string[];
      messages: readonly SignedMessage[];
      /** Made and tried where none of `messages` holds: other spellings of what was signed. */
      others?: () => readonly SignedMessage[];
      /** The URLs under the signature, for the owner to compare with what the producer was given. */
      checked?: readonly string[];
    }
  | { kind: "unreadable"; detail: string };

type ReadSignature = Extract<Reading, { kind: "read" }>;

export interface HmacScheme {
  /** Of a provider that signs with more keys than sixteen at once. One digest is made for all of them. */
  readonly maxCandidates?: number;
  readonly algorithm: HmacAlgorithm;
  /** Null: hex or either base64, told apart by length. */
  readonly encoding: Encoding | null;
  /** Seconds either way; null where there is no timestamp or the provider names no tolerance. */
  readonly toleranceSeconds: number | null;
  /** Of the key in a secret. Default: the secret's own bytes, prefix and all. */
  readonly key?: KeyFormat | undefined;
  /** What is signed, in words: `time and body`. */
  readonly covers: string;
  /** @param values every value sent under `header`, at least one */
  readonly read: (inbound: Inbound, header: string, values: readonly string[]) => Reading;
  /** For a timestamp inside the body: read only when the signature already holds. */
  readonly bodyTimestampMs?: (body: Buffer) => number | null;
  /** How the provider itself writes what `read` reads; without it the digest stands alone in its header. */
  readonly write?: (made: SignatureMade) => WrittenSignature;
}

export interface SignatureMade {
  /** The header of the signature, lower case. */
  header: string;
  nowMs: number;
  /** The message's own id, where the provider signs one. */
  id: string;
}

export interface WrittenSignature {
  /** The headers beside that of the signature. */
  headers: HeaderList;
  /** The value of the header for a digest as text. */
  value: (digest: string) => string;
}

export interface HmacSettings {
  secret: string;
  previous_secret?: string | null | undefined;
  ended_secret?: string | null | undefined;
  algorithm?: HmacAlgorithm | undefined;
  encoding?: Encoding | undefined;
  tolerance_seconds?: number | undefined;
}

function digestBy(scheme: HmacScheme, secret: string | null | undefined, algorithm: HmacAlgorithm): Hmac | null {
  if (!secret) return null;
  const bytes = keyBytes(secret, scheme.key);
  return bytes && bytes.length > 0 ? makeHmac(algorithm, bytes) : null;
}

/** The message whose digest is among the candidates. */
function signedIn(digest: Hmac, { messages, others }: ReadSignature, candidates: readonly Buffer[]) {
  const isSigned = ({ parts }: SignedMessage) => {
    const expected = digest(parts);
    return candidates.some((candidate) => timingSafeEqual(candidate, expected));
  };
  return messages.find(isSigned) ?? others?.().find(isSigned);
}

const PREFIX = /^(sha1|sha256|sha512|v0|v1)=/i;
const HEX = /^[0-9a-f]+$/i;
const BASE64: Record<Encoding | "either", RegExp> = {
  hex: /^$/,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
  either: /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/,
};

/**
 * The digest that a text spells, or null: a digest of another length or encoding never reaches the comparison. Hex counts in
 * either case: providers write it small, some senders of plain HMAC in capitals, and both spell the same bytes.
 */
function decodeDigest(text: string, algorithm: HmacAlgorithm, encoding: Encoding | null): Buffer | null {
  const prefix = PREFIX.exec(text)?.[1]?.toLowerCase();
  // The owner chooses the algorithm: a signature that claims another one is not tried at all.
  if (prefix?.startsWith("sha") && prefix !== algorithm) return null;
  const digits = prefix ? text.slice(prefix.length + 1) : text;
  const bytes = DIGEST_BYTES[algorithm];

  if (digits.length === bytes * 2 && encoding !== "base64" && encoding !== "base64url") {
    return HEX.test(digits) ? Buffer.from(digits, "hex") : null;
  }
  if (encoding === "hex" || digits.length > bytes * 2) return null;
  if (!BASE64[encoding ?? "either"].test(digits)) return null;
  const digest = Buffer.from(digits, "base64");
  return digest.length === bytes && isCanonical(digits, digest) ? digest : null;
}

/** The last character of base64 has bits that decode to nothing: another character there must not pass for the signature. */
export const isCanonical = (digits: string, decoded: Buffer): boolean =>
  digits.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === decoded.toString("base64url");

/** Those that spell a digest of the right length, at most `most`. */
export function decodeCandidates(
  candidates: readonly string[],
  algorithm: HmacAlgorithm,
  encoding: Encoding | null,
  most = MAX_CANDIDATES,
): Buffer[] {
  const digests: Buffer[] = [];
  for (const candidate of candidates) {
    const digest = decodeDigest(candidate, algorithm, encoding);
    if (digest) digests.push(digest);
    if (digests.length === most) break;
  }
  return digests;
}

/** Of a request whose signature is right: whether its time is too. */
export function judgeTime(
  by: "secret" | "previous_secret",
  timestampMs: number | null,
  toleranceSeconds: number | null,
  nowMs: number,
): Verification {
  if (timestampMs === null || toleranceSeconds === null) return { kind: "verified", with: by };
  // Whole seconds: most schemes sign no finer, and a fraction must not turn an exact tolerance into a miss.
  const awaySeconds = Math.trunc(Math.abs(nowMs - timestampMs) / 1000);
  if (awaySeconds <= toleranceSeconds) return { kind: "verified", with: by };
  const side = timestampMs < nowMs ? "in the past" : "in the future";
  return {
    kind: "rejected",
    cause: "TIMESTAMP_OUT_OF_TOLERANCE",
    detail: `The signature is right, but its timestamp is ${awaySeconds} s ${side}; the tolerance is ${toleranceSeconds} s.`,
  };
}

/** For the owner, of a sender that has not learnt of a rotation. */
export const BY_ENDED_SECRET =
  "belongs to the secret that this source had before and that is ended: give the sender the present one.";

const SHOWN_URL_LENGTH = 300;

function toldUrls(urls: readonly string[] | undefined): string {
  if (!urls) return "";
  const shown = urls.map((url) => (url.length > SHOWN_URL_LENGTH ? `${url.slice(0, SHOWN_URL_LENGTH)}…` : url));
  return ` It signs the URL, which was checked as ${shown.join(" and as ")}.`;
}

/**
 * Compiles a scheme and its secrets into a check. The signature is judged before the timestamp, so that
 * TIMESTAMP_OUT_OF_TOLERANCE always means "really the provider, but late, replayed, or one clock is wrong",
 * and a forger learns nothing from it. An explicit `algorithm` or `encoding` wins over the scheme's own.
 *
 * @param headers where the signature may stand, lower case, in order of preference
 */
export function makeHmacCheck(scheme: HmacScheme, headers: readonly string[], settings: HmacSettings): Check {
  const algorithm = settings.algorithm ?? scheme.algorithm;
  const encoding = settings.encoding ?? scheme.encoding;
  const toleranceSeconds = settings.tolerance_seconds ?? scheme.toleranceSeconds;
  const keys = keysOf(settings, (secret) => digestBy(scheme, secret, algorithm));
  const ended = digestBy(scheme, settings.ended_secret, algorithm);
  const missing = rejected(`The header ${headers.join(" or ")} is missing.`);
  if (keys.length === 0)
    return () => rejected("The source's secret is not a key of this scheme: save the provider's secret again.");

  return (inbound, nowMs) => {
    for (const header of headers) {
      const values = headerValues(inbound, header);
      if (values.length === 0) continue;
      const reading = scheme.read(inbound, header, values);
      if (reading.kind === "unreadable") return rejected(reading.detail);
      const digests = decodeCandidates(reading.candidates, algorithm, encoding, scheme.maxCandidates);
      if (digests.length === 0)
        return rejected(`${header} holds no ${encoding ?? "hex or base64"} ${algorithm} signature.`);

      for (const { with: by, key } of keys) {
        const message = signedIn(key, reading, digests);
        if (!message) continue;
        const timestampMs = scheme.bodyTimestampMs ? scheme.bodyTimestampMs(inbound.body) : message.timestampMs;
        return judgeTime(by, timestampMs, toleranceSeconds, nowMs);
      }
      if (ended && signedIn(ended, reading, digests)) return rejected(`${header} ${BY_ENDED_SECRET}`);
      return rejected(
        `No signature in ${header} belongs to what was received and a secret of this source.${toldUrls(reading.checked)}`,
      );
    }
    return missing;
  };
}
