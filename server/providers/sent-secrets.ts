// Secrets that a sender proves itself by. They are of use at the door alone, so they are masked before a request is stored,
// shown or sent on.

import type { HeaderList } from "#server/contracts/header-list.ts";
import { MASK, MIN_SECRET_CHARS, maskText } from "#server/contracts/mask.ts";
import { SECRET_AUTH_FIELDS, type SourceAuthType, type SourceType } from "#server/contracts/source.ts";
import { authSchemes } from "./auth-schemes.ts";
import { providerOfType } from "./list.ts";

/** Credentials that are masked whatever the source asks for: they are between the sender and another party. */
const CREDENTIAL_HEADERS = ["authorization", "cookie", "proxy-authorization"];
export interface SentParts {
  path: string;
  query: string;
  headers: HeaderList;
}

/**
 * The headers whose values are masked, in lower case.
 *
 * @param type a provider sends its token also to a source that does not ask for it yet
 */
export function maskedHeaders(
  authType: SourceAuthType,
  auth: Record<string, unknown>,
  type: SourceType = "WEBHOOK",
): Set<string> {
  const ofProvider = providerOfType(type)?.secretHeaders({}) ?? [];
  return new Set([...CREDENTIAL_HEADERS, ...authSchemes[authType].secretHeaders(auth), ...ofProvider]);
}

/** Masks a request's parts; one per version of a source's configuration. Bodies are never changed. */
export function makeSentMask(
  authType: SourceAuthType,
  auth: Record<string, unknown>,
  type?: SourceType,
): (sent: SentParts) => SentParts {
  const names = maskedHeaders(authType, auth, type);
  const lengths = new Set([...names].map((name) => name.length));
  const isSecretName = (name: string) => lengths.has(name.length) && names.has(name.toLowerCase());
  const parameters = new Set([
    ...(authSchemes[authType].secretParameters ?? []),
    ...(type === undefined ? [] : (providerOfType(type)?.secretParameters ?? [])),
  ]);
  const secrets = spellingsOf(auth);

  return ({ path, query, headers }) => ({
    path: maskText(path, secrets),
    query: maskText(maskParameters(query, parameters), secrets),
    headers: headers.map(([name, value]) => [name, isSecretName(name) ? MASK : maskText(value, secrets)]),
  });
}

/** The query with no values of these parameters. A secret there may be spelled in more ways than can be looked for. */
function maskParameters(query: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return query;
  return query
    .split("&")
    .map((pair) => {
      const [name = ""] = new URLSearchParams(`&${pair}`).keys();
      return names.has(name) ? `${pair.split("=", 1)[0]}=${MASK}` : pair;
    })
    .join("&");
}

/** The secrets as they may be written in a header or a URL. */
function spellingsOf(auth: Record<string, unknown>): string[] {
  const secrets = SECRET_AUTH_FIELDS.map((field) => auth[field]).filter(
    (secret): secret is string => typeof secret === "string" && secret.length >= MIN_SECRET_CHARS,
  );
  const spelled = secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]);
  // Of two secrets the longer first: the other may stand within it.
  return [...new Set(spelled)].sort((a, b) => b.length - a.length);
}
