// The settings of a destination as they are shown and as they are stored: no secret stands in the clear.
import type { Ctx } from "#server/auth/ctx.ts";
import type { DestinationSettings } from "#server/contracts/destination.ts";
import type { SecretFields } from "#server/crypto/secrets.ts";
import { maskAuth, maskValues, sealSecrets, splitAuth } from "./secret-fields.ts";
import { asJson } from "./transact.ts";

export function maskSettings({ type, config }: DestinationSettings, shown: string | undefined): DestinationSettings {
  const { auth, headers } = config as SecretFields;
  const masked = {
    ...(headers && { headers: maskValues(headers) }),
    ...(auth && { auth: maskAuth(auth, shown) }),
  };
  return { type, config: { ...config, ...masked } } as DestinationSettings;
}

/** The columns that hold the settings. */
export function sealSettings(ctx: Ctx, id: string, { config }: DestinationSettings) {
  const { auth, headers } = config as SecretFields;
  const { clear, secrets } = splitAuth(auth ?? {});
  const hasHeaders = headers !== undefined && Object.keys(headers).length > 0;
  const sealed = hasHeaders ? { ...secrets, headers } : secrets;
  return {
    config: asJson({ ...config, ...(auth && { auth: clear }), ...(headers && { headers: {} }) }),
    secrets: sealSecrets(ctx.app.keyring, "destination", id, sealed),
  };
}
