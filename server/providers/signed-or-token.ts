// Providers that send a token, sign with a secret, or do both, as the owner of the webhook has chosen there.
import type { z } from "zod";
import { proveByHmac } from "./hmac-proof.ts";
import { type HmacScheme, type HmacSettings, makeHmacCheck } from "./hmac-scheme.ts";
import { type Check, firstHeader, rejected } from "./inbound.ts";
import { type KeyFormat, keyBytes } from "./key-format.ts";
import type { AuthProblem, ProviderProof, SecretRotation } from "./provider.ts";
import { secretProblems, sentSecretProblems } from "./secret-problem.ts";
import { sharedToken } from "./shared-token.ts";
import { signedBy } from "./signed.ts";

/**
 * A request that is signed with the secret is verified; one that brings the secret itself is authenticated. Either way the
 * sender knows the secret, so neither is a way around the other. A signature that is right and late stays refused, whatever token
 * stands beside it.
 *
 * @param signatureHeaders lower case, in order of preference
 * @param tokenHeader where the token stands alone, lower case
 */
export function signedOrToken(
  signatureHeaders: readonly string[],
  hmac: HmacScheme,
  tokenHeader: string,
  made: SecretRotation["made"] = "token",
): ProviderProof<z.ZodType<HmacSettings>> & { hmac: HmacScheme; tokenHeader: string } {
  const signed = signedBy(signatureHeaders, hmac, made);
  const token = sharedToken(tokenHeader, { made });
  return {
    ...signed,
    headers: [...signatureHeaders, tokenHeader],
    tokenHeader,
    isOverSenderAlone: true,
    about: `${signed.about}, or a token in a header, checked by equality`,
    makeCheck(auth) {
      const { secret, previous_secret, ended_secret } = auth;
      const byToken = token.makeCheck({ secret, previous_secret, ended_secret });
      return eitherOf(signatureHeaders, makeHmacCheck(hmac, signatureHeaders, auth), tokenHeader, byToken);
    },
    prove: (auth, draft, made) =>
      isKey(auth.secret, hmac.key)
        ? proveByHmac(hmac, signatureHeaders[0] ?? "", auth, draft, made)
        : token.prove({ secret: auth.secret }, draft, made),
    problems: (auth) => problemsOf(auth, hmac.key),
    secretHeaders: token.secretHeaders,
  };
}

function eitherOf(signatureHeaders: readonly string[], bySignature: Check, tokenHeader: string, byToken: Check): Check {
  return (inbound, ...rest) => {
    const isSigned = signatureHeaders.some((name) => firstHeader(inbound, name) !== undefined);
    const isTokenSent = firstHeader(inbound, tokenHeader) !== undefined;
    if (!isSigned && !isTokenSent)
      return rejected(`The header ${signatureHeaders.join(" or ")} is missing, and so is ${tokenHeader}.`);
    if (!isSigned) return byToken(inbound, ...rest);
    const judged = bySignature(inbound, ...rest);
    const isForged = "kind" in judged && judged.kind === "rejected" && judged.cause === "VERIFICATION_FAILED";
    if (!isForged || !isTokenSent) return judged;
    const authenticated = byToken(inbound, ...rest);
    return "kind" in authenticated && authenticated.kind === "authenticated" ? authenticated : judged;
  };
}

/** Whether a secret is written as a key. Any text is one where keys are not written in a way of their own. */
const isKey = (secret: string, format: KeyFormat | undefined): boolean =>
  secret.startsWith(format?.prefix ?? "") && keyBytes(secret, format) !== null;

/** A token may be any text that a header can carry; what begins as a key has to be one. */
function problemsOf({ secret, previous_secret }: HmacSettings, format: KeyFormat | undefined): AuthProblem[] {
  const written = Object.entries({ secret, previous_secret }).filter(([, text]) =>
    text?.startsWith(format?.prefix ?? ""),
  );
  const keys = Object.fromEntries(written) as { secret: string; previous_secret?: string | null };
  return [...sentSecretProblems({ secret, previous_secret }), ...secretProblems(keys, format)];
}
