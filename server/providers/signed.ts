import { z } from "zod";
import { proveByHmac } from "./hmac-proof.ts";
import { type HmacScheme, type HmacSettings, makeHmacCheck } from "./hmac-scheme.ts";
import type { ProviderProof, SecretRotation } from "./provider.ts";
import { secretProblems } from "./secret-problem.ts";
import { ToleranceSeconds, TwoSecrets } from "./settings.ts";

/** `hex HMAC SHA-256 of time and body, within 300 s` */
function hmacWords({ algorithm, encoding, covers, toleranceSeconds }: HmacScheme): string {
  const digest = `${encoding ?? "hex or base64"} HMAC ${algorithm.toUpperCase().replace("SHA", "SHA-")}`;
  return `${digest} of ${covers}${toleranceSeconds === null ? "" : `, within ${toleranceSeconds} s`}`;
}

/**
 * A provider with a symmetric signature. A tolerance can be set where the scheme has one.
 *
 * @param headers where the signature may stand, lower case, in order of preference
 * @param made the kind of secret that a rotation makes; null where the provider makes its secrets
 */
export function signedBy(
  headers: readonly string[],
  hmac: HmacScheme,
  made: SecretRotation["made"] = null,
): ProviderProof<z.ZodType<HmacSettings>> & { hmac: HmacScheme } {
  return signedBesides(headers, hmac, {}, made);
}

/** Like `signedBy`, for a provider that asks for settings besides its secret, such as those of its handshake. */
export function signedBesides<F extends z.ZodRawShape>(
  headers: readonly string[],
  hmac: HmacScheme,
  fields: F,
  made: SecretRotation["made"] = null,
): ProviderProof<z.ZodType<HmacSettings & z.output<z.ZodObject<F>>>> & { hmac: HmacScheme } {
  const tolerance = hmac.toleranceSeconds === null ? {} : { tolerance_seconds: ToleranceSeconds };
  const settings = z.strictObject({ ...TwoSecrets, ...tolerance, ...fields });
  return {
    headers,
    hmac,
    about: hmacWords(hmac),
    settings: settings as unknown as z.ZodType<HmacSettings & z.output<z.ZodObject<F>>>,
    rotation: { field: "secret", previous: "previous_secret", made },
    makeCheck: (auth) => makeHmacCheck(hmac, headers, auth),
    prove: (auth, draft, signature) => proveByHmac(hmac, headers[0] ?? "", auth, draft, signature),
    problems: (auth) => secretProblems(auth, hmac.key),
    secretHeaders: () => [],
  };
}
