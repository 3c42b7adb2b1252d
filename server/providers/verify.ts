// Verification at the door: a source's auth is compiled once per configuration, then judges each request's raw bytes.
import type { SourceAuthType } from "#server/contracts/source.ts";
import { authSchemes } from "./auth-schemes.ts";
import { type Check, type FetchKey, type Inbound, rejected, type Verification } from "./inbound.ts";
import { providerOfHeader, providerOfType } from "./list.ts";
import type { Provider } from "./provider.ts";

/** A source's auth with its keys ready. It holds secrets: never log or serialise it. */
export interface ResolvedAuth {
  readonly authType: SourceAuthType;
  /** The headers in which a signature is looked for, lower case, in order of preference. */
  readonly signatureHeaders: readonly string[];
  /** The provider of the events, as far as the auth tells; null for a producer no table knows. */
  readonly provider: Provider | null;
  /** The parsed `settings` of the scheme; null when `config.auth` does not fit them. */
  readonly settings: unknown;
  readonly check: Check;
}

/**
 * @param auth `config.auth` of the source with its secrets in clear. One that does not fit its type (an empty secret,
 *   a field lost) refuses every request with a detail for the owner, and does not keep the other sources from loading.
 */
export function prepareAuth(authType: SourceAuthType, auth: unknown): ResolvedAuth {
  const scheme = authSchemes[authType];
  const parsed = scheme.settings.safeParse(auth);
  if (!parsed.success) {
    const isEmpty = typeof auth === "object" && auth !== null && Object.keys(auth).length === 0;
    const detail = isEmpty
      ? `The source has no secret yet, so nothing is accepted: give it the one of ${authType}.`
      : `The source's ${authType} settings are incomplete: save them again.`;
    const check = () => rejected(detail);
    return { authType, provider: providerOfType(authType), signatureHeaders: [], settings: null, check };
  }
  const settings = parsed.data;
  return { authType, ...signerOf(authType, settings), settings, check: scheme.makeCheck(settings) };
}

function signerOf(authType: SourceAuthType, settings: unknown): Pick<ResolvedAuth, "provider" | "signatureHeaders"> {
  if (authType === "HMAC") {
    const header = (settings as { signature_header: string }).signature_header.toLowerCase();
    return { provider: providerOfHeader(header), signatureHeaders: [header] };
  }
  const provider = providerOfType(authType);
  return { provider, signatureHeaders: provider?.headers ?? [] };
}

/** Judges one request by its raw bytes; `nowMs` is Unix time. Never throws, never says more than the owner may read. */
export function verify(
  auth: ResolvedAuth,
  inbound: Inbound,
  nowMs: number,
  fetchKey: FetchKey,
): Verification | Promise<Verification> {
  return auth.check(inbound, nowMs, fetchKey);
}
