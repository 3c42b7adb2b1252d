// Certificates that a provider names in its request and serves itself. The sender writes their URL, so only what is written
// exactly as the provider writes it is asked for.
import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { z } from "zod";
import { type Asking, type FetchKey, type Inbound, type KeyAnswer, rejected, type Verification } from "./inbound.ts";
import type { ProviderProof } from "./provider.ts";
import { askForChain } from "./served-chain.ts";

/** RSA with a key of 2048 to 4096 bits, in base64. */
const BASE64_SIGNATURE = /^[A-Za-z0-9+/]{342,684}={0,2}$/;

/** A certificate that its provider renews in its place is read again within a day. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

/** What a request says was signed, and by whose key. */
export interface CertifiedText {
  message: string;
  hash: "sha1" | "sha256";
  signature: string;
  url: URL;
  /** The DNS names of a signer whose certificate may be at `url`. */
  names: readonly string[];
}

interface CertificateTold<S extends z.ZodType> {
  /** Whose certificate it is, in words. */
  provider: string;
  headers: readonly string[];
  settings: S;
  /** What the provider calls the signature and the URL of the certificate. */
  signatureName: string;
  urlName: string;
  /** What a signature that does not belong to the request is told to belong to. */
  mismatch: string;
  /** The signed text, or the reason why it cannot be read. */
  read: (inbound: Inbound, settings: z.output<S>) => CertifiedText | Verification;
}

/** There is no secret: the provider signs with a key whose certificate it serves. */
export function signedByCertificate<S extends z.ZodType>(told: CertificateTold<S>): ProviderProof<S> & { hmac: null } {
  const { provider, headers, settings, signatureName, read } = told;
  return {
    headers,
    hmac: null,
    about: `RSA with the certificate that ${provider} serves`,
    settings,
    rotation: null,
    makeCheck: (auth) => (inbound, _nowMs, fetchKey) => {
      const text = read(inbound, auth);
      if ("kind" in text) return text;
      if (!BASE64_SIGNATURE.test(text.signature)) return rejected(`${signatureName} holds no base64 RSA signature.`);
      return judge(text, told, fetchKey);
    },
    prove: () => null,
    problems: () => [],
    secretHeaders: () => [],
  };
}

async function judge(
  { message, hash, signature, url, names }: CertifiedText,
  { signatureName, urlName, mismatch }: Pick<CertificateTold<z.ZodType>, "signatureName" | "urlName" | "mismatch">,
  fetchKey: FetchKey,
): Promise<Verification> {
  const ask = (asking: Asking) => askForKey(url, names, asking);
  const answer = await fetchKey({ id: url.href, keptForMs: KEPT_FOR_MS, ask });
  if (answer.kind === "missing")
    return rejected(`The signature was not checked, as the certificate of ${urlName} is not trusted: ${answer.why}.`);
  const rsa = { key: publicKeyOf(answer.text), padding: constants.RSA_PKCS1_PADDING };
  if (verify(hash, Buffer.from(message, "utf8"), rsa, Buffer.from(signature, "base64")))
    return { kind: "verified", with: "secret" };
  return rejected(`${signatureName} belongs to something else than ${mismatch}.`);
}

/** Only the key of a certificate that leads to a root is kept, and as long as the whole way to it is in force. */
async function askForKey(url: URL, names: readonly string[], asking: Asking): Promise<KeyAnswer> {
  const chain = await askForChain(url, names, asking);
  if (chain.kind !== "trusted") return { kind: "missing", why: chain.why };
  const text = chain.key.export({ format: "pem", type: "spki" }).toString();
  return { kind: "had", text, untilMs: chain.untilMs };
}

/**
 * The URL of a certificate; null when it is not one of the provider's hosts and paths.
 *
 * @param host anchored at both ends, as `path` is
 */
export function certificateUrl(text: string, host: RegExp, path: RegExp): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isTheirs =
    url !== null &&
    // Parsing forgives much: what is not written as the provider writes it is not followed.
    url.href === text &&
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.search === "" &&
    url.hash === "" &&
    host.test(url.hostname) &&
    path.test(url.pathname);
  return isTheirs ? url : null;
}

/** Read once: a provider signs with the same key for months, and nobody else's comes here. */
const readBefore = new Map<string, KeyObject>();
const MAX_READ = 64;

function publicKeyOf(pem: string): KeyObject {
  const known = readBefore.get(pem);
  if (known) return known;
  const read = createPublicKey(pem);
  const [oldest] = readBefore.keys();
  if (readBefore.size >= MAX_READ && oldest !== undefined) readBefore.delete(oldest);
  readBefore.set(pem, read);
  return read;
}
