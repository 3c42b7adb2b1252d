// The receiver's check of a delivery. It uses WebCrypto alone, so that it runs in Node, in edge runtimes and in browsers.

/** The body as it came: bytes, or the text before it is parsed. */
export type Payload = string | ArrayBuffer | ArrayBufferView;

/** Headers of fetch, or an object of them, in any case. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** A part of a delivery that does not fit, by kind. */
export type WebhookFault =
  | "missing_header"
  | "malformed_header"
  | "wrong_signature"
  | "too_old"
  | "too_new"
  | "unusable_secret";

export interface VerifyOptions {
  /** The longest time between the attempt and now, both ways: 300 where it is left out. */
  toleranceSeconds?: number | undefined;
  now?: Date | undefined;
}

/** A delivery that was signed by who holds the secret. */
export interface VerifiedWebhook {
  /** The event's id: the same on every attempt, so that a second one can be told. */
  id: string;
  /** The time of this attempt. */
  timestamp: Date;
}

/** A delivery that may not be trusted. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
  readonly reason: WebhookFault;

  constructor(reason: WebhookFault, message: string) {
    super(message);
    this.reason = reason;
  }
}

const DEFAULT_TOLERANCE_SECONDS = 300;
/** A sender that lists more than this has no honest reason to. */
const MAX_SIGNATURES = 16;
const encoder = new TextEncoder();

/**
 * Verifies a delivery that is signed as Standard Webhooks: one signature that fits one secret is enough, as while a secret is
 * rotated. It throws, so that a forgotten look at the answer lets nothing through.
 * @param secret `whsec_…`, or several
 * @throws WebhookVerificationError with the reason
 */
export async function verifyWebhook(
  payload: Payload,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = new Date() }: VerifyOptions = {},
): Promise<VerifiedWebhook> {
  if (!(toleranceSeconds >= 0)) throw new RangeError("Give toleranceSeconds as a number from 0.");
  const keys = await Promise.all([secret].flat().map((text) => importKey(standardKey(text), "SHA-256")));
  requireKeys(keys);
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const listed = headerOf(headers, "webhook-signature");
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError("malformed_header", "webhook-timestamp is no Unix time in whole seconds.");
  const signatures = listed.split(" ").flatMap((text) => (text.startsWith("v1,") ? [decodeBase64(text.slice(3))] : []));
  const signed = joined(encoder.encode(`${id}.${timestamp}.`), bytesOf(payload));
  if (!(await fitsAny(keys, signatures, signed))) throw wrongSignature();
  const ageSeconds = now.getTime() / 1_000 - Number(timestamp);
  requireFresh(ageSeconds, toleranceSeconds);
  return { id, timestamp: new Date(Number(timestamp) * 1_000) };
}

export interface CustomSignature {
  /** As the destination has it. */
  header: string;
  /** `sha256` where it is left out. */
  algorithm?: "sha1" | "sha256" | "sha512" | undefined;
  /** `hex` where it is left out. */
  encoding?: "hex" | "base64" | "base64url" | undefined;
}

const HASHES = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const;

/**
 * Verifies a delivery to a destination with CUSTOM_SIGNATURE. This signature covers the body alone: whoever saw a delivery
 * can send it again, so keep the ids of events that were handled.
 * @throws WebhookVerificationError with the reason
 */
export async function verifyCustomSignature(
  payload: Payload,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { header, algorithm = "sha256", encoding = "hex" }: CustomSignature,
): Promise<void> {
  const keys = await Promise.all(
    [secret].flat().map((text) => importKey(text === "" ? undefined : encoder.encode(text), HASHES[algorithm])),
  );
  requireKeys(keys);
  const signatures = headerOf(headers, header)
    .split(",")
    .map((text) => DECODERS[encoding](text));
  if (!(await fitsAny(keys, signatures, new Uint8Array(bytesOf(payload))))) throw wrongSignature();
}

const wrongSignature = () =>
  new WebhookVerificationError(
    "wrong_signature",
    "No signature fits the body and the secret: check the body as it came, before it is parsed, and the destination's secret.",
  );

function requireFresh(ageSeconds: number, toleranceSeconds: number): void {
  if (ageSeconds > toleranceSeconds)
    throw new WebhookVerificationError("too_old", `This was signed ${Math.round(ageSeconds)} s ago.`);
  // A date that is none compares as false, and is refused as well.
  if (!(ageSeconds >= -toleranceSeconds))
    throw new WebhookVerificationError("too_new", "This was signed for a time to come: look at both clocks.");
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === "function" ? headers.get(name) : ownHeader(headers, name);
  if (value === null || value === undefined || value === "")
    throw new WebhookVerificationError("missing_header", `The delivery has no header ${name}.`);
  if (typeof value !== "string")
    throw new WebhookVerificationError("malformed_header", `The delivery has more than one header ${name}.`);
  return value;
}

function ownHeader(headers: object, name: string): unknown {
  const values = Object.entries(headers).flatMap(([key, value]) =>
    key.toLowerCase() === name.toLowerCase() ? [value].flat() : [],
  );
  return values.length > 1 ? values : values[0];
}

function bytesOf(payload: Payload): Uint8Array {
  if (typeof payload === "string") return encoder.encode(payload);
  if (ArrayBuffer.isView(payload)) return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  // An ArrayBuffer of another realm is none to `instanceof`.
  if (Object.prototype.toString.call(payload) === "[object ArrayBuffer]") return new Uint8Array(payload);
  throw new TypeError("Give the body as it came, as text or bytes: a parsed one has lost what was signed.");
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

type Bytes = Uint8Array<ArrayBuffer>;

const importKey = async (key: Bytes | undefined, hash: string): Promise<CryptoKey | undefined> =>
  key && globalThis.crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["verify"]);

/** The key behind `whsec_`, read as generously as the lanes read what an owner brings; undefined where there is none. */
function standardKey(secret: string): Bytes | undefined {
  const text = secret.replace(/^whsec_/, "").replace(/=+$/, "");
  const isCut = text.length % 4 === 1;
  const key = bytesOfBase64(isCut ? text.slice(0, -1) : text);
  return key && key.length > 0 ? key : undefined;
}

function requireKeys(keys: readonly (CryptoKey | undefined)[]): asserts keys is readonly CryptoKey[] {
  if (keys.length > 0 && keys.every((key) => key !== undefined)) return;
  throw new WebhookVerificationError("unusable_secret", "Give the secret of the destination as it shows it.");
}

/** WebCrypto compares in constant time. */
async function fitsAny(
  keys: readonly CryptoKey[],
  signatures: readonly (Bytes | undefined)[],
  signed: Bytes,
): Promise<boolean> {
  for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
    for (const key of keys) {
      if (signature && (await globalThis.crypto.subtle.verify("HMAC", key, signature, signed))) return true;
    }
  }
  return false;
}

function bytesOfBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Only what base64 would write itself: a changed bit of a signature must not read as the same bytes. */
function decodeBase64(text: string): Bytes | undefined {
  const bytes = bytesOfBase64(text);
  return bytes && btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined;
}

const DECODERS: Record<NonNullable<CustomSignature["encoding"]>, (text: string) => Bytes | undefined> = {
  hex: (text) =>
    /^(?:[0-9a-f]{2})+$/.test(text)
      ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
      : undefined,
  base64: decodeBase64,
  base64url: (text) => {
    if (/[+/=]/.test(text)) return undefined;
    const plain = text.replaceAll("-", "+").replaceAll("_", "/");
    return decodeBase64(plain + "=".repeat((4 - (plain.length % 4)) % 4));
  },
};
