// The rotation of a secret in `config.auth`: the new one takes its place, and the one before is kept beside it where the
// scheme accepts two.
import { randomBytes } from "node:crypto";
import type { SourceAuthType } from "#server/contracts/source.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import type { SecretRotation } from "#server/providers/provider.ts";
import { type Auth, newSigningSecret } from "./secret-fields.ts";

const MADE = { token: () => randomBytes(32).toString("base64url"), whsec: newSigningSecret };

const DESTINATIONS: Record<string, SecretRotation> = {
  SWITCHYARD_SIGNATURE: { field: "signing_secret", previous: "previous_secret", made: "whsec" },
  CUSTOM_SIGNATURE: { field: "signing_secret", previous: "previous_secret", made: "token" },
  BASIC_AUTH: { field: "password", previous: null, made: null },
  API_KEY: { field: "api_key", previous: null, made: null },
  BODY_KEY: { field: "api_key", previous: null, made: null },
  SECRET_PATH: { field: "url_path", previous: null, made: null },
  BEARER_TOKEN: { field: "token", previous: null, made: null },
};

const rotationOf = (config: Rotated): SecretRotation | null =>
  config.kind === "source" ? authSchemes[config.auth_type].rotation : (DESTINATIONS[config.auth_type] ?? null);

type Rotated =
  | { kind: "source"; auth_type: SourceAuthType; auth: Auth }
  | { kind: "destination"; auth_type: string; auth: Auth };

export interface Rotation {
  /** The fields to merge into `config.auth`. */
  auth: Auth;
  /** The secret that was made, to be shown once; null when it was given. */
  made: string | null;
  isPreviousKept: boolean;
}

/** @throws AppError UNPROCESSABLE when there is no secret to rotate, or the other side has to make it. */
export function rotateAuth(config: Rotated, given: string | undefined): Rotation {
  const slot = rotationOf(config);
  if (!slot)
    throw wrongField(
      "config.auth_type",
      `${config.auth_type} has no secret to rotate; PATCH config.auth_type and config.auth to set one.`,
    );
  const secret = given ?? (slot.made === null ? undefined : MADE[slot.made]());
  if (secret === undefined) {
    throw wrongField("secret", `Give the new secret: with ${config.auth_type} the other side makes it.`);
  }
  const auth: Auth = { [slot.field]: secret };
  const before = config.auth[slot.field];
  if (slot.previous && before !== undefined) auth[slot.previous] = before;
  return {
    auth,
    made: given === undefined ? secret : null,
    isPreviousKept: slot.previous !== null && before !== undefined,
  };
}
