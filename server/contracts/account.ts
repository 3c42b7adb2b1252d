import { z } from "zod";
import { Passkey } from "./passkey.ts";

/** How the person who asks gets in. */
export const Account = z.object({
  email: z.string(),
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
  passkeys: z.array(Passkey),
  passkeys_at: z
    .string()
    .nullable()
    .meta({ description: "Where the dashboard has to be open to add one; null: nowhere." }),
});
export type Account = z.infer<typeof Account>;

export const GetAccount = z.object({});
