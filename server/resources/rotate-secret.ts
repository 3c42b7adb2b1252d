// What rotation does to `config.auth`: the new secret in, the one before beside it where the scheme accepts two.
import { randomBytes } from "node:crypto";
import { wrongField } from "#server/errors/field-issues.ts";
import { type Auth, newSigningSecret } from "./secret-fields.ts";

interface Slot {
  field: string;
  /** Where the secret before is kept valid; null where the other side accepts only one. */
  previous: string | null;
  /** Makes a secret when none is given; null where the other side makes it. */
  make: (() => string) | null;
}

const newToken = () => randomBytes(32).toString("base64url");
const signed = (make: Slot["make"]): Slot => ({ field: "secret", previous: "previous_secret", make });

const SLOTS: Record<"source" | "destination", Record<string, Slot>> = {
  source: {
    HMAC: signed(newToken),
    STANDARD_WEBHOOKS: signed(newSigningSecret),
    GITHUB: signed(newToken),
    STRIPE: signed(null),
    SHOPIFY: signed(null),
    TWILIO: signed(null),
    SLACK: signed(null),
    BASIC_AUTH: { field: "password", previous: "previous_password", make: newToken },
    API_KEY: { field: "api_key", previous: "previous_api_key", make: newToken },
  },
  destination: {
    SWITCHYARD_SIGNATURE: { field: "signing_secret", previous: "previous_secret", make: newSigningSecret },
    CUSTOM_SIGNATURE: { field: "signing_secret", previous: "previous_secret", make: newToken },
    BASIC_AUTH: { field: "password", previous: null, make: null },
    API_KEY: { field: "api_key", previous: null, make: null },
    BEARER_TOKEN: { field: "token", previous: null, make: null },
  },
};

export interface Rotation {
  /** What to merge into `config.auth`. */
  auth: Auth;
  /** The secret that was made, to be shown once; null when it was given. */
  made: string | null;
  isPreviousKept: boolean;
}

/** @throws AppError UNPROCESSABLE when there is no secret to rotate, or the other side has to make it. */
export function rotateAuth(
  kind: "source" | "destination",
  config: { auth_type: string; auth: Auth },
  given: string | undefined,
): Rotation {
  const slot = SLOTS[kind][config.auth_type];
  if (!slot)
    throw wrongField(
      "config.auth_type",
      `${config.auth_type} has no secret to rotate; PATCH config.auth_type and config.auth to set one.`,
    );
  const secret = given ?? slot.make?.();
  if (secret === undefined) {
    throw wrongField("secret", `Give the new secret: with ${config.auth_type} the other side makes it.`);
  }
  const auth: Auth = { [slot.field]: secret };
  if (slot.previous) auth[slot.previous] = config.auth[slot.field];
  return { auth, made: given === undefined ? secret : null, isPreviousKept: slot.previous !== null };
}
