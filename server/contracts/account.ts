import { z } from "zod";

/** How the person who asks gets in. */
export const Account = z.object({
  email: z.string(),
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
});
export type Account = z.infer<typeof Account>;

export const GetAccount = z.object({});
