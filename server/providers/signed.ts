import type { z } from "zod";
import { proveByHmac } from "./hmac-proof.ts";
import { type HmacScheme, type HmacSettings, makeHmacCheck } from "./hmac-scheme.ts";
import type { AuthScheme, SecretRotation } from "./provider.ts";
import { secretProblems } from "./secret-problem.ts";
import { SecretsAlone, SecretsAndTolerance } from "./settings.ts";

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
): AuthScheme<z.ZodType<HmacSettings>> & { headers: readonly string[]; hmac: HmacScheme } {
  return {
    headers,
    hmac,
    settings: hmac.toleranceSeconds === null ? SecretsAlone : SecretsAndTolerance,
    rotation: { field: "secret", previous: "previous_secret", made },
    makeCheck: (settings) => makeHmacCheck(hmac, headers, settings),
    prove: (settings, draft, made) => proveByHmac(hmac, headers[0] ?? "", settings, draft, made),
    problems: (settings) => secretProblems(settings, hmac.key),
    secretHeaders: () => [],
  };
}
