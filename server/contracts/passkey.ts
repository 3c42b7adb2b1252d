import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

export const PasskeyName = z
  .string()
  .trim()
  .min(1, "Give the passkey a name.")
  .max(100, "Give the passkey a name of at most 100 characters.");

/** A passkey as its person sees it. */
export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  is_backed_up: z.boolean().meta({ description: "Kept by a provider of passkeys too, so it outlives the device." }),
  last_used_at: Timestamp.nullable(),
  created_at: Timestamp,
});
export type Passkey = z.infer<typeof Passkey>;
