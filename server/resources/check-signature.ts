import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { CheckedSignature, CheckSignature } from "#server/contracts/check-signature.ts";
import { DestinationAuth, type DestinationSettings } from "#server/contracts/destination.ts";
import { openDestination } from "./destinations.ts";
import { judgeSignature, type Signing } from "./judge-signature.ts";

function secretsOf(
  current: string | undefined,
  previous: string | null | undefined,
  keyOf: (secret: string) => Buffer,
) {
  const named = [
    { name: "current" as const, secret: current },
    { name: "previous" as const, secret: previous },
  ];
  return named.flatMap(({ name, secret }) => (secret ? [{ name, key: keyOf(secret) }] : []));
}

/** Null where deliveries carry no signature. */
function signingOf({ type, config }: DestinationSettings): Signing | null {
  if (type !== "HTTP") return null;
  const { auth_type: authType, auth } = config;
  if (authType === "SWITCHYARD_SIGNATURE") {
    const { signing_secret, previous_secret } = DestinationAuth.SWITCHYARD_SIGNATURE.parse(auth);
    const keyOf = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const secrets = secretsOf(signing_secret, previous_secret, keyOf);
    return { kind: "standard", algorithm: "sha256", encoding: "base64", secrets };
  }
  if (authType === "CUSTOM_SIGNATURE") {
    const { algorithm, encoding, ...own } = DestinationAuth.CUSTOM_SIGNATURE.parse(auth);
    const keyOf = (secret: string) => Buffer.from(secret, "utf8");
    return { kind: "custom", algorithm, encoding, secrets: secretsOf(own.signing_secret, own.previous_secret, keyOf) };
  }
  return null;
}

const UNSIGNED = "Deliveries to this destination carry no signature.";

/** Which part of a signature that a receiver got does not fit. Nothing of a secret is in the answer. */
export async function checkSignature(ctx: Ctx, { id, ...received }: CheckSignature): Promise<CheckedSignature> {
  requireCan(ctx, "destination.write");
  const { settings, unusable } = await openDestination(ctx, id);
  const now = ctx.app.now();
  const checked_at = now.toISOString();
  const signing = unusable === null ? signingOf(settings) : null;
  if (!signing) return { fits: null, parts: [], says: unusable ?? UNSIGNED, checked_at };
  return { ...judgeSignature(signing, received, now.getTime()), checked_at };
}
