// The headers that prove a delivery to its receiver, computed anew for each attempt over the exact bytes that are sent.
import { DestinationAuth, type DestinationAuthType } from "#server/contracts/destination.ts";
import { type Hmac, makeHmac } from "#server/crypto/hmac.ts";

export interface Delivery {
  /** The event's id: the same on every attempt, so that receivers can be idempotent. */
  id: string;
  /** Unix time of this attempt, in whole seconds. */
  timestampSeconds: number;
  body: Buffer;
}

/** Signs for one destination. Holds its keys: never log or serialise it. */
export interface Signer {
  /** The headers to add, lower-case names first to last: `webhook-id` and `webhook-timestamp`, then what the auth adds. */
  sign(delivery: Delivery): [name: string, value: string][];
  /** The bytes that are sent: the body, with the key in it where the receiver looks for it there. */
  bodyOf(body: Buffer): Buffer;
}

type AuthHeaders = (delivery: Delivery) => [string, string][];

/**
 * @param auth `config.auth` of the destination, with its secrets in clear.
 * @throws ZodError or Error when it does not fit its type: saved destinations always do, and a delivery that should be
 *   signed must never leave unsigned.
 */
export function prepareSigner(authType: DestinationAuthType, auth: unknown): Signer {
  const authHeaders = prepareAuthHeaders(authType, auth);
  return {
    bodyOf: authType === "BODY_KEY" ? bodyKey(auth) : (body) => body,
    sign: (delivery) => [
      ["webhook-id", delivery.id],
      ["webhook-timestamp", String(delivery.timestampSeconds)],
      ...authHeaders(delivery),
    ],
  };
}

function prepareAuthHeaders(authType: DestinationAuthType, auth: unknown): AuthHeaders {
  switch (authType) {
    case "NONE":
    case "BODY_KEY":
    case "SECRET_PATH":
      return () => [];
    case "SWITCHYARD_SIGNATURE":
      return standardSignature(auth);
    case "CUSTOM_SIGNATURE":
      return customSignature(auth);
    case "BASIC_AUTH": {
      const { username, password } = DestinationAuth.BASIC_AUTH.parse(auth);
      const credentials = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
      return () => [["authorization", `Basic ${credentials}`]];
    }
    case "API_KEY": {
      const { header, api_key: apiKey } = DestinationAuth.API_KEY.parse(auth);
      return () => [[header.toLowerCase(), apiKey]];
    }
    case "BEARER_TOKEN": {
      const { token } = DestinationAuth.BEARER_TOKEN.parse(auth);
      return () => [["authorization", `Bearer ${token}`]];
    }
  }
}

function whsecHmac(secret: string): Hmac {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (bytes.length === 0) throw new Error("A signing secret of this destination is not whsec_ and base64.");
  return makeHmac("sha256", bytes);
}

/** Standard Webhooks: `v1,` base64 HMAC-SHA256 over `id.timestamp.body`, today's secret first, the previous one after a space. */
function standardSignature(auth: unknown): AuthHeaders {
  const { signing_secret: secret, previous_secret: previous } = DestinationAuth.SWITCHYARD_SIGNATURE.parse(auth);
  if (!secret) throw new Error("A destination with SWITCHYARD_SIGNATURE has no signing_secret.");
  const digests = [secret, previous].filter((text) => typeof text === "string").map(whsecHmac);

  return ({ id, timestampSeconds, body }) => {
    const head = `${id}.${timestampSeconds}.`;
    const signatures = digests.map((digest) => `v1,${digest([head, body]).toString("base64")}`);
    return [["webhook-signature", signatures.join(" ")]];
  };
}

/**
 * The body's HMAC in a header of the owner's choice. With a previous secret the header lists both as `new,old`. A receiver
 * that compares the whole value must be rotated without a previous secret.
 */
function customSignature(auth: unknown): AuthHeaders {
  const settings = DestinationAuth.CUSTOM_SIGNATURE.parse(auth);
  const header = settings.header.toLowerCase();
  const digests = [settings.signing_secret, settings.previous_secret]
    .filter((text) => typeof text === "string")
    .map((text) => makeHmac(settings.algorithm, Buffer.from(text, "utf8")));

  return ({ body }) => {
    const signatures = digests.map((digest) => digest([body]).toString(settings.encoding));
    return [[header, signatures.join(",")]];
  };
}

const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const [OPENING, CLOSING] = [0x7b, 0x7d];

/** The key as the last field of a JSON object, where readers let it win over one that the body names itself. */
function bodyKey(auth: unknown): Signer["bodyOf"] {
  const { field, api_key: apiKey } = DestinationAuth.BODY_KEY.parse(auth);
  const member = `${JSON.stringify(field)}:${JSON.stringify(apiKey)}}`;
  return (body) => {
    const first = body.findIndex((byte) => !SPACE.has(byte));
    const last = body.findLastIndex((byte) => !SPACE.has(byte));
    if (body[first] !== OPENING || body[last] !== CLOSING) return body;
    const before = body.subarray(0, last);
    const isEmpty = before.findLastIndex((byte) => !SPACE.has(byte)) === first;
    return Buffer.concat([before, Buffer.from(isEmpty ? member : `,${member}`)]);
  };
}

/**
 * The lower-case names of headers whose values are secrets: these are masked in a recorded attempt. Signatures are not
 * among them. They prove nothing beyond their one delivery, and comparing them finds a receiver's bug.
 */
export function secretHeaderNames(authType: DestinationAuthType, auth: unknown): Set<string> {
  if (authType === "BASIC_AUTH" || authType === "BEARER_TOKEN") return new Set(["authorization"]);
  if (authType === "API_KEY") return new Set([DestinationAuth.API_KEY.parse(auth).header.toLowerCase()]);
  return new Set();
}
