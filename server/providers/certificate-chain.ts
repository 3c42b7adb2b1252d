// A certificate verified up to a root (RFC 5280): each link signed, in force, and allowed to issue the one below.
// Revocation is not asked for, and what is not understood is refused.
import type { KeyObject, X509Certificate } from "node:crypto";
import { type CertificateFields, fieldsOf } from "./certificate-fields.ts";

export interface ChainQuestion {
  /** The signer's certificate first, and behind it in any order what may lie between it and a root. */
  served: readonly X509Certificate[];
  roots: readonly X509Certificate[];
  /** The signer's certificate is for one of these DNS names. */
  names: readonly string[];
  nowMs: number;
}

export type Chain =
  /** `untilMs`: when the first link of it runs out. */
  | { kind: "trusted"; key: KeyObject; untilMs: number }
  /** Good as far as it goes: the issuer of `top` was not served. */
  | { kind: "incomplete"; top: X509Certificate; why: string }
  /** `why`: for the owner, "that of" standing for a certificate. */
  | { kind: "refused"; why: string };

const MAX_BETWEEN = 3;
const MIN_RSA_BITS = 2048;
/** SHA-256, -384 and -512 under RSA and ECDSA, as object identifiers in DER. */
const STRONG_SIGNATURES = new Set([
  ...["0b", "0c", "0d"].map((last) => `2a864886f70d0101${last}`),
  ...["02", "03", "04"].map((last) => `2a8648ce3d0403${last}`),
]);
/** Of `keyUsage`; that an authority may issue is a part of `checkIssued`. */
const DIGITAL_SIGNATURE = 0x80;
/** Whoever issues for servers has checked their DNS names. */
const FOR_SERVERS = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

export function verifyChain({ served, roots, names, nowMs }: ChainQuestion): Chain {
  const [signer, ...between] = served;
  if (!signer) return refused("it is none");
  const why = problemOf(signer, nowMs) ?? signerProblem(signer, names);
  return why === null ? climb({ below: [], top: signer }, { between, roots, nowMs }) : refused(why);
}

interface Path {
  /** From the signer upwards, without `top`. */
  below: readonly X509Certificate[];
  top: X509Certificate;
}

/** Looks for the issuer of `top` among the roots and then among what was served. The first path that holds counts. */
function climb({ below, top }: Path, given: Omit<ChainQuestion, "served" | "names"> & Between): Chain {
  const { between, roots, nowMs } = given;
  const links = [...below, top];
  let failed: Chain | null = null;
  for (const root of roots) {
    if (!isIssuedBy(top, root)) continue;
    if (isInForce(root, nowMs)) return trusted([...links, root]);
    failed ??= refused(`the root ${nameOf(root)} is not in force`);
  }
  for (const authority of between) {
    if (links.includes(authority) || !isIssuedBy(top, authority)) continue;
    const why = problemOf(authority, nowMs) ?? authorityProblem(authority, below.length);
    const found = why === null ? climb({ below: links, top: authority }, given) : refused(why);
    if (found.kind === "trusted") return found;
    failed ??= found;
  }
  if (failed) return failed;
  if (top.issuer === top.subject)
    return refused(`that of ${nameOf(top)} is signed by itself and none of the known roots`);
  return {
    kind: "incomplete",
    top,
    why: `that of ${nameOf(top)} was issued by ${lastName(top.issuer)}, whose own could not be had`,
  };
}

interface Between {
  between: readonly X509Certificate[];
}

const refused = (why: string): Chain => ({ kind: "refused", why });

function trusted(links: readonly X509Certificate[]): Chain {
  const [signer] = links;
  if (!signer) return refused("it is none");
  return { kind: "trusted", key: signer.publicKey, untilMs: Math.min(...links.map((link) => untilMsOf(link))) };
}

function isIssuedBy(one: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return one.checkIssued(issuer) && one.verify(issuer.publicKey);
  } catch {
    // OpenSSL throws at a key of another kind than the signature's.
    return false;
  }
}

const untilMsOf = (one: X509Certificate): number => Date.parse(one.validTo);
const isInForce = (one: X509Certificate, nowMs: number): boolean =>
  nowMs >= Date.parse(one.validFrom) && nowMs <= untilMsOf(one);

/** What speaks against any link below the root. */
function problemOf(one: X509Certificate, nowMs: number): string | null {
  const fields = readFields(one);
  if (!fields) return `that of ${nameOf(one)} cannot be read`;
  if (nowMs < Date.parse(one.validFrom)) return `that of ${nameOf(one)} is not valid before ${one.validFrom}`;
  if (nowMs > untilMsOf(one)) return `that of ${nameOf(one)} ran out on ${one.validTo}`;
  if (!STRONG_SIGNATURES.has(fields.signedWith)) return `that of ${nameOf(one)} is not signed with SHA-2`;
  if (isWeak(fields.key)) return `that of ${nameOf(one)} has a weak key`;
  if (fields.hasUnknownRule) return `that of ${nameOf(one)} holds a rule that is not understood`;
  if (usesOf(one)?.every((use) => !FOR_SERVERS.includes(use))) return `that of ${nameOf(one)} is not for servers`;
  return null;
}

/** Its extended uses, which Node calls `keyUsage` and its types promise always. */
const usesOf = (one: X509Certificate): readonly string[] | undefined => one.keyUsage;

function readFields(one: X509Certificate): (CertificateFields & { key: KeyObject }) | null {
  try {
    return { ...fieldsOf(one), key: one.publicKey };
  } catch {
    // OpenSSL reads some certificates and then not their keys.
    return null;
  }
}

function isWeak({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === "rsa") return (details?.modulusLength ?? 0) < MIN_RSA_BITS;
  return type !== "ec";
}

function signerProblem(signer: X509Certificate, names: readonly string[]): string | null {
  if (readFields(signer)?.isAuthority) return `that of ${nameOf(signer)} is an authority's and not a signer's`;
  if (!names.some((name) => signer.checkHost(name, { wildcards: false }) !== undefined))
    return `it is for ${nameOf(signer)} and not for ${names.join(" or ")}`;
  if (signer.publicKey.asymmetricKeyType !== "rsa") return "it has no RSA key";
  if (!usesOf(signer)) return "it does not say that it is for servers";
  const usage = readFields(signer)?.keyUsage ?? DIGITAL_SIGNATURE;
  return usage & DIGITAL_SIGNATURE ? null : "it is not for signatures";
}

/** @param authoritiesBelow how many lie between it and the signer */
function authorityProblem(authority: X509Certificate, authoritiesBelow: number): string | null {
  if (!readFields(authority)?.isAuthority) return `it was issued by ${nameOf(authority)}, which is no authority`;
  const pathLength = readFields(authority)?.pathLength ?? MAX_BETWEEN - 1;
  return authoritiesBelow > Math.min(pathLength, MAX_BETWEEN - 1)
    ? `there are more authorities below ${nameOf(authority)} than it allows`
    : null;
}

const nameOf = (one: X509Certificate): string => lastName(one.subject);

/** The common name, which Node writes last; of another's certificate nothing longer is repeated. */
function lastName(distinguished: string): string {
  const last = distinguished.split("\n").at(-1) ?? "";
  return last.slice(last.indexOf("=") + 1).slice(0, 100) || "nobody";
}
