import { z } from "zod";
import { HeaderName } from "#server/contracts/http.ts";
import { proveByHmac } from "./hmac-proof.ts";
import { makeHmacCheck } from "./hmac-scheme.ts";
import { overBody } from "./hmac-shapes.ts";
import { providerOfHeader, unsignedProviderOfHeader } from "./list.ts";
import type { AuthProblem, AuthScheme } from "./provider.ts";
import { headerProblems, secretProblems } from "./secret-problem.ts";
import { ToleranceSeconds, TwoSecrets } from "./settings.ts";

/** A header no provider is known by: SHA-256 over the body, in whichever encoding has the right length. */
export const anyHeader = overBody({ algorithm: "sha256", encoding: null });

const settings = z.strictObject({
  ...TwoSecrets,
  signature_header: HeaderName,
  algorithm: z.enum(["sha1", "sha256", "sha512"]).optional(),
  encoding: z.enum(["hex", "base64", "base64url"]).optional(),
  tolerance_seconds: ToleranceSeconds,
});

function unsignedProblems(header: string): AuthProblem[] {
  const provider = unsignedProviderOfHeader(header);
  if (!provider) return [];
  const message = `Set auth_type to ${provider.name.toUpperCase()}: what it sends in ${header.toLowerCase()} is no HMAC.`;
  return [{ field: "signature_header", message }];
}

/** Plain HMAC: a known provider's header is verified by that provider's construction, any other over the body. */
export const hmac: AuthScheme<typeof settings> = {
  settings,
  rotation: { field: "secret", previous: "previous_secret", made: "token" },
  makeCheck(auth) {
    const header = auth.signature_header.toLowerCase();
    return makeHmacCheck(providerOfHeader(header)?.hmac ?? anyHeader, [header], auth);
  },
  prove(auth, draft, made) {
    const header = auth.signature_header.toLowerCase();
    return proveByHmac(providerOfHeader(header)?.hmac ?? anyHeader, header, auth, draft, made);
  },
  problems: (auth) => [
    ...secretProblems(auth, providerOfHeader(auth.signature_header)?.hmac?.key),
    ...headerProblems("signature_header", auth.signature_header),
    ...unsignedProblems(auth.signature_header),
  ],
  secretHeaders: () => [],
};
