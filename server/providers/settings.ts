// The shapes of `config.auth` that several schemes share.
import { z } from "zod";
import { Secret } from "#server/contracts/secret.ts";

export const ToleranceSeconds = z.int().min(1).max(86_400).optional().meta({
  description: "How far the signed timestamp may be from now, both ways, in seconds. Default 300.",
});
/**
 * `previous_secret` stays valid beside `secret` while a rotation is under way. `ended_secret` is the last one that was valid
 * before: it admits nobody, and tells the owner who still signs with it.
 */
export const TwoSecrets = {
  secret: Secret,
  previous_secret: Secret.nullable().optional(),
  ended_secret: z.string().nullable().optional(),
};
export const SecretsAlone = z.strictObject(TwoSecrets);

/** The keys of the secrets that are valid: what `read` makes of each, but for those that it makes nothing of. */
export function keysOf<K>(
  settings: { secret: string; previous_secret?: string | null | undefined },
  read: (secret: string) => K | null,
): { with: "secret" | "previous_secret"; key: K }[] {
  return (["secret", "previous_secret"] as const).flatMap((field) => {
    const secret = settings[field];
    const key = secret ? read(secret) : null;
    return key === null ? [] : [{ with: field, key }];
  });
}
