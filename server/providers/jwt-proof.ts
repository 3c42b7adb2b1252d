import type { z } from "zod";
import { headerValues, type Inbound, rejected } from "./inbound.ts";
import { jwtKey, readJwt, signJwt } from "./jwt.ts";
import type { ProviderProof } from "./provider.ts";
import { keysOf, SecretsAlone } from "./settings.ts";

interface JwtShape {
  /** `Bearer `, where the provider writes it. */
  prefix?: string;
  /** What the token is over, in words. */
  covers: string;
  /** The claims tell who sends, and nothing of what was received. */
  isOverSenderAlone?: boolean;
  /** Why the claims do not belong to what was received; null where they do. */
  problem: (claims: Record<string, unknown>, inbound: Inbound) => string | null;
  /** The claims of a sample. */
  claims: (draft: Inbound, nowMs: number) => object;
}

type Settings = z.output<typeof SecretsAlone>;

/** A provider that proves itself by a signed token in a header. The secret is that of an HMAC, or a public key as PEM. */
export function signedByJwt(header: string, shape: JwtShape): ProviderProof<typeof SecretsAlone> {
  const { prefix = "" } = shape;
  return {
    headers: [header],
    hmac: null,
    ...(shape.isOverSenderAlone && { isOverSenderAlone: true }),
    about: `JWT over ${shape.covers}, HS256 or by a public key`,
    settings: SecretsAlone,
    rotation: { field: "secret", previous: "previous_secret", made: null },
    makeCheck: (settings) => makeJwtCheck(header, prefix, shape, settings),
    prove: ({ secret }, draft, { nowMs }) =>
      // Only the provider holds the private key.
      signJwt({}, secret) === null
        ? null
        : {
            kind: "written",
            write(given) {
              const token = signJwt(shape.claims(draft, nowMs), given);
              if (token === null) return null;
              const headers: [string, string][] = [...draft.headers, [header, prefix + token]];
              return { url: draft.urls[0] ?? "", headers, body: draft.body };
            },
          },
    problems: (settings) =>
      (["secret", "previous_secret"] as const).flatMap((field) => {
        const secret = settings[field];
        const message = "Give the HMAC secret, or an RSA, EC P-256 or Ed25519 public key as PEM. This is none of them.";
        return secret && !jwtKey(secret) ? [{ field, message }] : [];
      }),
    secretHeaders: () => [],
  };
}

function makeJwtCheck(header: string, prefix: string, { problem, isOverSenderAlone }: JwtShape, settings: Settings) {
  const kind = isOverSenderAlone ? ("authenticated" as const) : ("verified" as const);
  const keys = keysOf(settings, jwtKey);
  return (inbound: Inbound, nowMs: number) => {
    const [value] = headerValues(inbound, header);
    if (!value) return rejected(`The header ${header} is missing.`);
    let detail = "has no key of this source to be checked by: save the provider's secret again.";
    for (const { with: by, key } of keys) {
      const read = readJwt(value.startsWith(prefix) ? value.slice(prefix.length) : "", key, nowMs);
      if (read.kind === "invalid") {
        detail = read.detail;
        continue;
      }
      const wrong = problem(read.claims, inbound);
      return wrong === null ? { kind, with: by } : rejected(`The token in ${header} ${wrong}`);
    }
    return rejected(`The token in ${header} ${detail}`);
  };
}
