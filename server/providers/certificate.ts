// Certificates that a provider names in its request and serves itself. The sender writes their URL, so only what is written
// exactly as the provider writes it is asked for.
import { constants, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { z } from "zod";
import { type CallProvider, type FetchKey, type Inbound, rejected, type Verification } from "./inbound.ts";
import type { ProviderProof } from "./provider.ts";

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
    makeCheck: (auth) => (inbound, nowMs, fetchKey) => {
      const text = read(inbound, auth);
      if ("kind" in text) return text;
      if (!BASE64_SIGNATURE.test(text.signature)) return rejected(`${signatureName} holds no base64 RSA signature.`);
      return judge(text, told, nowMs, fetchKey);
    },
    prove: () => null,
    problems: () => [],
    secretHeaders: () => [],
  };
}

async function judge(
  { message, hash, signature, url }: CertifiedText,
  { signatureName, urlName, mismatch }: Pick<CertificateTold<z.ZodType>, "signatureName" | "urlName" | "mismatch">,
  nowMs: number,
  fetchKey: FetchKey,
): Promise<Verification> {
  // Only a certificate is kept: what stands at its place for a moment, such as an error page, would refuse all until a restart.
  const ask = async (call: CallProvider) => {
    const served = await call({ url });
    return served !== null && rsaKeyOf(served, nowMs) !== null ? served : null;
  };
  const pem = await fetchKey({ id: url.href, keptForMs: KEPT_FOR_MS, ask });
  if (pem === null) return rejected(`The certificate of ${urlName} could not be had.`);
  const key = rsaKeyOf(pem, nowMs);
  const rsa = key && { key, padding: constants.RSA_PKCS1_PADDING };
  if (rsa && verify(hash, Buffer.from(message, "utf8"), rsa, Buffer.from(signature, "base64")))
    return { kind: "verified", with: "secret" };
  return rejected(`${signatureName} belongs to something else than ${mismatch}.`);
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

interface RsaCertificate {
  key: KeyObject;
  fromMs: number;
  untilMs: number;
}

/** Read once: a provider serves the same certificate for months, and nobody else's comes here. */
const readBefore = new Map<string, RsaCertificate | null>();
const MAX_READ = 64;

function readCertificate(pem: string): RsaCertificate | null {
  const known = readBefore.get(pem);
  if (known !== undefined) return known;
  const read = parseCertificate(pem);
  const [oldest] = readBefore.keys();
  if (readBefore.size >= MAX_READ && oldest !== undefined) readBefore.delete(oldest);
  readBefore.set(pem, read);
  return read;
}

function parseCertificate(pem: string): RsaCertificate | null {
  try {
    const { publicKey: key, validFromDate, validToDate } = new X509Certificate(pem);
    const [fromMs, untilMs] = [validFromDate.getTime(), validToDate.getTime()];
    return key.asymmetricKeyType === "rsa" ? { key, fromMs, untilMs } : null;
  } catch {
    // The served text is no certificate.
    return null;
  }
}

/** The RSA key of a certificate that is valid at `nowMs`; null when there is none. */
function rsaKeyOf(pem: string, nowMs: number): KeyObject | null {
  const certificate = readCertificate(pem);
  return certificate && nowMs >= certificate.fromMs && nowMs <= certificate.untilMs ? certificate.key : null;
}
