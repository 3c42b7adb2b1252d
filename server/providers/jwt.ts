// A signed token (RFC 7519) as the proof of a sender. The owner's key says which algorithm is right. The token's own `alg` must be
// that one: a sender who could choose would take a public key for the secret of an HMAC, or none at all.
import {
  constants,
  createHmac,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "./body-fields.ts";

type JwtAlgorithm = "HS256" | "RS256" | "ES256" | "EdDSA";

export type JwtReading = { kind: "valid"; claims: Record<string, unknown> } | { kind: "invalid"; detail: string };

const PART = /^[A-Za-z0-9_-]+$/;
const HEAD = wantedAt(["alg", "kid"]);
const MAX_TOKEN_LENGTH = 8192;
const LEEWAY_SECONDS = 60;
const BY_KEY_TYPE: Record<string, JwtAlgorithm> = { rsa: "RS256", ec: "ES256", ed25519: "EdDSA" };

export interface JwtKey {
  algorithm: JwtAlgorithm;
  isSigned(text: string, signature: Buffer): boolean;
}

/** The key of a public key in PEM, or of an HMAC's secret. */
export function jwtKey(secret: string): JwtKey | null {
  if (secret.startsWith("-----BEGIN ")) return publicJwtKey(openKey(secret));
  return {
    algorithm: "HS256",
    isSigned(text, signature) {
      const expected = createHmac("sha256", secret).update(text).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    },
  };
}

/** The key of a JWK (RFC 7517) that was parsed; null where it is none. */
export const jwkKey = (jwk: unknown): JwtKey | null =>
  typeof jwk === "object" && jwk !== null ? publicJwtKey(openKey({ key: jwk as JsonWebKey, format: "jwk" })) : null;

function publicJwtKey(key: KeyObject | null): JwtKey | null {
  const algorithm = BY_KEY_TYPE[key?.asymmetricKeyType ?? ""];
  if (!key || !algorithm) return null;
  if (algorithm === "ES256" && key.asymmetricKeyDetails?.namedCurve !== "prime256v1") return null;
  return {
    algorithm,
    isSigned(text, signature) {
      const options = { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: "ieee-p1363" as const };
      try {
        return verify(algorithm === "EdDSA" ? null : "sha256", Buffer.from(text), options, signature);
      } catch {
        return false;
      }
    },
  };
}

function openKey(key: string | { key: JsonWebKey; format: "jwk" }): KeyObject | null {
  try {
    return createPublicKey(key);
  } catch {
    return null;
  }
}

/** The id of the key that a token says it is signed with. Nothing of it is checked yet. */
export function keyIdOf(token: string): unknown {
  const [head = ""] = token.slice(0, MAX_TOKEN_LENGTH).split(".");
  return field(outlineJson(Buffer.from(head, "base64url"), HEAD), "kid");
}

/** The claims of a token that `key` has signed and whose times (`exp`, `nbf`) hold at `nowMs`. */
export function readJwt(token: string, key: JwtKey, nowMs: number): JwtReading {
  const [head = "", payload = "", signature = "", ...more] = token.split(".");
  const isToken =
    token.length <= MAX_TOKEN_LENGTH &&
    more.length === 0 &&
    [head, payload, signature].every((part) => PART.test(part));
  if (!isToken) return { kind: "invalid", detail: "is no signed JWT." };
  const alg = field(outlineJson(Buffer.from(head, "base64url"), HEAD), "alg");
  if (alg !== key.algorithm)
    return { kind: "invalid", detail: `is not signed by ${key.algorithm}, as the key of this source asks.` };
  const bytes = Buffer.from(signature, "base64url");
  // The last character has bits that decode to nothing: another one there must not pass.
  if (bytes.toString("base64url") !== signature || !key.isSigned(`${head}.${payload}`, bytes))
    return { kind: "invalid", detail: "is signed with another key than this source's." };
  const claims = readClaims(payload);
  if (!claims) return { kind: "invalid", detail: "holds no claims." };
  const isTimely =
    isWithin(claims.exp, (exp) => nowMs / 1000 <= exp + LEEWAY_SECONDS) &&
    isWithin(claims.nbf, (nbf) => nowMs / 1000 >= nbf - LEEWAY_SECONDS);
  return isTimely ? { kind: "valid", claims } : { kind: "invalid", detail: "has run out, or is not valid yet." };
}

const isWithin = (claim: unknown, holds: (seconds: number) => boolean) =>
  claim === undefined || (typeof claim === "number" && holds(claim));

function readClaims(payload: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A token as a sender makes it with an HMAC secret; null where the key is a public one. */
export function signJwt(claims: object, secret: string): string | null {
  if (secret.startsWith("-----BEGIN ")) return null;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
