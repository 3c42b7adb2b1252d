import type { AuthScheme } from "./provider.ts";
import { sentSecretProblems } from "./secret-problem.ts";
import { SecretsAlone } from "./settings.ts";
import { makeEqualityCheck } from "./shared-secret.ts";

/**
 * A provider that sends a shared token as it is.
 *
 * @param header where the token stands alone, lower case
 */
export function sharedToken(
  header: string,
): AuthScheme<typeof SecretsAlone> & { headers: readonly string[]; hmac: null } {
  return {
    headers: [header],
    hmac: null,
    settings: SecretsAlone,
    rotation: { field: "secret", previous: "previous_secret", made: "token" },
    makeCheck: ({ secret, previous_secret }) =>
      makeEqualityCheck(header, { secret, previousSecret: previous_secret ?? null }, (value) =>
        Buffer.from(value, "latin1"),
      ),
    prove: () => ({ kind: "token", header }),
    problems: sentSecretProblems,
    secretHeaders: () => [header],
  };
}
