import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

/** With the refusal of a change: how its resource was changed since the caller had read it, the oldest change first. */
export const ChangedSince = z.object({
  updated_at: Timestamp,
  changes: z.array(
    z.object({
      actor_kind: z.string(),
      actor_id: z.string(),
      actor_name: z.string().nullable().meta({ description: "What the actor is called today." }),
      is_own: z.boolean().meta({ description: "Whether the caller did it, at another place." }),
      action: z.string(),
      fields: z.array(z.string()).meta({ description: "The paths of what changed, such as `config.rate_limit`." }),
      created_at: Timestamp,
    }),
  ),
});
export type ChangedSince = z.infer<typeof ChangedSince>;
