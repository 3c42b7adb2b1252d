// Certificates that a provider names in its request and serves itself. The sender writes their URL, so only what is written
// exactly as the provider writes it is asked for.
import { X509Certificate } from "node:crypto";

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

/** The RSA key of a certificate that is valid at `nowMs`; null when there is none. */
export function rsaKeyOf(pem: string, nowMs: number) {
  try {
    const certificate = new X509Certificate(pem);
    if (nowMs < certificate.validFromDate.getTime() || nowMs > certificate.validToDate.getTime()) return null;
    return certificate.publicKey.asymmetricKeyType === "rsa" ? certificate.publicKey : null;
  } catch {
    // The served text is no certificate.
    return null;
  }
}
