import { z } from "zod";
import { CHANGE_FIELDS } from "./resource-fields.ts";
import { Secret } from "./secret.ts";

/** The current secret becomes the previous one and stays valid until it is cleared. Without `secret` a new one is made. */
export const RotateSecret = z.strictObject({ ...CHANGE_FIELDS, secret: Secret.optional() });
export type RotateSecret = z.infer<typeof RotateSecret>;

export const RotatedSecret = z.object({
  id: z.string(),
  secret: z.string().nullable().meta({ description: "The secret that was made, shown once; null where you gave it." }),
  previous_is_valid: z.boolean().meta({
    description: "Whether the secret before still works; end it by PATCHing it to null in `config.auth`.",
  }),
});
export type RotatedSecret = z.infer<typeof RotatedSecret>;
