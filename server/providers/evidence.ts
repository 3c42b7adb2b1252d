// The visible part of a request's signature, read without any secret: whether there is one, when it was made, whether it
// has the form of one. It is for the owner, who asks why a request was refused.
import type { SourceAuthType } from "#server/contracts/source.ts";
import { authSchemes } from "./auth-schemes.ts";
import { anyHeader } from "./hmac.ts";
import { decodeCandidates, type Encoding, type HmacScheme } from "./hmac-scheme.ts";
import { headerValues, type Inbound } from "./inbound.ts";
import { providerOfHeader, providerOfType } from "./list.ts";

export interface SignatureEvidence {
  /** Where it may stand. */
  headers: readonly string[];
  /** The header that was there, and its value; null where none was. */
  found: { header: string; value: string } | null;
  /** Why it cannot be read; null where it can. */
  problem: string | null;
  /** Whether something in it has the length and letters of a digest; null where it is no digest. */
  isDigest: boolean | null;
  /** `sha256 in hex`. */
  form: string;
  /** The time under the signature; null where there is none. */
  timestampMs: number | null;
  toleranceSeconds: number | null;
}

/** The scheme by which a source of these settings reads a signature, and where it looks for it. */
function schemeOf(
  authType: SourceAuthType,
  auth: Record<string, unknown>,
): { headers: readonly string[]; scheme: HmacScheme | null; tokenHeader?: string | undefined } {
  if (authType === "HMAC") {
    const header = String(auth.signature_header ?? "").toLowerCase();
    return { headers: [header], scheme: providerOfHeader(header)?.hmac ?? anyHeader };
  }
  const provider = providerOfType(authType);
  if (provider) return { headers: provider.headers, scheme: provider.hmac, tokenHeader: provider.tokenHeader };
  return { headers: authSchemes[authType].secretHeaders(auth), scheme: null };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** @param auth `config.auth` of the source; its secrets are not looked at. Null where the source asks for no proof. */
export function signatureEvidence(
  authType: SourceAuthType,
  auth: Record<string, unknown>,
  inbound: Inbound,
): SignatureEvidence | null {
  const { headers, scheme, tokenHeader } = schemeOf(authType, auth);
  if (headers.length === 0) return null;
  const header = headers.find((name) => headerValues(inbound, name).length > 0);
  const values = header === undefined ? [] : headerValues(inbound, header);
  const found = header === undefined ? null : { header, value: values.join(", ") };
  const nothing = {
    headers,
    found,
    problem: null,
    isDigest: null,
    form: "",
    timestampMs: null,
    toleranceSeconds: null,
  };
  if (header === undefined || header === tokenHeader || scheme === null) return nothing;
  return { ...nothing, ...readForm(scheme, auth, inbound, header, values) };
}

function readForm(
  scheme: HmacScheme,
  auth: Record<string, unknown>,
  inbound: Inbound,
  header: string,
  values: readonly string[],
): Partial<SignatureEvidence> {
  const algorithm = (textOf(auth.algorithm) ?? scheme.algorithm) as HmacScheme["algorithm"];
  const encoding = (textOf(auth.encoding) ?? scheme.encoding) as Encoding | null;
  const tolerance = typeof auth.tolerance_seconds === "number" ? auth.tolerance_seconds : scheme.toleranceSeconds;
  const form = `${algorithm} in ${encoding ?? "hex or base64"}`;
  const reading = scheme.read(inbound, header, values);
  if (reading.kind === "unreadable") return { problem: reading.detail, form };
  return {
    form,
    isDigest: decodeCandidates(reading.candidates, algorithm, encoding).length > 0,
    timestampMs: reading.messages[0]?.timestampMs ?? null,
    toleranceSeconds: tolerance,
  };
}
