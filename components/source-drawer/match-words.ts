// The secret that a request matched, as its source has it now. Pure.
import type { RequestSummary } from "#server/contracts/request.ts";
import type { SecretUses } from "#server/contracts/secret-uses.ts";

type Matched = Pick<RequestSummary, "verification" | "verified_with" | "created_at">;

/** @param uses the secrets of the source; undefined while they are not known. A rotation may have begun or ended since the request came. */
export function matchWords({ verification, verified_with, created_at }: Matched, uses: SecretUses["data"] | undefined) {
  if (verified_with === null)
    return verification === "authenticated"
      ? "not asked for: an API key came with it"
      : "not asked for: anybody who knows the URL can send";
  if (uses === undefined) return "…";
  const secret = uses.find(({ secret }) => secret === verified_with);
  const isStillSo = secret !== undefined && (secret.since === null || created_at >= secret.since);
  const which = verified_with === "secret" ? "the secret" : "the previous secret";
  if (isStillSo) return verification === "verified" ? `matches ${which}` : `the token is ${which}`;
  return verification === "verified" ? "matched the secret of then" : "the token was the secret of then";
}
