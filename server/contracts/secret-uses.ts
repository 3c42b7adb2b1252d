// The secrets of a source, with when each of them was last of use.
import { z } from "zod";
import { VerifiedWith } from "./request.ts";
import { Timestamp } from "./resource-fields.ts";

export const SecretUses = z.object({
  data: z.array(
    z.object({
      secret: VerifiedWith,
      ends_in: z.string().meta({ description: "As it is read, such as `whsec_…f3a9`." }),
      since: Timestamp.nullable().meta({
        description:
          "Since when it is the `secret`, which began a rotation, or the `previous_secret` of the source; null where that is not known.",
      }),
      last_used_at: Timestamp.nullable().meta({
        description: "When a request last matched it; null where none did that is kept and was looked at.",
      }),
      stopped_at: Timestamp.optional().meta({
        description:
          "Set where more requests are kept than one call looks through: the look ended here, and found no use.",
      }),
    }),
  ),
});
export type SecretUses = z.infer<typeof SecretUses>;
