// The certificate at a provider's URL with what lies between it and a root. Amazon and PayPal serve the signer's alone, so those
// above it are had where the certificate itself says: of the authorities' own hosts only.
import { X509Certificate } from "node:crypto";
import { type Chain, verifyChain } from "./certificate-chain.ts";
import type { Asking } from "./inbound.ts";

const PEM = /-----BEGIN CERTIFICATE-----[^-]{1,16384}-----END CERTIFICATE-----/g;
const MAX_SERVED = 8;
/** From the signer's certificate to one that a root has issued it is one step, and two where an authority was renewed. */
const MAX_STEPS = 2;
/** Where the authorities of Amazon and PayPal serve their own certificates: over HTTP, as what is served is signed. */
const ISSUER_URL =
  /^CA Issuers - URI:(http:\/\/(?:[a-z0-9-]{1,30}\.){1,2}(?:amazontrust\.com|digicert\.com|digicert\.cn)\/[A-Za-z0-9._-]{1,100}\.(?:cer|crt))$/m;

/** Asks for what is at `url` and above it, and judges it. */
export async function askForChain(url: URL, names: readonly string[], asking: Asking): Promise<Chain> {
  const { call, roots, nowMs } = asking;
  const answer = await call({ url });
  if (answer === null) return { kind: "refused", why: `${url.host} did not serve it` };
  const served = (answer.toString("latin1").match(PEM) ?? [])
    .slice(0, MAX_SERVED)
    .flatMap((pem) => readCertificate(pem));
  for (let step = 0; ; step++) {
    const chain = verifyChain({ served, roots: roots(), names, nowMs });
    const issuer = chain.kind === "incomplete" && step < MAX_STEPS ? await askForIssuer(chain.top, asking) : [];
    if (issuer.length === 0) return chain;
    served.push(...issuer);
  }
}

async function askForIssuer({ infoAccess }: X509Certificate, { call }: Asking): Promise<X509Certificate[]> {
  const [, address] = ISSUER_URL.exec(infoAccess ?? "") ?? [];
  const answer = address === undefined ? null : await call({ url: new URL(address) });
  return answer ? readCertificate(answer) : [];
}

/** @param text PEM or DER */
function readCertificate(text: string | Buffer): X509Certificate[] {
  try {
    return [new X509Certificate(text)];
  } catch {
    // What was served is no certificate.
    return [];
  }
}
