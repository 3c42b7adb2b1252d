// Signatures with a private key that the provider alone holds; the owner gives the public one.
import { createPublicKey, createVerify, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { isCanonical, judgeTime } from "./hmac-scheme.ts";
import { type Check, headerValues, rejected } from "./inbound.ts";
import type { ProviderProof } from "./provider.ts";
import { ToleranceSeconds } from "./settings.ts";
import { type SignedParts, template } from "./template.ts";
import { type ParseTimestamp, readTimestamp } from "./timestamps.ts";

export type KeyKind = "ed25519" | "ecdsa-p256" | "rsa";

const TYPES: Record<KeyKind, string> = { ed25519: "ed25519", "ecdsa-p256": "ec", rsa: "rsa" };
const WORDS: Record<KeyKind, string> = { ed25519: "Ed25519", "ecdsa-p256": "ECDSA P-256", rsa: "RSA" };
/** What stands before the 32 bytes of an Ed25519 key in its SPKI form (RFC 8410). */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
const ED25519_BYTES = 32;
const HEX_KEY = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const SIGNATURE_DIGITS = { hex: /^(?:[0-9a-f]{2}){64,512}$/i, base64: /^[A-Za-z0-9+/]{80,684}={0,2}$/ };
const MAX_CANDIDATES = 4;

/** The public key in a text: PEM, its base64, or the bare 32 bytes of an Ed25519 key in hex or base64; null when it is none. */
function readPublicKey(text: string, kind: KeyKind): KeyObject | null {
  const key = openKey(text.trim(), kind);
  if (key?.asymmetricKeyType !== TYPES[kind]) return null;
  return kind !== "ecdsa-p256" || key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : null;
}

function openKey(text: string, kind: KeyKind): KeyObject | null {
  try {
    if (text.startsWith("-----BEGIN ")) return createPublicKey(text);
    if (HEX_KEY.test(text) && kind === "ed25519") return spkiKey(Buffer.from(text, "hex"), kind);
    return BASE64.test(text) ? spkiKey(Buffer.from(text, "base64"), kind) : null;
  } catch {
    // OpenSSL throws at whatever is no key.
    return null;
  }
}

function spkiKey(bytes: Buffer, kind: KeyKind): KeyObject {
  const key = kind === "ed25519" && bytes.length === ED25519_BYTES ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
  return createPublicKey({ key, format: "der", type: "spki" });
}

function isSignedBy(key: KeyObject, kind: KeyKind, parts: SignedParts, signature: Buffer): boolean {
  try {
    if (kind === "ed25519") return verify(null, Buffer.concat(parts.map(bytesOf)), key, signature);
    const verifier = createVerify("sha256");
    for (const part of parts) verifier.update(bytesOf(part));
    return verifier.verify(key, signature);
  } catch {
    return false;
  }
}

const bytesOf = (part: string | Buffer) => (typeof part === "string" ? Buffer.from(part, "latin1") : part);

interface KeyShape {
  kind: KeyKind;
  encoding: "hex" | "base64";
  /** As of `overTemplate`. */
  sign: string;
  prefix?: string;
  timestamp?: { header: string; parse: ParseTimestamp; toleranceSeconds: number | null };
}

const KeySettings = z.strictObject({
  public_key: z.string().trim().min(1).max(4096),
  tolerance_seconds: ToleranceSeconds,
});
type KeySettings = z.output<typeof KeySettings>;

/** A provider that signs with a private key of its own. Its algorithm is the provider's, never the sender's to choose. */
export function signedByKey(header: string, shape: KeyShape): ProviderProof<z.ZodType<KeySettings>> {
  const { kind, timestamp } = shape;
  const words = template(shape.sign).words;
  const tolerance = timestamp?.toleranceSeconds ?? null;
  return {
    headers: [header],
    hmac: null,
    about: `${WORDS[kind]} over ${words}${tolerance === null ? "" : `, within ${tolerance} s`}`,
    settings: (timestamp ? KeySettings : KeySettings.omit({ tolerance_seconds: true })) as z.ZodType<KeySettings>,
    rotation: null,
    makeCheck: (settings) => makeKeyCheck(header, shape, settings),
    prove: () => null,
    problems: ({ public_key }) =>
      readPublicKey(public_key, kind)
        ? []
        : [
            {
              field: "public_key",
              message: `Give the public key as the provider shows it: an ${WORDS[kind]} key as PEM, base64 or hex. This is none.`,
            },
          ],
    secretHeaders: () => [],
  };
}

function makeKeyCheck(header: string, shape: KeyShape, settings: KeySettings): Check {
  const { kind, encoding, timestamp, prefix = "" } = shape;
  const key = readPublicKey(settings.public_key, kind);
  const signed = template(shape.sign);
  const toleranceSeconds = settings.tolerance_seconds ?? timestamp?.toleranceSeconds ?? null;
  if (!key) return () => rejected("The source's public key is not one of this scheme: save the provider's key again.");

  return (inbound, nowMs) => {
    const values = headerValues(inbound, header);
    if (values.length === 0) return rejected(`The header ${header} is missing.`);
    const candidates = values
      .flatMap((value) => value.split(/[\s,]+/))
      .filter((text) => text.startsWith(prefix))
      .map((text) => text.slice(prefix.length))
      .filter((text) => SIGNATURE_DIGITS[encoding].test(text))
      .filter((text) => encoding === "hex" || isCanonical(text, Buffer.from(text, encoding)))
      .slice(0, MAX_CANDIDATES)
      .map((text) => Buffer.from(text, encoding));
    if (candidates.length === 0) return rejected(`${header} holds no ${encoding} ${WORDS[kind]} signature.`);
    const time = readTimestamp(inbound, timestamp);
    if (time.kind === "unreadable") return rejected(time.detail);
    const filled = signed.fill(inbound, time.text);
    if (filled.kind === "unreadable") return rejected(filled.detail);
    for (const parts of filled.messages)
      if (candidates.some((signature) => isSignedBy(key, kind, parts, signature)))
        return judgeTime("secret", time.ms, toleranceSeconds, nowMs);
    return rejected(`No signature in ${header} belongs to what was received and the public key of this source.`);
  };
}
